"""Parquet: columns and types as they are in the file. It has no text encoding to declare."""

from pathlib import Path
from typing import ClassVar

import polars as pl

from registry.errors import UserError, clipped
from registry.frozen import Frozen


class Parquet(Frozen):
    """A Parquet file."""

    version: ClassVar[int] = 1

    def read(self, path: Path, encoding: str) -> pl.DataFrame:  # noqa: ARG002 - part of the contract
        """All rows of the file."""
        try:
            # An open file: given a path, polars would take `*` and `[` in it for a pattern.
            with path.open("rb") as file:
                return pl.read_parquet(file, hive_partitioning=False)
        except OSError as error:
            raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            what = f"is not a Parquet file that can be read: {clipped(str(error))}"
            raise UserError(what, where=str(path), do="Check `format:` and that the file is whole.") from None
