"""The share of all items that anybody is shown among the first ten: the opposite of showing everybody the same.

More is better for the sellers of rare things only as long as the items are wanted: read it beside nDCG. It grows with
the number of users, so that only models on the same split can be compared; there is no interval for that reason.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import IntArray, Reads
from harness.statistics.confusion import no_rows


class CoverageAt10:
    """Different items among the first ten of all rankings / items of the collection.

    Source: Ge, Delgado-Battenfeld and Jannach 2010, "Beyond accuracy: evaluating recommender systems by coverage and
    serendipity" (catalog coverage).
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "shown"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [8, 8], "predicted": [["a", "b"], ["b", "c"]], "value": 3 / 8},
        # the eleventh place is not shown
        {"gold": [20], "predicted": [list("abcdefghijk")], "value": 10 / 20},
        {"gold": [5], "predicted": [[]], "value": 0.0},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only an empty split."""
        return no_rows(gold)

    def of_all(self, gold: IntArray, predicted: Sequence[Sequence[str]], classes: int) -> float:  # noqa: ARG002
        """The value. `gold` is the number of items, the same in every line."""
        return len({item for ranking in predicted for item in ranking[:10]}) / int(gold[0])
