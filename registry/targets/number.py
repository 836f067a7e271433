"""A number: a rating, a grade, how alike two texts are."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form
from registry.errors import UserError, clipped
from registry.target import filled, refuse_type


class Number:
    closed: ClassVar[bool] = False
    forms: ClassVar[tuple[Form, ...]] = ("scale",)
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        """UserError for what is no finite number."""
        if column.dtype.is_nested() or column.dtype == pl.Boolean:
            raise refuse_type(column, "a number", "Compute one in `select:`.")
        texts = filled(column) if column.dtype == pl.String else column
        numbers = texts.cast(pl.Float64, strict=False)
        wrong = texts.is_not_null() & ~numbers.is_finite().fill_null(value=False)
        if wrong.any():
            first = clipped(str(texts.filter(wrong)[0]), 40)
            what = f'the column "{column.name}" holds {first!r}, which is no finite number'
            raise UserError(what, do="Leave such rows out in `select:`, or give them null.")
        return numbers.cast(pl.String)

    def read(self, spelled: pl.Series) -> pl.Series:
        return spelled.cast(pl.Float64)
