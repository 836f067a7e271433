"""Plain text in a column `text`: one row a line, or one row for the whole file.

A line ends with LF or CR LF; a final line end starts no further row. Blank lines are rows with empty text, so
that counts add up: the build drops them with a reason.
"""

from pathlib import Path
from typing import ClassVar

import polars as pl
from pydantic import Field

from registry.frozen import Frozen
from registry.reading.formats import decoded
from registry.reading.lines import lines


class Text(Frozen):
    """Lines of a text file, or the file as one text."""

    version: ClassVar[int] = 1
    whole: bool = Field(default=False, description="the whole file is one row, as it is")

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All lines in order; an empty file has none, but is one empty text where it is taken whole."""
        if self.whole:
            return pl.DataFrame({"text": ["".join(decoded(path, encoding))]})
        return lines(path, encoding).to_frame()

    def line(self, path: Path, encoding: str, row: int) -> int | None:  # noqa: ARG002 - each line is a row
        return None if self.whole else row + 1
