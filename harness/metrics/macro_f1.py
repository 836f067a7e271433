"""The mean of the F1 of every class of the card, each class with the same weight.

The label set is the card's, never what happens to occur in the data: dropping classes without gold rows
changes the score silently. Where a class has no gold row the metric is absent with that reason, never 0.0.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import (
    class_counts,
    class_totals,
    f1_by_class,
    mean_of_defined,
    missing_class,
)


class MacroF1:
    """The mean of F1 scores (not the F1 of mean precision and recall).

    Source: Opitz and Burst 2019, "Macro F1 and Macro F1", who show that the two differ and prefer this.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # class 0: 2*2/(2+3) = 4/5; class 1: 2*1/(2+1) = 2/3
        {"gold": [0, 1, 1, 0], "predicted": [0, 1, 0, 0], "classes": 2, "value": (4 / 5 + 2 / 3) / 2},
        # the majority class alone: 2*2/(2+4) = 2/3, and 0 for each class that is never predicted
        {"gold": [0, 0, 1, 2], "predicted": [0, 0, 0, 0], "classes": 3, "value": 2 / 9},
        # no answer: class 0 2*1/(2+1) = 2/3, class 1 2*1/(1+1) = 1
        {"gold": [0, 0, 1], "predicted": [0, -1, 1], "classes": 2, "value": 5 / 6},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:
        """A class of the card without a gold row."""
        return missing_class(gold, labels)

    def contributions(self, gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:
        """(n, 3 * classes): right answers, gold rows and predicted rows by class."""
        return class_counts(gold, predicted, classes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3 * classes) -> (...).

        A resample may draw no row of a small class. Such a class is left out of that resample's mean when it
        is not predicted either (0/0), and counts 0 when it is predicted.
        """
        return mean_of_defined(f1_by_class(class_totals(totals)))
