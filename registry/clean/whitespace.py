"""Runs of white space to one space, none at the ends."""

from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs


class Whitespace(Frozen):
    version: ClassVar[int] = 1
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "  a \t b\n", "a b"),
        ({}, "全角\u3000空格", "全角 空格"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(pl.col(inputs(rows)).str.replace_all(r"\s+", " ").str.strip_chars())
