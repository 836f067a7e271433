"""Every row is a test row: for published protocols that evaluate on a whole corpus."""

from typing import ClassVar

import polars as pl

from registry.frozen import Frozen, Text


class AllTest(Frozen):
    version: ClassVar[int] = 1
    afterwards: ClassVar[bool] = False
    outside: ClassVar[str] = ""
    group: Text | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """None: nothing is to be read."""
        return ()

    @property
    def promised(self) -> tuple[str, ...]:
        return ("test",)

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        return pl.repeat("test", rows.height, eager=True).alias("split")
