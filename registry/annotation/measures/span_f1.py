"""Pairwise F1 of spans or relations: what two annotators marked alike, of all that both marked.

Start, end and label have to be equal. Places that nobody marked do not count, so there is no chance to correct for.
"""

from typing import ClassVar

import numpy as np

from registry.annotation.parts import parts
from registry.annotation.spec import Form, Level
from registry.annotation.tally import ratio, tally
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class SpanF1(Frozen):
    """Taken together over all pairs of votes on an item and all items, so that a long text weighs more."""

    forms: ClassVar[tuple[Form, ...]] = ("spans", "relations")
    levels: ClassVar[tuple[Level, ...]] = ()
    raters: ClassVar[int | None] = None
    source: ClassVar[str] = (
        'Hripcsak and Rothschild 2005, "Agreement, the F-measure, and reliability in information retrieval"'
    )

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 2): over pairs of votes, twice the parts that both have, and the parts that either has."""
        places, sizes = parts(votes).of(votes.values.astype(np.int64))
        both = 2 * tally(np.repeat(votes.items, sizes), places, len(votes.counts)).agreeing
        either = np.maximum(votes.counts - 1, 0) * np.bincount(votes.items, sizes, len(votes.counts))
        return np.column_stack([both, either])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where nobody marked anything."""
        return ratio(totals[..., 0], totals[..., 1])
