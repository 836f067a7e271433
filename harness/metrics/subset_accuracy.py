"""The share of rows whose set of labels is exactly right."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.statistics.sets import Sets, check_sets


class SubsetAccuracy:
    """Rows with all labels right and none too many / rows. Two sums: such rows, rows."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "sets"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = True
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [[True, True], [False, True]], "predicted": [[True, False], [False, True]], "classes": 2,
         "value": 1 / 2},
        {"gold": [[False, False]], "predicted": [[False, False]], "classes": 2, "value": 1.0},
    )  # fmt: skip

    def obstacle(self, gold: Sets, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def contributions(self, gold: Sets, predicted: Sets, classes: int) -> FloatArray:
        """(n, 2): 1 for a set that is right, and 1 for being there."""
        check_sets(gold, predicted, classes)
        return np.column_stack([(gold == predicted).all(axis=1), np.ones(len(gold))]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])
