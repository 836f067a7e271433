"""Plain text: one row a line, in a column `text`.

A line ends with LF or CR LF; a final line end starts no further row. Blank lines are rows with empty text, so
that counts add up: the build drops them with a reason.
"""

from pathlib import Path
from typing import ClassVar

import polars as pl

from registry.formats import decoded
from registry.frozen import Frozen


class Text(Frozen):
    """Lines of a text file."""

    version: ClassVar[int] = 1

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All lines in order; an empty file has none."""
        whole = "".join(decoded(path, encoding))
        if not whole:
            return pl.DataFrame(schema={"text": pl.String})
        # One string that polars splits: a Python string for every line would cost ten times as much.
        lines = pl.Series("text", [whole.removesuffix("\n")], dtype=pl.String).str.split("\n").explode()
        return lines.str.strip_suffix("\r").to_frame()
