"""The root of the mean squared error, in the unit of the numbers: large mistakes weigh most."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.statistics.numbers import check_numbers


class Rmse:
    """Two sums: squared errors, rows. As scikit-learn's `root_mean_squared_error`."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "numbers"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [1.0, 2.0], "predicted": [4.0, 6.0], "value": (25 / 2) ** 0.5},
        {"gold": [-1.0], "predicted": [1.0], "value": 2.0},
    )

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the squared error, and 1 for being there."""
        check_numbers(gold, predicted)
        return np.column_stack([(gold - predicted) ** 2, np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return np.sqrt(ratio(totals[..., 0], totals[..., 1]))
