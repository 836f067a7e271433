"""Gwet's AC1: agreement beyond chance that does not fall where one answer is far more frequent than the others."""

from typing import ClassVar

import numpy as np

from registry.annotation.chance import beyond_chance, shared, shares
from registry.annotation.spec import Form, Level
from registry.annotation.tally import ratio
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class GwetAc1(Frozen):
    """Chance: somebody guesses, and guesses right, the more so the more even the answers are."""

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference")
    levels: ClassVar[tuple[Level, ...]] = ()
    raters: ClassVar[int | None] = None
    source: ClassVar[str] = 'Gwet 2008, "Computing inter-rater reliability in the presence of high agreement"'

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 4 + columns), as `shares` has them; all labels of the card count as answers there are."""
        return shares(votes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 4 + columns) -> (...); nan where there is one answer alone."""
        found = shared(totals)
        guessed = ratio(1 - found.meeting, np.nan_to_num(found.kinds - 1))
        return beyond_chance(1 - found.observed, 1 - guessed)
