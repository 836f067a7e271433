"""Texts that are too short or too long leave; of pairs, both must fit."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from registry.frozen import Frozen
from registry.op import leave
from registry.text import inputs
from registry.texts import words


class Length(Frozen):
    """Characters are Unicode code points, so that a Chinese character counts one; words are those of
    `registry.texts.words`: between white space, and each Han or Kana character by itself."""

    min_chars: int = Field(1, ge=0)
    max_chars: int | None = Field(None, ge=1)
    min_words: int | None = Field(None, ge=1)
    max_words: int | None = Field(None, ge=1)

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({"min_chars": 3}, "ok", None),
        ({"min_chars": 3}, "很好吃", "很好吃"),
        ({"max_chars": 3}, "long", None),
        ({"min_words": 3}, "good enough", None),
        ({"min_words": 3, "max_words": 3}, "很好吃。", "很好吃。"),
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_chars is not None and self.max_chars < self.min_chars:
            raise ValueError("max_chars must not be below min_chars")
        if self.min_words is not None and self.max_words is not None and self.max_words < self.min_words:
            raise ValueError("max_words must not be below min_words")
        return self

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            for where, reason in self._rules(pl.col(name)):
                rows = rows.with_columns(leave(where, reason))
        return rows

    def _rules(self, text: pl.Expr) -> Iterator[tuple[pl.Expr, str]]:
        chars = text.str.len_chars()
        yield chars < self.min_chars, f"under {self.min_chars} characters"
        if self.max_chars is not None:
            yield chars > self.max_chars, f"over {self.max_chars} characters"
        if self.min_words is not None:
            yield words.count(text) < self.min_words, f"under {self.min_words} words"
        if self.max_words is not None:
            yield words.count(text) > self.max_words, f"over {self.max_words} words"
