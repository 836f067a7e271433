"""The Jensen-Shannon divergence between a model's probabilities and the votes: 0 where they are equal, 1 where no label
has a share of both.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.statistics.distributions import check_shares


class JensenShannon:
    """The mean over rows of the divergence in bits (not of its root, the distance). Two sums: that of each row, rows.

    Source: Lin 1991, "Divergence measures based on the Shannon entropy"; against votes: Uma et al. 2021, "Learning from
    disagreement: a survey".
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "distributions"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [[0.25, 0.75]], "predicted": [[0.25, 0.75]], "classes": 2, "value": 0.0},
        {"gold": [[1.0, 0.0, 0.0]], "predicted": [[0.0, 0.5, 0.5]], "classes": 3, "value": 1.0},
        # the middle is (3/4, 1/4): (log2(4/3) + (log2(2/3) + log2(2)) / 2) / 2
        {"gold": [[1.0, 0.0]], "predicted": [[0.5, 0.5]], "classes": 2,
         "value": (np.log2(4 / 3) + np.log2(4 / 3) / 2) / 2},
    )  # fmt: skip

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:
        """(n, 2): the divergence, and 1 for being there."""
        check_shares(gold, predicted, classes)
        middle = (gold + predicted) / 2
        divergence = (_relative_entropy(gold, middle) + _relative_entropy(predicted, middle)) / 2
        # Rounding may lead out of the range by a hair.
        return np.column_stack([np.clip(divergence, 0, 1), np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])


def _relative_entropy(shares: FloatArray, middle: FloatArray) -> FloatArray:
    """(n,): sum of share * log2(share / middle); a share of 0 adds nothing."""
    quotient = np.divide(shares, middle, out=np.ones_like(shares), where=shares > 0)
    total: FloatArray = (shares * np.log2(quotient)).sum(axis=1)
    return total
