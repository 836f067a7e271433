"""The cross-entropy of a model's probabilities to the votes: how surprised it is by what annotators said, in nats.

Least where the probabilities are the shares of the votes; it is then the entropy of the votes, 0 only where they agree.
A probability below 2^-23 counts as 2^-23, the step of the numbers that probabilities are kept in: one label that a
model excludes costs much, and not everything.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.statistics.distributions import check_shares

LEAST = 2.0**-23


class CrossEntropy:
    """The mean over rows of -sum of share * ln(probability). Two sums: that of each row, rows.

    Source: Peterson et al. 2019, "Human uncertainty makes classification more robust"; Uma et al. 2021, "Learning from
    disagreement: a survey". Floor: as scikit-learn's `log_loss`.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "distributions"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float(-np.log(LEAST))
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [[0.5, 0.5]], "predicted": [[0.5, 0.5]], "classes": 2, "value": np.log(2)},
        {"gold": [[1.0, 0.0], [0.0, 1.0]], "predicted": [[0.5, 0.5], [0.25, 0.75]], "classes": 2,
         "value": (np.log(2) + np.log(4 / 3)) / 2},
        # the model excludes what everybody says
        {"gold": [[0.0, 1.0]], "predicted": [[1.0, 0.0]], "classes": 2, "value": 23 * np.log(2)},
    )  # fmt: skip

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:
        """(n, 2): the cross-entropy, and 1 for being there."""
        check_shares(gold, predicted, classes)
        surprise = -np.log(np.maximum(predicted, LEAST))
        return np.column_stack([(gold * surprise).sum(axis=1), np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])
