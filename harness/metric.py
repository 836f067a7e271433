"""The contract of a metric: a sum over examples, then a formula over the sums.

Written so that a resample is a weighted sum: one matrix product gives every resample of every metric.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

Reads = Literal["labels", "distributions"]
"""`labels`: gold and predicted are (n,) indexes of labels, -1 in predicted for no answer. `distributions`: both are
(n, classes) shares that sum to 1, of the votes on a row and of the model's probabilities."""


class Metric(Protocol):
    """One file in `harness/metrics`, one class named after it, no state."""

    version: ClassVar[int]
    reads: ClassVar[Reads]
    lowest: ClassVar[float]
    highest: ClassVar[float]
    higher_is_better: ClassVar[bool]
    """Decides who is best, who is tied with the best, and every order in a report."""
    is_proportion: ClassVar[bool]
    """True where the value is a share of right answers, so that the Wilson interval applies."""
    examples: ClassVar[tuple[dict[str, Any], ...]]
    """Worked cases: {"gold": [...], "predicted": [...], "classes": k, "value": x}; a shared test runs them."""

    def obstacle(self, gold: NDArray[Any], labels: Sequence[str]) -> str | None:
        """Why the metric cannot be computed on these answers, in the card's own words; or None."""

    def contributions(self, gold: NDArray[Any], predicted: NDArray[Any], classes: int) -> FloatArray:
        """(n, m): what each example adds to the m sums."""

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., m) sums -> (...) values; nan where a resample leaves the formula undefined."""
