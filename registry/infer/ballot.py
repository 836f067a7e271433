"""Votes that were found in a table: where they stand, what they are, how far they agree."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from registry.annotation.measuring import chosen
from registry.annotation.spec import Form
from registry.annotation.votes import Votes
from registry.infer.profile import Column

WIDEST_SCALE = 100
"""Numbers further apart than this are no steps of a scale."""


class Ballot(NamedTuple):
    """Votes that were found."""

    places: Mapping[str, Any]
    """`votes:` as a card writes it; of rows, without the source."""
    given: pl.DataFrame
    """One row a vote: `id` tells items apart, `vote` is its text."""
    why: str
    used: Mapping[str, str]
    """How SQL calls the columns that hold votes or say whose they are, by name."""
    item: Column | None = None
    """Of rows: which item each is about."""
    decided: Column | None = None
    """What seems to be the outcome of the votes; then they are told of, not taken."""
    sure: bool = True

    @property
    def form(self) -> Form:
        """A scale where all votes are numbers close together, and more than two of them are different."""
        numbers = self.given["vote"].unique().cast(pl.Float64, strict=False)
        is_scale = len(numbers) > 2 and not numbers.null_count() and np.ptp(numbers.to_numpy()) <= WIDEST_SCALE
        return "scale" if is_scale else "single"

    @property
    def alpha(self) -> float:
        """Krippendorff's, whatever the case of letters; nan where no item has two votes or all are equal."""
        vote = pl.col("vote").cast(pl.Float64) if self.form == "scale" else pl.col("vote").str.to_lowercase()
        rows = self.given.group_by("id", maintain_order=True).agg(votes=vote)
        measure = chosen(self.form).measure
        return float(measure.value(measure.terms(Votes.from_columns(rows)).sum(axis=0)))
