"""The mean of the F1 of every class, weighted by the class's share of gold rows."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import class_counts, class_totals, f1_by_class, no_rows, ratio


class WeightedF1:
    """Sum of gold rows * F1 over sum of gold rows. A class without gold rows has weight 0, hence no obstacle.

    Source: as scikit-learn's `f1_score(average="weighted")`; the "overall F1" of Hutto and Gilbert 2014.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # F1 is 4/5 for two rows, 2/3 for two rows
        {"gold": [0, 1, 1, 0], "predicted": [0, 1, 0, 0], "classes": 2, "value": (2 * 4 / 5 + 2 * 2 / 3) / 4},
        # F1 is 2*3/(3+4) = 6/7 for three rows, 0 for one row
        {"gold": [0, 0, 0, 1], "predicted": [0, 0, 0, 0], "classes": 2, "value": (3 * 6 / 7) / 4},
        # class 2 has no gold row, hence no weight; its wrong prediction costs class 1: F1 = 2*1/(2+1)
        {"gold": [0, 1, 1], "predicted": [0, 1, 2], "classes": 3, "value": (1 * 1 + 2 * 2 / 3) / 3},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only an empty split."""
        return no_rows(gold)

    def contributions(self, gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:
        """(n, 3 * classes): right answers, gold rows and predicted rows by class."""
        return class_counts(gold, predicted, classes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3 * classes) -> (...); nan where there is no example."""
        sums = class_totals(totals)
        weighted = sums.gold * np.nan_to_num(f1_by_class(sums), nan=0.0)
        return ratio(weighted.sum(axis=-1), sums.gold.sum(axis=-1))
