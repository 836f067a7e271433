"""How many translations keep what a program fills in: `%s`, `{name}`, `<b>` and the like, each as often as its source.

Where one is lost, made up or changed, the program shows nonsense or fails. Their order is free: languages differ.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.texts.placeholders import placeholders


class PlaceholderAccuracy:
    """Rows that keep their placeholders / rows that have any; the others do not count."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "sources"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    """The Wilson interval would take all rows for tries."""
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "gold": ["%s of %(name)s", "delete <b>{x}</b>?", "{{ n }} items", "no placeholder"],
            "predicted": ["%(name)s 的 %s", "删除{x}？", "{{ n }} 项", "无 %s"],
            "value": 2 / 3,
        },
        {"gold": ["a %d"], "predicted": ["%d %d"], "value": 0.0},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or none with a placeholder."""
        if any(placeholders(source) for source in gold):
            return None
        return no_rows(gold) or "no source of the evaluated split has a placeholder"

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): 1 for a row that keeps its placeholders, 1 for a row that has any."""
        there = [sorted(placeholders(source)) for source in gold]
        kept = [bool(had) and had == sorted(placeholders(said)) for had, said in zip(there, predicted, strict=True)]
        return np.column_stack([kept, [bool(had) for had in there]]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where a resample draws no row with a placeholder."""
        return ratio(totals[..., 0], totals[..., 1])
