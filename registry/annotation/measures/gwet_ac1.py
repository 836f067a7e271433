"""Gwet's AC1: agreement beyond chance that does not fall where one answer is far more frequent than the others."""

from typing import ClassVar

import numpy as np

from registry.annotation.counting import ratio
from registry.annotation.shares import corrected, kinds, meeting, observed, shares
from registry.annotation.spec import Form, Level
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
        uneven = np.nan_to_num(kinds(totals) - 1)
        return corrected(observed(totals), ratio(1 - meeting(totals), uneven))
