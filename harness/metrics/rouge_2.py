"""ROUGE-2 (Lin 2004): which pairs of adjacent words a text shares with the reference."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import ratio
from harness.texts.rouge import rouge_n
from harness.texts.words import no_run


class Rouge2:
    """The mean over lines of the F1 of word pairs, in small letters and not stemmed; as the package rouge-score."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # of the three pairs of the reference and the two of the answer, one is shared: 2 * 1 / (3 + 2)
        {"gold": ["The cat is here."], "predicted": ["the cat sat"], "value": 2 / 5},
        {"gold": ["今天很好", "a"], "predicted": ["今天好", "a"], "value": (2 / 5 + 0) / 2},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or no reference with two words."""
        return no_run(gold, 2)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the F1 of a line, and 1 for being there."""
        return np.column_stack([rouge_n(gold, predicted, 2), np.ones(len(gold))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no row."""
        return ratio(totals[..., 0], totals[..., 1])
