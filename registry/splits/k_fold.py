"""Cross-validation: every train row is in one of `folds` equal parts, `repeats` times over.

Folds are dealt like exact ratios: spread evenly by `by` (`label` unless written), whole groups and clusters in one
fold. All rows are train rows, but for the share that `test` holds out of every fold.
"""

from typing import ClassVar

import polars as pl
from pydantic import Field

from registry.errors import UserError, plural
from registry.frozen import Frozen, Text
from registry.placing.strata import LABEL, carried, place


class KFold(Frozen):
    """Each repeat is drawn anew; `seed` decides them all."""

    version: ClassVar[int] = 1
    afterwards: ClassVar[bool] = True
    outside: ClassVar[str] = ""
    folds: int = Field(5, ge=2, le=100)
    repeats: int = Field(1, ge=1, le=100)
    test: float = Field(0.0, ge=0, lt=1, description="the share of rows that is in no fold")
    by: tuple[Text, ...] = Field((LABEL,), description="what is spread evenly: label, and other columns of the data")
    seed: int = 13
    group: Text | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in dict.fromkeys(self.by) if name != LABEL)

    @property
    def promised(self) -> tuple[str, ...]:
        return ("train", "test") if self.test else ("train",)

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        if not self.test:
            return pl.repeat("train", rows.height, eager=True).alias("split")
        places = place(rows, carried(self.by), (self.test, 1 - self.test), f"k-fold:{self.seed}")
        return places.replace_strict({0: "test", 1: "train"}, return_dtype=pl.String).alias("split")

    def fold(self, rows: pl.DataFrame) -> pl.DataFrame:
        """No fold for test rows. UserError where there are fewer sets of rows that belong together than folds."""
        train = rows.filter(self.assign(rows) == "train")
        units = train["_unit"].n_unique()
        if 0 < units < self.folds:
            what = f"{plural(units, 'set')} of rows that belong together cannot fill {self.folds} folds"
            raise UserError(what, do="Lower `folds:`, or add rows with other texts and groups.")
        shares = [1 / self.folds] * self.folds
        found = train.select(
            "id",
            *(
                place(train, carried(self.by), shares, f"k-fold:{self.seed}:{repeat}").alias(f"fold_{repeat}")
                for repeat in range(1, self.repeats + 1)
            ),
        )
        return rows.select("id").join(found, on="id", how="left", maintain_order="left").drop("id")
