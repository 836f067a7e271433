"""Percent agreement: of all pairs of votes on an item the share that are equal, on average over items.

Not corrected for chance: two who always say the more frequent label agree fully.
"""

from typing import ClassVar

from registry.annotation.spec import FORMS, Form, Level
from registry.annotation.tally import over_pairs, ratio, tallied
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class Percent(Frozen):
    """The share of equal pairs; every item weighs the same."""

    forms: ClassVar[tuple[Form, ...]] = FORMS
    levels: ClassVar[tuple[Level, ...]] = ()
    raters: ClassVar[int | None] = None
    source: ClassVar[str] = 'Fleiss 1971, "Measuring nominal scale agreement among many raters" (its observed part)'

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 2): the share of equal pairs, and 1, where there is a pair."""
        return over_pairs(votes, tallied(votes).agreeing)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...)."""
        return ratio(totals[..., 0], totals[..., 1])
