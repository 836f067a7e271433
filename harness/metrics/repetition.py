"""How much a text repeats itself: the share of its runs of four words that it has said before.

Welleck et al. 2020, "Neural text generation with unlikelihood training": seq-rep-4.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.texts.words import runs, words


class Repetition:
    """The mean over predictions of 1 - different runs / runs. Those of less than four words do not count."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # three runs of which two differ: a b a b, b a b a, a b a b
        {"gold": ["", "", ""], "predicted": ["a b a b a b", "one two three four", "yes"], "value": (1 / 3 + 0) / 2},
        {"gold": [""], "predicted": ["好好好好好"], "value": 1 / 2},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the share of runs that repeat another, and 1 where there are runs."""
        sums = np.zeros((len(gold), 2))
        for row, text in enumerate(words(predicted)):
            if found := runs(text, 4):
                sums[row] = 1 - len(found) / found.total(), 1
        return sums

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where no prediction has four words."""
        return ratio(totals[..., 0], totals[..., 1])
