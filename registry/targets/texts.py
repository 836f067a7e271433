"""Texts of which any is right; an empty list says that there is no right one. Null is no answer at all."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form
from registry.target import filled, read_list, refuse_type, spelled_list


class Texts:
    closed: ClassVar[bool] = False
    forms: ClassVar[tuple[Form, ...]] = ("text",)
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        """A text alone is the only right one. UserError for other types."""
        if isinstance(column.dtype, pl.List) and column.dtype.inner == pl.String:
            lists = column.list.drop_nulls()
        elif column.dtype.is_nested() or column.dtype == pl.Binary:
            do = "Take it out of its struct in `select:`, for example answers.text AS answers."
            raise refuse_type(column, "a text or a list of texts", do)
        else:
            one = pl.DataFrame({"v": filled(column)})
            lists = one.select(pl.when(pl.col("v").is_not_null()).then(pl.concat_list("v"))).to_series()
        # The order in which right answers are named decides nothing.
        return spelled_list(lists.list.unique().list.sort())

    def read(self, spelled: pl.Series) -> pl.Series:
        """An adjudicated or voted answer is a text alone."""
        given = pl.DataFrame({"v": spelled})
        listed = pl.col("v").str.starts_with("[").fill_null(value=False)
        one = pl.when(pl.col("v").is_not_null()).then(pl.concat_list("v"))
        alone = spelled_list(given.select(one).to_series())
        return read_list(given.select(pl.when(listed).then("v").otherwise(alone)).to_series(), pl.String)
