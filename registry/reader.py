"""The contract of a reader: one raw file to a table of rows in file order."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

import polars as pl


class Reader(Protocol):
    """A frozen value, written in a card under `format`. `version` changes when it reads a file differently."""

    version: ClassVar[int]

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All rows of the file, none left out. UserError names the line that cannot be read.

        `encoding` is a codec's name. Formats that declare their own, such as XML and mail, read it as they say there.
        """


@runtime_checkable
class Lined(Protocol):
    """A reader that can tell on which line of the file a row starts."""

    def line(self, path: Path, encoding: str, row: int) -> int | None:
        """The line, from 1, of a row, from 0; None where this file has no lines."""


class UnevenError(Exception):
    """A file cannot be read in parts, for what the parts show does not make one plain table."""


@runtime_checkable
class Streamed(Protocol):
    """A reader that can read a large file in parts."""

    def parts(self, path: Path, encoding: str) -> Iterator[pl.DataFrame]:
        """All rows as `read` gives them, in order. A part may lack a column, or have the type null where it
        has no value of it. UnevenError where only reading the whole can tell what to make of it.
        """
