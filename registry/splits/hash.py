"""Split by a hash of the row key: stable under growth, row order, threads and machines; ratios hold on average.

A ratio that is not written is its default: 0.8 of the rows for train, 0.1 for validation, 0.1 for test. To have no
validation rows, write `validation: 0`. Rows with one key, such as all of a group, go into one split.
"""

import math
from typing import ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from registry.digest import hashed
from registry.frozen import Frozen, Text


class Ratios(Frozen):
    train: float = Field(0.8, ge=0, le=1)
    validation: float = Field(0.1, ge=0, le=1)
    test: float = Field(0.1, ge=0, le=1)

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        total = self.train + self.validation + self.test
        if not math.isclose(total, 1, abs_tol=1e-9):
            unwritten = [f"{name} {share:g}" for name, share in self if name not in self.model_fields_set]
            defaults = f" with {' and '.join(unwritten)}, the default of what is not written" if unwritten else ""
            raise ValueError(f"the ratios add up to {total:.9g}{defaults}; they must add up to 1")
        return self


class Hash(Frozen):
    """A row goes where sha256(seed, key), read as a fraction, falls: [0, test), [test, test + validation), rest."""

    version: ClassVar[int] = 1
    ratios: Ratios = Ratios()
    seed: int = 13
    group: Text | None = None

    @property
    def column(self) -> None:
        """The key decides."""

    @property
    def promised(self) -> tuple[str, ...]:
        return tuple(name for name, share in self.ratios if share > 0)

    def fractions(self, keys: pl.Series) -> pl.Series:
        """Where each key falls, from 0 to below 1."""
        # 15 hex digits are 60 bits: exact in a signed 64-bit integer, and far finer than any ratio.
        return hashed(keys, f"split:{self.seed}").str.slice(0, 15).str.to_integer(base=16) / 2**60

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
