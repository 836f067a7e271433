"""Mean MASI similarity of the sets that two annotators gave to one item; not corrected for chance."""

from typing import ClassVar

from registry.annotation.distances import similarity
from registry.annotation.spec import Form, Level
from registry.annotation.tally import ratio
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
        return similarity(votes, "masi")

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...)."""
        return ratio(totals[..., 0], totals[..., 1])
