"""ROUGE-L (Lin 2004): how many words of a text stand in the reference in the same order."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import ratio
from harness.texts.rouge import rouge_l
from harness.texts.words import no_run


class RougeL:
    """The mean over lines of the F1 of the longest common subsequence of words; `rougeL` of rouge-score."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # "the ... here" is in both, in order: 2 * 2 / (4 + 3)
        {"gold": ["The cat is here."], "predicted": ["here the here"], "value": 4 / 7},
        {"gold": ["今天很好", "a"], "predicted": ["好今天", "b"], "value": (4 / 7 + 0) / 2},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or references without any word."""
        return no_run(gold, 1)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the F1 of a line, and 1 for being there."""
        return np.column_stack([rouge_l(gold, predicted), np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])
