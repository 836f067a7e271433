"""How much of a text is not copied from its source: no quality, but what tells rewriting from extracting.

See, Liu and Manning 2017, "Get to the point", section 6.2. 0 is a part of the source, word for word.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.texts.words import runs, words


class Novelty:
    """Two sums: pairs of adjacent words that the source lacks, all pairs of the predictions."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "sources"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    """For want of a better order: a text about something else is all new."""
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": ["The cat sat here."], "predicted": ["the cat was here"], "value": 2 / 3},
        {"gold": ["今天很好", "a b"], "predicted": ["今天好", "a b a b"], "value": (1 + 1) / (2 + 3)},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): pairs that the source lacks, pairs."""
        sums = np.zeros((len(gold), 2))
        for row, (source, said) in enumerate(zip(words(gold), words(predicted), strict=True)):
            known, pairs = runs(source, 2), runs(said, 2)
            sums[row] = sum(count for pair, count in pairs.items() if pair not in known), pairs.total()
        return sums

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where no prediction has two words."""
        return ratio(totals[..., 0], totals[..., 1])
