"""How many steps answers lie from the right ones, on average: 0 is best."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads


class RankDistance:
    """The mean of |rank of the answer - rank of the right one|. Two sums: steps, examples."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "labels"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [0, 1, 2], "predicted": [0, 2, 0], "classes": 3, "value": 1.0},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - part of the contract
        return None if len(gold) else "there are no rows"

    def contributions(self, gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the steps between, and 1 for being there."""
        return np.column_stack([np.abs(gold - predicted), np.ones(len(gold))]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...)."""
        mean: FloatArray = totals[..., 0] / totals[..., 1]
        return mean
