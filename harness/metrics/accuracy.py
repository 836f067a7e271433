"""The share of examples with the right answer. A prediction of -1, "no answer", is a wrong answer."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import check_labels, no_rows, ratio


class Accuracy:
    """Right answers / examples. Two sums: right answers, examples."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = True
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [0, 1, 1, 0], "predicted": [0, 1, 0, 0], "classes": 2, "value": 3 / 4},
        {"gold": [2, 0, 1], "predicted": [-1, 0, 1], "classes": 3, "value": 2 / 3},
        {"gold": [0, 0], "predicted": [1, 1], "classes": 2, "value": 0.0},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only an empty split: a class without rows leaves the accuracy of the others well defined."""
        return no_rows(gold)

    def contributions(self, gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:
        """(n, 2): 1 for a right answer, and 1 for being there."""
        check_labels(gold, predicted, classes)
        return np.column_stack([gold == predicted, np.ones(len(gold))]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no example."""
        return ratio(totals[..., 0], totals[..., 1])
