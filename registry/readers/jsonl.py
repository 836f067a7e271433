"""JSON Lines: one object a line; the columns are all keys that occur, in order of first sight.

A column has one type over the whole file: what `registry.reading.jsonrows` sees to.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.reading.formats import utf8
from registry.reading.lines import lines


class Jsonl(Frozen):
    """A file of JSON objects, one a line."""

    version: ClassVar[int] = 1

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All objects in order; a key that an object lacks is missing in its row. Blank lines hold no row."""
        from registry.reading.jsonrows import rows

        with utf8(path, encoding) as text:
            return rows(text, lambda line: f"{path}:{line}" if line else str(path))

    def parts(self, path: Path, encoding: str) -> Iterator[pl.DataFrame]:
        """Objects of texts, numbers and truth values; nested ones need the whole file."""
        from registry.reading.jsonrows import flat

        with utf8(path, encoding) as text:
            yield from flat(text)

    def line(self, path: Path, encoding: str, row: int) -> int:
        return int((lines(path, encoding).str.strip_chars() != "").arg_true()[row]) + 1
