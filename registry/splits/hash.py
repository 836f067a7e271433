"""Split by a hash of the row key: stable under growth, row order, threads and machines; ratios hold on average.

A ratio that is not written is its default: 0.8 of the rows for train, 0.1 for validation, 0.1 for test. To have no
validation rows, write `validation: 0`. Rows with one key, such as all of a group, go into one split.
"""

from typing import ClassVar

import polars as pl

from registry.frozen import Frozen, Text
from registry.placing.lottery import fractions
from registry.placing.ratios import Ratios


class Hash(Frozen):
    """A row goes where sha256(seed, key), read as a fraction, falls: [0, test), [test, test + validation), rest."""

    version: ClassVar[int] = 1
    afterwards: ClassVar[bool] = False
    outside: ClassVar[str] = ""
    ratios: Ratios = Ratios()
    seed: int = 13
    group: Text | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """None: the key decides."""
        return ()

    @property
    def promised(self) -> tuple[str, ...]:
        return self.ratios.promised

    def fractions(self, keys: pl.Series) -> pl.Series:
        """Where each key falls, from 0 to below 1."""
        return fractions(keys, f"split:{self.seed}")

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        fraction = self.fractions(rows["_key"])
        split = (
            pl.when(pl.col("fraction") < self.ratios.test)
            .then(pl.lit("test"))
            .when(pl.col("fraction") < self.ratios.test + self.ratios.validation)
            .then(pl.lit("validation"))
            .otherwise(pl.lit("train"))
        )
        return pl.DataFrame({"fraction": fraction}).select(split.alias("split")).to_series()
