"""Expected calibration error: how far the probability of the answer is from the share of right answers.

The answer is the label with the greatest probability, the first of several. Depends on its bins; a few rows in a bin
are enough to raise it, so that it is above 0 even for a model whose probabilities are true. Resamples raise it once
more, and their interval would lie beside the truth: there is none for that reason.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import no_rows
from harness.statistics.distributions import check_probabilities

BINS = 15


class CalibrationError:
    """The distance between confidence and accuracy in 15 bins of equal width, each with the weight of its rows.

    A bin holds what is above its lower edge and at most its upper one. Source: Naeini, Cooper and Hauskrecht 2015;
    bins as in Guo et al. 2017, "On calibration of modern neural networks".
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "probabilities"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # one bin: three of four are right
        {"gold": [0, 0, 1, 0], "predicted": [[0.75, 0.25]] * 4, "classes": 2, "value": 0.0},
        # sure and right, sure and wrong: 2 * |1/2 - 1|; at 0.5 one of two is right
        {"gold": [0, 1, 0, 1], "predicted": [[1, 0], [1, 0], [0.5, 0.5], [0.5, 0.5]], "classes": 2, "value": 1 / 4},
        # two bins: right at 0.5, wrong at 0.75
        {"gold": [0, 1], "predicted": [[0.5, 0.25, 0.25], [0.75, 0.25, 0]], "classes": 3, "value": (1 / 2 + 3 / 4) / 2},
    )

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def of_all(self, gold: IntArray, predicted: FloatArray, classes: int) -> float:
        """The value; nan where there is no row. ValueError for what are no probabilities."""
        check_probabilities(gold, predicted, classes)
        sure = predicted.max(axis=1)
        bins = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], sure)
        apart = np.bincount(bins, weights=(predicted.argmax(axis=1) == gold) - sure)
        return float(np.abs(apart).sum() / len(gold)) if len(gold) else float("nan")
