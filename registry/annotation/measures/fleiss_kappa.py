"""Fleiss' kappa: pairs of equal votes beyond what the shares of the answers give by chance, for any annotators.

Published for equally many votes on each item. Where their number varies, each item still weighs the same.
"""

from typing import ClassVar

from registry.annotation.chance import beyond_chance, shared, shares
from registry.annotation.spec import Form, Level
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class FleissKappa(Frozen):
    """Chance: two votes drawn from all are equal."""

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference")
    levels: ClassVar[tuple[Level, ...]] = ()
    raters: ClassVar[int | None] = None
    source: ClassVar[str] = 'Fleiss 1971, "Measuring nominal scale agreement among many raters"'

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 4 + columns), as `shares` has them."""
        return shares(votes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 4 + columns) -> (...); nan where all votes are equal."""
        found = shared(totals)
        return beyond_chance(1 - found.observed, 1 - found.meeting)
