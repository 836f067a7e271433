"""The word error rate of transcripts. How texts become words is told by `harness.texts.transcripts`."""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.texts.transcripts import errors, unspoken


class Wer:
    """Words left out, put in or mistaken / words of the references, over all lines together; above 1 where more is put
    in than there was to hear.

    Source: Levenshtein distance over words, as counted by the package jiwer. Small letters, without punctuation; each
    Han or Kana character is a word; "7" and "seven" differ. Two sums: errors, words of the references.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # one mistaken, one put in, of three
        {"gold": ["ten of clubs"], "predicted": ["tent of the clubs"], "value": 2 / 3},
        # case and punctuation cannot be heard; nothing was heard of the second
        {"gold": ["Well, I don't.", "yes"], "predicted": ["well i don’t", ""], "value": 1 / 4},
        # four characters, one of them another
        {"gold": ["今天很好。"], "predicted": ["今天 还好"], "value": 1 / 4},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002
        """An empty split, or references without any word."""
        return no_rows(gold) or unspoken(gold)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): errors, and words of the reference."""
        return errors(gold, predicted, "words")

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where no reference has a word."""
        return ratio(totals[..., 0], totals[..., 1])
