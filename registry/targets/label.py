"""One label of a closed set."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form


class Label:
    dtype: ClassVar[pl.DataType] = pl.String()
    closed: ClassVar[bool] = True
    forms: ClassVar[tuple[Form, ...]] = ("single", "preference", "scale")
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        """An empty field of a CSV is no label."""
        texts = column.cast(pl.String)
        return texts.to_frame("label").select(pl.when(pl.col("label").str.strip_chars() != "").then("label")).to_series()

    def read(self, spelled: pl.Series) -> pl.Series:
        return spelled

    def labels(self, spelled: pl.Series) -> pl.Series:
        return spelled.to_frame("label").select(pl.concat_list("label")).to_series()
