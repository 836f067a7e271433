"""Texts that are too short or too long leave; of pairs, both must fit."""

from typing import Any, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from registry.frozen import Frozen
from registry.op import leave
from registry.text import inputs


class Length(Frozen):
    """Characters are Unicode code points, so that a Chinese character counts one."""

    min_chars: int = Field(1, ge=0)
    max_chars: int | None = Field(None, ge=1)

    version: ClassVar[int] = 1
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({"min_chars": 3}, "ok", None),
        ({"min_chars": 3}, "很好吃", "很好吃"),
        ({"max_chars": 3}, "long", None),
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_chars is not None and self.max_chars < self.min_chars:
            raise ValueError("max_chars must not be below min_chars")
        return self

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            chars = pl.col(name).str.len_chars()
            rows = rows.with_columns(leave(chars < self.min_chars, f"under {self.min_chars} characters"))
            if self.max_chars is not None:
                rows = rows.with_columns(leave(chars > self.max_chars, f"over {self.max_chars} characters"))
        return rows
