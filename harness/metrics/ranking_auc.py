"""How often what a user chose stands before what he did not choose: of all pairs of two such items, over all items.

The task measures it of the whole ranking when the model ran, since lines keep only the beginning of one. Of rankings
that do not hold every item that the user could choose it is not measured.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio


class RankingAuc:
    """The mean over users of the area under the ROC curve; 0.5 for an order by chance.

    Source: Rendle, Freudenthaler, Gantner and Schmidt-Thieme 2009, "BPR: Bayesian personalized ranking from implicit
    feedback", section 6.2.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "measured"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [0.0, 0.0], "predicted": [0.5, 1.0], "value": 3 / 4},
        {"gold": [0.0], "predicted": [0.25], "value": 1 / 4},
    )

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only an empty split."""
        return no_rows(gold)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the area of each user, and 1 for being there."""
        return np.column_stack([predicted, np.ones(len(predicted))]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no user."""
        return ratio(totals[..., 0], totals[..., 1])
