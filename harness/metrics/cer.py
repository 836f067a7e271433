"""The character error rate of transcripts. Which characters count is told by `harness.texts.transcripts`."""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.texts.transcripts import errors, unspoken


class Cer:
    """Characters left out, put in or mistaken / characters of the references, over all lines together.

    Source: Levenshtein distance over characters, as counted by the package jiwer. Small letters, without punctuation;
    the blank between two words counts, blanks beside Han or Kana characters do not. Two sums: errors, characters of the
    references.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # "t" put in; twelve characters with their blanks
        {"gold": ["Ten of clubs"], "predicted": ["tent of clubs"], "value": 1 / 12},
        {"gold": ["ice cream"], "predicted": ["icecream"], "value": 1 / 9},
        {"gold": ["今天，很好"], "predicted": ["今 天很号"], "value": 1 / 4},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002
        """An empty split, or references without any word."""
        return no_rows(gold) or unspoken(gold)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): errors, and characters of the reference."""
        return errors(gold, predicted, "characters")

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where no reference has a character."""
        return ratio(totals[..., 0], totals[..., 1])
