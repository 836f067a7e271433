"""Mean Jaccard similarity of the sets that two annotators gave to one item; not corrected for chance."""

from typing import ClassVar

from registry.annotation.distances import similarity
from registry.annotation.spec import Form, Level
from registry.annotation.tally import ratio
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class Jaccard(Frozen):
    """What two sets share of what they hold together, on average over pairs and then over items."""

    forms: ClassVar[tuple[Form, ...]] = ("multi",)
    levels: ClassVar[tuple[Level, ...]] = ()
    raters: ClassVar[int | None] = None
    source: ClassVar[str] = 'Jaccard 1912, "The distribution of the flora in the alpine zone"'

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 2): the mean similarity, and 1, where there is a pair."""
        return similarity(votes, "jaccard")

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...)."""
        return ratio(totals[..., 0], totals[..., 1])
