"""Every row is a test row: for published protocols that evaluate on a whole corpus."""

from typing import ClassVar

import polars as pl

from registry.frozen import Frozen, Text


class AllTest(Frozen):
    version: ClassVar[int] = 1
    group: Text | None = None

    @property
    def column(self) -> None:
        """Nothing is to be read."""

    @property
    def promised(self) -> tuple[str, ...]:
        return ("test",)

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        return pl.repeat("test", rows.height, eager=True).alias("split")
