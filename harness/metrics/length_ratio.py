"""Whether predictions are, taken together, as long as the references: no quality, but what explains others.

The shorter total of words divided by the longer, so that half as long and twice as long are equally far off.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import ratio
from harness.texts.words import no_run, words


class LengthRatio:
    """Two sums: words of the references, words of the predictions; each Han or Kana character is one."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": ["one two three", "今天"], "predicted": ["one", "今"], "value": 2 / 5},
        {"gold": ["one"], "predicted": ["one two, three!"], "value": 1 / 3},
        {"gold": ["one two"], "predicted": [""], "value": 0.0},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or references without any word."""
        return no_run(gold, 1)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): words of the reference, words of the prediction."""
        return np.array([[len(text) for text in words(side)] for side in (gold, predicted)], dtype=np.float64).T

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where neither side has a word."""
        return ratio(totals.min(axis=-1), totals.max(axis=-1))
