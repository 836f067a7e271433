"""Some of the rows: a share of them, or so many, drawn by `seed` and each row's id.

With `share` each row is drawn by itself, so that it stays or leaves whatever other rows there are, and the share holds
on average. With `rows` there are so many; `per_class: true` counts them for each label. A smaller sample is a part of a
larger one of the same seed.
"""

from typing import Any, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from registry.frozen import Frozen
from registry.op import Links, leave, staying
from registry.placing.lottery import drawn, fractions

REASON = "not in the sample"


class Sample(Frozen):
    """Rows without a label are no class: `per_class` leaves them to what comes after."""

    rows: int | None = Field(None, ge=1)
    share: float | None = Field(None, gt=0, lt=1)
    per_class: bool = False
    seed: int = 13

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({"rows": 1}, "alone", "alone"),
        ({"rows": 2, "per_class": True}, "alone", "alone"),
        ({"share": 1e-12}, "alone", None),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.rows is None) == (self.share is None):
            raise ValueError("needs `rows` or `share`, one of them")
        if self.per_class and self.rows is None:
            raise ValueError("`per_class` counts `rows`; a share is the same in every class already")
        return self

    def keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Nothing of the texts."""
        return rows.select()

    def links(self, keys: pl.DataFrame) -> Links:  # noqa: ARG002 - nothing is compared
        return {}

    def settle(self, rows: pl.DataFrame, links: Links) -> pl.DataFrame:  # noqa: ARG002
        if self.share is not None:
            outside = fractions(rows["id"], f"sample:{self.seed}") >= self.share
            return rows.with_columns(leave(pl.lit(outside), REASON))
        counted = staying() & pl.col("label").is_not_null() if self.per_class else staying()
        rows = rows.with_columns(_drawn=drawn(rows["id"], f"sample:{self.seed}"))
        order = pl.when(counted).then("_drawn").rank("ordinal")
        nth = order.over("label") if self.per_class else order
        return rows.with_columns(leave(nth > self.rows, REASON)).drop("_drawn")
