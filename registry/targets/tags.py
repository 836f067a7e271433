"""A tag for each token."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form
from registry.target import read_list, refuse_type, spelled_list


class Tags:
    closed: ClassVar[bool] = True
    forms: ClassVar[tuple[Form, ...]] = ()
    beside: ClassVar[str] = "tokens"

    def spelled(self, column: pl.Series) -> pl.Series:
        """UserError for a column that holds no lists."""
        if not isinstance(column.dtype, pl.List) or column.dtype.inner.is_nested():
            do = "The formats `conll` and `tagged` make them; SQL can: string_split(tags, ' ') AS tags."
            raise refuse_type(column, "a list of tags", do)
        return spelled_list(column.cast(pl.List(pl.String)))

    def read(self, spelled: pl.Series) -> pl.Series:
        return read_list(spelled, pl.String)

    def labels(self, spelled: pl.Series) -> pl.Series:
        return self.read(spelled).list.unique()
