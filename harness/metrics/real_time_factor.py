"""How long a model takes for a second of sound."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio


class RealTimeFactor:
    """Seconds of computing / seconds of sound, heard or made, over all lines together: below 1 keeps up with a speaker.

    A matter of the machine and of what else it did: compare models of one machine. Loading a model is not counted. Two
    sums: seconds of computing, seconds of sound.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "speed"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [2.0, 6.0], "predicted": [0.5, 1.5], "value": 0.25},
        {"gold": [1.0, 0.0], "predicted": [2.0, 1.0], "value": 3.0},
    )

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """An empty split, or no second of sound."""
        return no_rows(gold) or (None if gold.sum() > 0 else "the recordings are empty")

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): seconds of computing, and of sound."""
        return np.column_stack([predicted, gold])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no sound."""
        return ratio(totals[..., 0], totals[..., 1])
