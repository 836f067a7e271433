"""The F1 of all labels of all rows in one heap: frequent labels decide.

Absent where no row has a label, with that reason.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.sets import Sets, all_empty, f1, set_counts


class MicroF1:
    """2 right / (gold + predicted) over rows and labels. Three sums: labels that are right, there, predicted."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "sets"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # 2 right, 3 there, 3 predicted
        {"gold": [[True, True], [False, True]], "predicted": [[True, False], [True, True]], "classes": 2,
         "value": 4 / 6},
        # a row without labels is right where nothing is predicted, and adds nothing
        {"gold": [[False, False], [True, False]], "predicted": [[False, False], [True, False]], "classes": 2,
         "value": 1.0},
        {"gold": [[True, False]], "predicted": [[False, False]], "classes": 2, "value": 0.0},
    )  # fmt: skip

    def obstacle(self, gold: Sets, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or none that has a label."""
        return all_empty(gold)

    def contributions(self, gold: Sets, predicted: Sets, classes: int) -> FloatArray:
        """(n, 3): labels of the row that are right, there and predicted."""
        return np.column_stack([side.sum(axis=1) for side in set_counts(gold, predicted, classes)])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3) -> (...); nan where a resample has no label on either side."""
        return f1(totals[..., 0], totals[..., 1], totals[..., 2])
