"""Runs of white space to one space, none at the ends."""

from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs, where


class Whitespace(Frozen):
    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "  a \t b\n", "a b"),
        ({}, "全角\u3000空格", "全角 空格"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(where(_UNEVEN, rows[name], _even) for name in inputs(rows))


_UNEVEN = r"\s\s|[^\S ]|^ | $"


def _even(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(r"\s+", " ").str.strip_chars()
