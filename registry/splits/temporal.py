"""Train on what was, test on what came later: by a time column, at cut dates or at ratios.

With cut dates (`test: 2021-01-01`, `validation:` before it) each row goes where its own time says, and new rows move no
other; a row at the cut is after it. With `ratios` the cuts lie where they come nearest to them, never between equal
times. `gap: 7d` leaves out the rows of the week before each cut. Where a group or a cluster lies on both sides of a
cut, only its rows in the later split stay.
"""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field, model_validator

from registry.errors import UserError, plural
from registry.frozen import Frozen, Text
from registry.placing.ratios import Ratios
from registry.placing.timestamps import Unit, moments

GAP = "a gap is a number of hours, days or weeks: 12h, 7d or 2w"
HOURS = {"h": 1, "d": 24, "w": 7 * 24}


def _moment(text: str) -> str:
    try:
        _time(text)
    except UserError as error:
        raise ValueError("must be a date such as 2021-01-31, or a time such as 2021-01-31T12:00:00Z") from error
    return text


def _time(text: str) -> datetime:
    found: datetime = moments(pl.Series([text]), "")[0]
    return found


Moment = Annotated[Text, AfterValidator(_moment)]


class Temporal(Frozen):
    """Rows without a time are refused, or leave where `missing: drop`."""

    version: ClassVar[int] = 1
    column: Text = Field(description="the column that holds the time")
    validation: Moment | None = Field(None, description="the first moment of the validation split")
    test: Moment | None = Field(None, description="the first moment of the test split")
    ratios: Ratios | None = None
    gap: Annotated[Text, Field(pattern=r"^[0-9]{1,5}[hdw]$", description=GAP)] | None = None
    unit: Unit | None = Field(None, description="what numbers count since 1970")
    missing: Literal["refuse", "drop"] = "refuse"
    group: Text | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.ratios and (self.test or self.validation):
            raise ValueError("cut dates and `ratios` exclude each other; write `test:` or `ratios:`")
        if not self.ratios and not self.test:
            raise ValueError("needs a cut date (`test: 2021-01-01`, `validation:` before it) or `ratios:`")
        if self.test and self.validation and not _time(self.validation) < _time(self.test):
            raise ValueError("`validation:` must lie before `test:`")
        return self

    @property
    def afterwards(self) -> bool:
        return self.ratios is not None

    @property
    def outside(self) -> str:
        reasons = (
            f"within {self.gap} before a cut" if self.gap else "",
            "no time" if self.missing == "drop" else "",
            "belongs to rows after a cut" if self.afterwards else "",
        )
        return " or ".join(reason for reason in reasons if reason)

    @property
    def time(self) -> str:
        return self.column

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def promised(self) -> tuple[str, ...]:
        if self.ratios:
            return self.ratios.promised
        return ("train", "validation", "test") if self.validation else ("train", "test")

    def times(self, rows: pl.DataFrame) -> pl.Series:
        """When each row was, as UTC. UserError as `moments`."""
        return moments(rows[f"_by_{self.column}"], self.column, self.unit)

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        """By time; null without one, in a gap, or where a unit reaches into a later split. UserError as `times`."""
        times = self.times(rows)
        if times.null_count() and self.missing == "refuse":
            what = f'the column "{self.column}" has no time in {plural(times.null_count(), "row")}'
            raise UserError(what, do="Fill it in `select:`, or write `missing: drop`.")
        cuts = self._cuts(times)
        time = pl.col("time")
        number = pl.sum_horizontal(pl.lit(0), *(time >= cut for cut in cuts))
        outside = pl.any_horizontal(time.is_null(), *(self._in_gap(time, cut) for cut in cuts))
        placed = pl.DataFrame({"time": times}).select(number=pl.when(~outside).then(number))
        if self.afterwards:
            last = pl.col("number").max().over("_unit")
            placed = placed.with_columns(rows["_unit"]).select(pl.when(pl.col("number") == last).then("number"))
        names = dict(enumerate(self.promised))
        return placed["number"].replace_strict(names, return_dtype=pl.String).alias("split")

    def _in_gap(self, time: pl.Expr, cut: datetime) -> pl.Expr:
        if self.gap is None:
            return pl.lit(value=False)
        gap = timedelta(hours=int(self.gap[:-1]) * HOURS[self.gap[-1]])
        return (time < cut) & (pl.lit(cut) - time <= gap)

    def _cuts(self, times: pl.Series) -> list[datetime]:
        """The first moment of each split but the first."""
        if self.ratios is None:
            return [_time(cut) for cut in (self.validation, self.test) if cut]
        counts = pl.DataFrame({"time": times}).drop_nulls().group_by("time").len().sort("time")
        if 0 < counts.height < len(self.promised):
            what = f'the column "{self.column}" holds {plural(counts.height, "different time")}'
            raise UserError(f"{what}, which cannot fill {len(self.promised)} splits", do="Change `split:`.")
        before = counts["len"].cum_sum().to_numpy() - counts["len"].to_numpy()
        found, first = [], 1
        for place, share in enumerate(np.cumsum([getattr(self.ratios, name) for name in self.promised[:-1]])):
            # Each split to come needs a time of its own.
            last = counts.height - len(self.promised) + place + 2
            first += int(np.abs(before[first:last] - share * len(times.drop_nulls())).argmin()) if counts.height else 0
            found.append(first)
            first += 1
        return [counts["time"][number] for number in found] if counts.height else []
