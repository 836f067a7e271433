"""Pearson's correlation of predicted and right numbers: how near they come to lying on a rising line.

Says nothing of the scale: predictions that are all too high or twice too large can have 1. Undefined for a model that
gives every row the same number.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, Reads
from harness.statistics.numbers import correlation, moments, one_number


class Pearson:
    """Covariance over the root of the variances; six sums. As scipy's `pearsonr`. Source: Pearson 1895."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "numbers"
    lowest: ClassVar[float] = -1.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [1.0, 2.0, 3.0], "predicted": [10.0, 30.0, 50.0], "value": 1.0},
        {"gold": [1.0, 2.0, 3.0], "predicted": [3.0, 2.0, 1.0], "value": -1.0},
        # distances from the mean (-1, 0, 1) and (-1, -1, 2): 3 / sqrt(2 * 6)
        {"gold": [1.0, 2.0, 3.0], "predicted": [0.0, 0.0, 3.0], "value": 3 / 12**0.5},
    )

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:
        """No rows, or the same number everywhere."""
        return one_number(gold, labels)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 6); see `moments`."""
        return moments(gold, predicted)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 6) -> (...); nan where a side is constant."""
        return correlation(totals)
