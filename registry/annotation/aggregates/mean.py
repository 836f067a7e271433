"""The arithmetic mean of votes on a scale: every vote pulls as far as it is away."""

from typing import ClassVar

import numpy as np

from registry.annotation.aggregation import Aggregated
from registry.annotation.spec import Form, Ties
from registry.annotation.votes import Votes
from registry.frozen import Frozen


class Mean(Frozen):
    """Whole-number votes sum exactly, so that `aggregate = 0` in a label rule means what it says.

    Others are summed from the lowest to the highest: the same votes in another order have the same mean.
    """

    forms: ClassVar[tuple[Form, ...]] = ("scale",)
    version: ClassVar[int] = 1
    source: ClassVar[str] = ""

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:  # noqa: ARG002 - numbers do not tie
        result = np.full(len(votes.counts), np.nan)
        voted, values = votes.counts > 0, votes.values
        if (values % 1 != 0).any():
            values = values[np.lexsort((values, votes.items))]
        # Items without votes take no room, so the starts of the others bound their votes exactly.
        if voted.any():
            result[voted] = np.add.reduceat(values, votes.offsets[:-1][voted]) / votes.counts[voted]
        return Aggregated(result)
