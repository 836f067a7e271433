"""Exact ratios in every class: the splits differ in size alone, not in what they hold.

It gives up what the default promises: a row that is added or leaves can move others between splits, for the counts of
all decide together. Which rows go where within a class is drawn by `seed`, whatever their order. `by` names what is
spread: `label` unless written, further columns, or nothing (`by: []`) for exact ratios and no more. A row with several
labels counts for each. With `group`, or where cleaning found clusters, what belongs together stays together, and the
ratios hold as nearly as that lets them.
"""

from typing import ClassVar

import polars as pl
from pydantic import Field

from registry.frozen import Frozen, Text
from registry.placing.ratios import Ratios
from registry.placing.strata import LABEL, carried, place
from registry.split import SPLITS


class Stratified(Frozen):
    """Where a share of a class is no whole number of rows, the largest remainders get the rows that are left."""

    version: ClassVar[int] = 1
    afterwards: ClassVar[bool] = True
    outside: ClassVar[str] = ""
    ratios: Ratios = Ratios()
    by: tuple[Text, ...] = Field((LABEL,), description="what is spread evenly: label, and other columns of the data")
    seed: int = 13
    group: Text | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in dict.fromkeys(self.by) if name != LABEL)

    @property
    def promised(self) -> tuple[str, ...]:
        return self.ratios.promised

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        # The strictest first: it wins where two lack equally much.
        names = SPLITS[::-1]
        shares = [getattr(self.ratios, name) for name in names]
        places = place(rows, carried(self.by), shares, f"stratified:{self.seed}")
        return places.replace_strict(dict(enumerate(names)), return_dtype=pl.String).alias("split")
