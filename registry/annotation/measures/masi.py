"""Mean MASI similarity of the sets that two annotators gave to one item; not corrected for chance."""

from typing import ClassVar

import numpy as np

from registry.annotation.counting import pairs, ratio, tallied
from registry.annotation.distances import of_sets, within
from registry.annotation.spec import Form, Level
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class Masi(Frozen):
    """Jaccard similarity times 1, 2/3 or 1/3 for sets that are equal, nested or overlap, on average as for Jaccard."""

    forms: ClassVar[tuple[Form, ...]] = ("multi",)
    levels: ClassVar[tuple[Level, ...]] = ()
    raters: ClassVar[int | None] = None
    source: ClassVar[str] = (
        'Passonneau 2006, "Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation"'
    )

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 2): the mean similarity, and 1, where there is a pair."""
        shown = votes.counts >= 2
        far = within(tallied(votes), of_sets(votes, "masi"))
        return np.column_stack([shown - far / np.maximum(pairs(votes), 1), shown])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...)."""
        return ratio(totals[..., 0], totals[..., 1])
