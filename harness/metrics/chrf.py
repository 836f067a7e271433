"""chrF2 of the whole split, from 0 to 100, by sacrebleu (Popović 2015): F of n-grams of 1 to 6 characters.

Needs no words, so that it is the same for every script; white space does not count, and recall counts twice.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, Reads
from harness.statistics.corpus import corpus_scores, line_sums, no_text


class Chrf:
    """Eighteen sums: for each length n-grams of the predictions, of the references, and of both."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 100.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": ["今天 很好"], "predicted": ["今天很好"], "value": 100.0},
        # of one and of two characters: precisions 1 and 1, recalls 2/3 and 1/2, means 1 and 7/12
        {"gold": ["abc"], "predicted": ["ab"], "value": 100 * 5 * (7 / 12) / (4 + 7 / 12)},
        {"gold": ["abc"], "predicted": [""], "value": 0.0},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or blank references only."""
        return no_text(gold)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 18)."""
        from sacrebleu.metrics.chrf import CHRF

        return line_sums(CHRF(), gold, predicted)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 18) -> (...)."""
        from sacrebleu.metrics.chrf import CHRF

        return corpus_scores(CHRF(), totals)
