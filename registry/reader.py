"""The contract of a reader: one raw file to a table of rows in file order."""

from pathlib import Path
from typing import ClassVar, Protocol

import polars as pl


class Reader(Protocol):
    """A frozen value, written in a card under `format`. `version` changes when it reads a file differently."""

    version: ClassVar[int]

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All rows of the file, none left out. UserError names the line that cannot be read."""
