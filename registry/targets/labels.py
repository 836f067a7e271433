"""Any number of labels of a closed set, none among them: a sorted list, each once. Null is no answer."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form
from registry.target import read_list, refuse_type, spelled_list


class Labels:
    closed: ClassVar[bool] = True
    forms: ClassVar[tuple[Form, ...]] = ("multi",)
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        """UserError for a column that holds no lists: where one text holds several, SQL can cut it."""
        if not isinstance(column.dtype, pl.List) or column.dtype.inner.is_nested():
            do = "Make one in `select:`, for example string_split(tags, ';') AS labels."
            raise refuse_type(column, "a list of labels", do)
        lists = column.cast(pl.List(pl.String))
        tidy = pl.col("v").list.eval(pl.element().drop_nulls().filter(pl.element().drop_nulls() != "").unique().sort())
        return spelled_list(pl.DataFrame({"v": lists}).select(tidy).to_series())

    def read(self, spelled: pl.Series) -> pl.Series:
        return read_list(spelled, pl.String)

    def labels(self, spelled: pl.Series) -> pl.Series:
        return self.read(spelled)
