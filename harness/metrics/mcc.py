"""Matthews correlation coefficient: the correlation between gold and predicted classes.

0 for answers that carry no information about the gold class, whatever the class frequencies.
Undefined where all gold rows are of one class.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import class_counts, class_totals, no_rows, ratio


class Mcc:
    """Covariance of gold and predicted indicator vectors over the root of their variances.

    Source: Matthews 1975 for two classes; Gorodkin 2004 for more. A constant prediction has
    covariance 0 with anything and scores 0, the limit that Chicco and Jurman 2020 derive; without that
    convention the majority baseline would have no value.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = -1.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # true positives 1, true negatives 2, false negatives 1: (1*2 - 0*1) / sqrt(1 * 2 * 2 * 3)
        {"gold": [0, 1, 1, 0], "predicted": [0, 1, 0, 0], "classes": 2, "value": 2 / 12**0.5},
        {"gold": [0, 1, 1, 0], "predicted": [1, 0, 0, 1], "classes": 2, "value": -1.0},
        {"gold": [0, 1, 1], "predicted": [1, 1, 1], "classes": 2, "value": 0.0},
        # 3 right of 4; gold by class 1, 1, 2; predicted 1, 2, 1: (3*4 - 5) / sqrt((16 - 6) * (16 - 6))
        {"gold": [0, 1, 2, 2], "predicted": [0, 1, 2, 1], "classes": 3, "value": 7 / 10},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:
        """An empty split, or one whose gold rows are all of one class."""
        if not len(gold) or gold.min() != gold.max():
            return no_rows(gold)
        return f'every row of the evaluated split has the label "{labels[gold[0]]}"'

    def contributions(self, gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:
        """(n, 3 * classes): right answers, gold rows and predicted rows by class."""
        return class_counts(gold, predicted, classes)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3 * classes) -> (...); nan where all gold rows of a resample are of one class."""
        right, gold, predicted = class_totals(totals)
        n = gold.sum(axis=-1)
        unanswered = n - predicted.sum(axis=-1)
        covariance = right.sum(axis=-1) * n - (gold * predicted).sum(axis=-1)
        gold_variance = n**2 - (gold**2).sum(axis=-1)
        # "No answer" is one more predicted class, which gold never has.
        predicted_variance = n**2 - (predicted**2).sum(axis=-1) - unanswered**2
        correlation = ratio(covariance, np.sqrt(gold_variance * predicted_variance))
        return np.where((predicted_variance == 0) & (gold_variance > 0), 0.0, correlation)
