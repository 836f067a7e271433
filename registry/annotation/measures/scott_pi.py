"""Scott's pi: the agreement of two annotators beyond chance, where both are taken to prefer the same answers."""

from typing import ClassVar

from registry.annotation.chance import beyond_chance, shared, shares
from registry.annotation.spec import Form, Level
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class ScottPi(Frozen):
    """Chance: two answers of the pair, whoever gave them, are equal."""

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference")
    levels: ClassVar[tuple[Level, ...]] = ()
    raters: ClassVar[int | None] = 2
    source: ClassVar[str] = 'Scott 1955, "Reliability of content analysis: the case of nominal scale coding"'

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 4 + columns), as `shares` has them."""
        return shares(votes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 4 + columns) -> (...); nan where all votes are equal."""
        found = shared(totals)
        return beyond_chance(1 - found.observed, 1 - found.meeting)
