"""The share of all single decisions, one for each row and label, that are wrong.

Where few labels of many are true, choosing none at all scores well.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.statistics.sets import Sets, check_sets


class HammingLoss:
    """Labels that are missed or too many / (rows * labels). Two sums: the share of each row, rows."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "sets"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # one missed and one too many, of four
        {"gold": [[True, True], [False, True]], "predicted": [[True, False], [True, True]], "classes": 2,
         "value": 1 / 2},
        {"gold": [[True, False, False, False]], "predicted": [[False] * 4], "classes": 4, "value": 1 / 4},
    )  # fmt: skip

    def obstacle(self, gold: Sets, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: Sets, predicted: Sets, classes: int) -> FloatArray:
        """(n, 2): the share of the row's decisions that are wrong, and 1 for being there."""
        check_sets(gold, predicted, classes)
        return np.column_stack([(gold != predicted).mean(axis=1), np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])
