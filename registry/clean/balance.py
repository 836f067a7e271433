"""As many rows of each class: the frequent ones lose rows until they have no more than the rarest, or than `most`.

Which rows stay is drawn by `seed` and their ids. Only the train split is balanced unless `splits` says otherwise: a
balanced test split no longer tells how a model does on data as they are.
"""

from typing import Any, ClassVar, Literal, get_args

import polars as pl
from pydantic import Field

from registry.errors import UserError
from registry.frozen import Frozen
from registry.op import Links, leave, staying
from registry.placing.lottery import drawn

REASON = "more than its class may have"
SplitName = Literal["train", "validation", "test"]


class Balance(Frozen):
    """Each of the splits is balanced by itself. Rows without a label are no class."""

    most: int | None = Field(None, ge=1, description="rows of each class at most; as many as the rarest has unless set")
    splits: tuple[SplitName, ...] = Field(("train",), min_length=1)
    seed: int = 13

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (({}, "alone", "alone"),)

    def keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Nothing of the texts."""
        return rows.select()

    def links(self, keys: pl.DataFrame) -> Links:  # noqa: ARG002 - nothing is compared
        return {}

    def settle(self, rows: pl.DataFrame, links: Links) -> pl.DataFrame:  # noqa: ARG002
        """UserError where the splits are not known yet, unless all of them are balanced alike."""
        unplaced = rows["_split"].null_count() == rows.height > 0
        if unplaced and set(self.splits) != set(get_args(SplitName)):
            what = f"balance cannot know the {' and '.join(self.splits)} rows: the split is made after cleaning"
            do = "Choose `method: hash` or `given`, or balance them all: `splits: [train, validation, test]`."
            raise UserError(what, do=do)
        here = pl.lit(value=True) if unplaced else pl.col("_split").is_in(self.splits)
        counted = staying() & pl.col("label").is_not_null() & here
        place = ("_split", "label")
        rows = rows.with_columns(_drawn=drawn(rows["id"], f"balance:{self.seed}"))
        rows = rows.with_columns(
            _nth=pl.when(counted).then("_drawn").rank("ordinal").over(place),
            _class=pl.when(counted).then(counted.sum().over(place)),
        )
        most = pl.lit(self.most) if self.most else pl.col("_class").min().over("_split")
        return rows.with_columns(leave(pl.col("_nth") > most, REASON)).drop("_drawn", "_nth", "_class")
