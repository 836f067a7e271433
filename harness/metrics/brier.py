"""The Brier score: the squared error of the probabilities, which rewards being both right and rightly unsure."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.statistics.distributions import check_probabilities


class Brier:
    """The mean over rows of the squared distance between the probabilities and certainty of the gold label.

    Of two labels it is that of the second label alone, from 0 to 1; of more it is the sum over the labels, from 0 to
    2: as scikit-learn's `brier_score_loss`. Two sums: that of each row, rows. Source: Brier 1950.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "probabilities"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 2.0
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [1, 0], "predicted": [[0.25, 0.75], [0.5, 0.5]], "classes": 2, "value": (1 / 16 + 1 / 4) / 2},
        {"gold": [2], "predicted": [[0.25, 0.25, 0.5]], "classes": 3, "value": 1 / 16 + 1 / 16 + 1 / 4},
        # sure of the wrong label
        {"gold": [0], "predicted": [[0.0, 1.0, 0.0]], "classes": 3, "value": 2.0},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: IntArray, predicted: FloatArray, classes: int) -> FloatArray:
        """(n, 2): the squared error, and 1 for being there."""
        check_probabilities(gold, predicted, classes)
        errors = (predicted - np.eye(classes)[gold]) ** 2
        return np.column_stack([errors[:, 1] if classes == 2 else errors.sum(axis=1), np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])
