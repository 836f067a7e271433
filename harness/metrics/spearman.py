"""Spearman's correlation: whether predicted numbers stand in the order of the right ones, whatever their scale.

Equal numbers share the mean of their places. Undefined for a model that gives every row the same number.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, Reads
from harness.statistics.numbers import check_numbers, correlation, moments, one_number
from harness.statistics.ranks import average_ranks


class Spearman:
    """Pearson's correlation of ranks; six sums. As scipy's `spearmanr`. Source: Spearman 1904.

    Ranks are taken once, over all rows: a resample keeps them, so that its value is that of these ranks and not of new
    ones among the drawn rows.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "numbers"
    lowest: ClassVar[float] = -1.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [1.0, 2.0, 3.0], "predicted": [1.0, 10.0, 1000.0], "value": 1.0},
        {"gold": [1.0, 2.0, 3.0, 4.0], "predicted": [0.2, 0.1, 0.4, 0.3], "value": 1 - 6 * 4 / (4 * 15)},
        # ranks (1, 2, 3) and (1.5, 1.5, 3): distances (-1, 0, 1) and (-1/2, -1/2, 1)
        {"gold": [1.0, 2.0, 3.0], "predicted": [0.0, 0.0, 9.0], "value": 1.5 / 3**0.5},
    )

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:
        """No rows, or the same number everywhere."""
        return one_number(gold, labels)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 6); see `moments`, of the ranks."""
        check_numbers(gold, predicted)
        return moments(average_ranks(gold), average_ranks(predicted))

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 6) -> (...); nan where a side is constant."""
        return correlation(totals)
