"""The mean over rows of the F1 of a row's labels: every row counts alike, however many labels it has."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.statistics.sets import Sets, f1, set_counts


class SamplesF1:
    """The mean of 2 right / (gold + predicted) of each row.

    A row without labels for which none is predicted is answered rightly and counts 1, as in scikit-learn's `f1_score`
    with `zero_division=1`. Two sums: that of each row, rows.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "sets"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # each row 2*1/(2+1)
        {"gold": [[True, True], [False, True]], "predicted": [[True, False], [True, True]], "classes": 2,
         "value": 2 / 3},
        # nothing to find and nothing found; something found where nothing is
        {"gold": [[False, False], [False, False]], "predicted": [[False, False], [True, False]], "classes": 2,
         "value": 1 / 2},
    )  # fmt: skip

    def obstacle(self, gold: Sets, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: Sets, predicted: Sets, classes: int) -> FloatArray:
        """(n, 2): the F1 of the row, and 1 for being there."""
        by_row = f1(*(side.sum(axis=1) for side in set_counts(gold, predicted, classes)))
        return np.column_stack([np.where(np.isnan(by_row), 1.0, by_row), np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])
