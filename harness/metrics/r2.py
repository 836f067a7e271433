"""The coefficient of determination: the share of the spread of the right numbers that predictions account for.

0 for the mean of the evaluated rows, below it for what is worse than that. Absent where all right numbers are equal.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import ratio
from harness.statistics.numbers import check_numbers, one_number, variation


class R2:
    """1 - squared errors / squared distances from the mean. As scikit-learn's `r2_score`.

    Four sums: squared errors, numbers and their squares, rows.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "numbers"
    lowest: ClassVar[float] = float("-inf")
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [1.0, 2.0, 3.0], "predicted": [2.0, 2.0, 2.0], "value": 0.0},
        {"gold": [1.0, 2.0, 3.0], "predicted": [1.0, 2.0, 4.0], "value": 1 / 2},
        {"gold": [1.0, 2.0, 3.0], "predicted": [3.0, 2.0, 1.0], "value": 1 - 8 / 2},
    )

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:
        """No rows, or the same number everywhere."""
        return one_number(gold, labels)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 4): the squared error, the number less the mean of all rows and its square, and 1 for being there."""
        check_numbers(gold, predicted)
        moved = gold - gold.mean()
        return np.column_stack([(gold - predicted) ** 2, moved, moved**2, np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 4) -> (...); nan where all numbers of a resample are equal."""
        errors, total, squares, n = np.moveaxis(totals, -1, 0)
        return 1 - ratio(errors, variation(squares, total, n))
