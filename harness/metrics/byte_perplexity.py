"""How surprising texts are to a language model, per byte of UTF-8.

Perplexity per token says nothing across models whose tokens differ; bytes are the same for all. A Han character has
three, so values are compared within a language only.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import no_rows, ratio


class BytePerplexity:
    """exp(nats / bytes). Two sums: nats, bytes; the end of a text has nats and no byte."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "surprise"
    lowest: ClassVar[float] = 1.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # a fair coin a bit: 8 bits a byte
        {"gold": [1, 3], "predicted": [8 * np.log(2), 24 * np.log(2)], "value": 256.0},
        {"gold": [2, 2], "predicted": [0.0, 4 * np.log(3)], "value": 3.0},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: IntArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): nats, bytes."""
        return np.column_stack([predicted, gold]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no byte."""
        return np.exp(ratio(totals[..., 0], totals[..., 1]))
