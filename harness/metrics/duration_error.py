"""How far the length of synthetic speech is from that of a person who read the same."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio


class DurationError:
    """Seconds too long or too short, line by line / seconds of the references.

    Source: the relative absolute error, with the sum of the references below. Two sums: absolute differences, seconds
    of the references.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "durations"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # one second too short, one too long: they do not make up for each other
        {"gold": [2.0, 6.0], "predicted": [1.0, 7.0], "value": 0.25},
        {"gold": [3.0], "predicted": [0.0], "value": 1.0},
    )

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """An empty split, or references without a second of sound."""
        return no_rows(gold) or (None if gold.sum() > 0 else "the recordings to compare with are empty")

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): seconds of difference, and of the reference."""
        return np.column_stack([np.abs(predicted - gold), gold])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where the references have no sound."""
        return ratio(totals[..., 0], totals[..., 1])
