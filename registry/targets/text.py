"""A text that somebody wrote or said: a summary, a translation, a reply, a transcript."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form
from registry.target import filled, refuse_type


class Text:
    closed: ClassVar[bool] = False
    forms: ClassVar[tuple[Form, ...]] = ("text",)
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        """UserError for lists and the like."""
        if column.dtype.is_nested() or column.dtype == pl.Binary:
            raise refuse_type(column, "a text", "Take one out of it in `select:`, for example turns[2] AS reference.")
        return filled(column)

    def read(self, spelled: pl.Series) -> pl.Series:
        return spelled
