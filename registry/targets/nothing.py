"""No target: the inputs say all there is to predict."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form


class Nothing:
    closed: ClassVar[bool] = False
    forms: ClassVar[tuple[Form, ...]] = ()
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        return column

    def read(self, spelled: pl.Series) -> pl.Series:
        return spelled
