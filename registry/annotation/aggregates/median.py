"""The median of votes on a scale: one vote far off does not move it."""

from typing import ClassVar

import numpy as np

from registry.annotation.aggregation import Aggregated
from registry.annotation.spec import Form, Ties
from registry.annotation.votes import Votes
from registry.frozen import Frozen


class Median(Frozen):
    """The vote in the middle; of an even number of votes half the sum of the two in the middle."""

    forms: ClassVar[tuple[Form, ...]] = ("scale",)
    version: ClassVar[int] = 1
    source: ClassVar[str] = ""

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:  # noqa: ARG002 - numbers do not tie
        result = np.full(len(votes.counts), np.nan)
        voted = votes.counts > 0
        values = votes.values[np.lexsort((votes.values, votes.items))]
        start, count = votes.offsets[:-1][voted], votes.counts[voted]
        result[voted] = (values[start + (count - 1) // 2] + values[start + count // 2]) / 2
        return Aggregated(result)
