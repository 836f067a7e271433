"""The mean of the F1 of every label of the card, each label with the same weight, where a row may have several.

Where no row has a label of the card the metric is absent with that reason, never 0.0.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import class_totals, f1_by_class, mean_of_defined
from harness.statistics.sets import Sets, label_never_chosen, set_counts


class MultilabelMacroF1:
    """The mean of 2 right / (gold + predicted) over labels."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "sets"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # the first label 2*1/(1+2) = 2/3, the second 2*1/(2+1) = 2/3
        {"gold": [[True, True], [False, True]], "predicted": [[True, False], [True, True]], "classes": 2,
         "value": 2 / 3},
        # the second label is never predicted
        {"gold": [[True, False], [False, True]], "predicted": [[True, False], [False, False]], "classes": 2,
         "value": 1 / 2},
    )  # fmt: skip

    def obstacle(self, gold: Sets, labels: Sequence[str]) -> str | None:
        """A label of the card that no row has."""
        return label_never_chosen(gold, labels)

    def contributions(self, gold: Sets, predicted: Sets, classes: int) -> FloatArray:
        """(n, 3 * classes): right, gold and predicted, by label."""
        return np.hstack(set_counts(gold, predicted, classes))

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3 * classes) -> (...); a label that a resample neither holds nor predicts is left out of its mean."""
        return mean_of_defined(f1_by_class(class_totals(totals)))
