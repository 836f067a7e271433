"""The F1 of the class that comes off worst: what an average over classes can hide.

Where a class of the card has no gold row the metric is absent with that reason.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import class_counts, class_totals, f1_by_class, missing_class


class LowestClassF1:
    """The least of the F1 scores of the card's classes; 0 as soon as one class is never told rightly."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # class 0: 2*2/(2+3) = 4/5; class 1: 2*1/(2+1) = 2/3
        {"gold": [0, 1, 1, 0], "predicted": [0, 1, 0, 0], "classes": 2, "value": 2 / 3},
        {"gold": [0, 0, 1, 2], "predicted": [0, 0, 0, 2], "classes": 3, "value": 0.0},
        # no answer: class 0 2*1/(2+1) = 2/3, class 1 2*1/(1+1) = 1
        {"gold": [0, 0, 1], "predicted": [0, -1, 1], "classes": 2, "value": 2 / 3},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:
        """A class of the card without a gold row."""
        return missing_class(gold, labels)

    def contributions(self, gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:
        """(n, 3 * classes): right answers, gold rows and predicted rows by class."""
        return class_counts(gold, predicted, classes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3 * classes) -> (...); a class that a resample neither holds nor predicts is left out of it."""
        scores = f1_by_class(class_totals(totals))
        least = np.where(np.isnan(scores), np.inf, scores).min(axis=-1)
        return np.where(np.isinf(least), np.nan, least)
