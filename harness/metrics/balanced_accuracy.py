"""The mean of the recall of every class of the card: the accuracy if all classes were equally frequent.

Where a class has no gold row its recall does not exist, and the metric is absent with that reason.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import class_counts, class_totals, mean_of_defined, missing_class, ratio


class BalancedAccuracy:
    """Mean of right / gold by class; 1 / classes for any constant answer.

    Source: Brodersen, Ong, Stephan and Buhmann 2010, for two classes; the mean of recalls for more.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [0, 0, 0, 1], "predicted": [0, 0, 0, 0], "classes": 2, "value": 1 / 2},
        {"gold": [0, 0, 0, 1], "predicted": [0, 1, 0, 1], "classes": 2, "value": (2 / 3 + 1) / 2},
        {"gold": [0, 1, 2, 2], "predicted": [0, -1, 2, 0], "classes": 3, "value": (1 + 0 + 1 / 2) / 3},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:
        """A class of the card without a gold row."""
        return missing_class(gold, labels)

    def contributions(self, gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:
        """(n, 3 * classes): right answers, gold rows and predicted rows by class."""
        return class_counts(gold, predicted, classes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3 * classes) -> (...); a class without a gold row in a resample is left out of its mean."""
        sums = class_totals(totals)
        return mean_of_defined(ratio(sums.right, sums.gold))
