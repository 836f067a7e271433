"""The F1 of the class that comes off worst: what an average over classes can hide.

Where a class of the card has no gold row the metric is absent with that reason. The least of several scores is less
than the least of their true values, the more so the more classes there are, and that of a resample is less again: its
interval would lie below the truth, and there is none for that reason.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import IntArray, Reads
from harness.statistics.confusion import class_counts, class_totals, f1_by_class, missing_class


class LowestClassF1:
    """The least of the F1 scores of the card's classes; 0 as soon as one class is never told rightly."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
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

    def of_all(self, gold: IntArray, predicted: IntArray, classes: int) -> float:
        """The value; nan where there is no row."""
        scores = f1_by_class(class_totals(class_counts(gold, predicted, classes).sum(axis=0)))
        return float(np.nanmin(scores)) if len(gold) else float("nan")
