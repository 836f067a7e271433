"""Every row is a test row: for published protocols that evaluate on a whole corpus."""

from typing import ClassVar

import polars as pl

from registry.frozen import Frozen, Text


class AllTest(Frozen):
    version: ClassVar[int] = 1
    group: Text | None = None

    @property
    def promised(self) -> tuple[str, ...]:
        return ("test",)

    def assign(self, key: pl.Series) -> pl.Series:
        return pl.repeat("test", len(key), eager=True).alias("split")
