"""The contract of a metric: a sum over lines of predictions, then a formula over the sums.

Written so that a resample is a weighted sum: one matrix product gives every resample of every metric. What is no such
sum (a share of all n-grams that differ, say) is a `WholeMetric`: it has a value and no interval.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.device import Device

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

Reads = Literal[
    "labels",
    "distributions",
    "probabilities",
    "sets",
    "numbers",
    "tags",
    "texts",
    "answers",
    "sources",
    "rankings",
    "shown",
    "surprise",
    "speed",
    "durations",
    "measured",
]
"""What a metric is given as `gold` and `predicted`, line by line:

- labels: (n,) indexes of labels; -1 in predicted for no answer
- distributions: (n, classes) shares that sum to 1, of the votes on a row and of the model's probabilities
- probabilities: (n,) indexes of labels; (n, classes) probabilities
- sets: (n, classes) of true and false, both
- numbers: (n,) numbers, both
- tags: a list of tags for each line, both, of equal lengths
- texts: a text for each line, both
- answers: a list of the texts of which any is right (empty: there is no answer); a text, "" for none
- sources: the text that the model was given, and what it made of it
- rankings: a dict of the grades of relevant documents by id; a list of ids, best first
- shown: (n,) how many documents or items there are to rank; a list of ids, best first
- surprise: (n,) bytes of each text in UTF-8; (n,) nats
- speed: (n,) seconds of sound; (n,) seconds that the model took
- durations: (n,) seconds of the reference; (n,) seconds of what the model made
- measured: nothing; (n,) values that were measured at the run because they are costly (see `Measured`)
"""


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
    """Worked cases: {"gold": [...], "predicted": [...], "classes": k, "value": x}; a shared test runs them.
    `classes` is there for what reads labels, distributions, probabilities or sets."""

    def obstacle(self, gold: Any, labels: Sequence[str]) -> str | None:
        """Why the metric cannot be computed on these answers, in the card's own words; or None."""

    def contributions(self, gold: Any, predicted: Any, classes: int) -> FloatArray:
        """(n, m): what each example adds to the m sums. Sees all lines at once: ranks may be taken over them."""

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., m) sums -> (...) values; nan where a resample leaves the formula undefined."""


@runtime_checkable
class Measured(Protocol):
    """What a `Metric` that reads `measured` also has: how its values are found when a model has answered."""

    weights_of: ClassVar[str]
    """The model card whose weights it measures with."""

    def measure(self, lines: pl.DataFrame, weights: Path, device: Device) -> FloatArray:
        """(n,) values, one a line."""


@runtime_checkable
class WholeMetric(Protocol):
    """A metric of all lines together that is no formula over sums; the rest as in `Metric`."""

    version: ClassVar[int]
    reads: ClassVar[Reads]
    lowest: ClassVar[float]
    highest: ClassVar[float]
    higher_is_better: ClassVar[bool]
    examples: ClassVar[tuple[dict[str, Any], ...]]

    def obstacle(self, gold: Any, labels: Sequence[str]) -> str | None:
        """As for `Metric`."""

    def of_all(self, gold: Any, predicted: Any, classes: int) -> float:
        """The value; nan where it is undefined."""
