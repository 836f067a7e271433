"""TER of the whole split by sacrebleu (Snover et al. 2006): edits and shifts of words, per hundred of the references.

Where most words of the references are Han characters, each of these is a word, as sacrebleu parts Asian text; in other
scripts words are what stands between white space, in small letters. Above 100 there is more to change than to write.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.corpus import corpus_scores, no_text
from harness.texts.edit_rate import edits
from harness.texts.words import script


class Ter:
    """Two sums: edits, words of the references."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")
    higher_is_better: ClassVar[bool] = False
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # one shift of "the mat", and "a" for "the"
        {"gold": ["on the mat sat the cat"], "predicted": ["sat a cat on the mat"], "value": 100 * 2 / 6},
        {"gold": ["今天很好"], "predicted": ["今天好"], "value": 25.0},
        {"gold": ["one"], "predicted": ["two three four"], "value": 300.0},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or blank references only."""
        return no_text(gold)

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2)."""
        from sacrebleu.metrics.ter import TER

        han = script(gold) == "han"
        scorer = TER(normalized=han, asian_support=han)
        right, said = ([scorer.tokenizer(text.rstrip()).split() for text in side] for side in (gold, predicted))
        return np.array([(edits(*pair), len(pair[1])) for pair in zip(said, right, strict=True)], dtype=np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...)."""
        from sacrebleu.metrics.ter import TER

        return corpus_scores(TER(), totals)
