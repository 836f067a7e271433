"""One label of a closed set."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form
from registry.target import filled, refuse_type


class Label:
    closed: ClassVar[bool] = True
    forms: ClassVar[tuple[Form, ...]] = ("single", "preference", "scale")
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        """UserError for lists, structs and bytes."""
        if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
            do = "Take one value out of it in `select:`, for example tags[1] AS label, or decode(bytes) AS label."
            raise refuse_type(column, "a text, a number, or true or false", do)
        return filled(column)

    def read(self, spelled: pl.Series) -> pl.Series:
        return spelled

    def labels(self, spelled: pl.Series) -> pl.Series:
        return pl.DataFrame({"label": spelled}).select(pl.concat_list("label")).to_series()
