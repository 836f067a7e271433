"""BLEU of the whole split, from 0 to 100, by sacrebleu (Papineni et al. 2002; Post 2018).

Words are told apart by the script of the references: sacrebleu's `zh` for Han, `char` for Japanese and Korean, else
`13a`. As sacrebleu does by default, n-grams that never match are smoothed where predictions have any of their length.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows
from harness.statistics.corpus import corpus_scores, line_sums
from harness.texts.words import Script, script

TOKENIZERS: dict[Script, str] = {"han": "zh", "kana": "char", "hangul": "char", "spaced": "13a"}
LONGEST = 4
"""Words of an n-gram."""


class Bleu:
    """Ten sums: lengths of predictions and references, then matched n-grams and n-grams of 1 to 4 words."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 100.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": ["the cat is on the mat"], "predicted": ["the cat is on the mat"], "value": 100.0},
        # precisions 4/4, 3/3, 2/2, 1/1 of a text of four words where there should be five
        {"gold": ["今天很好。"], "predicted": ["今天很好"], "value": 100 * float(np.exp(1 - 5 / 4))},
        {"gold": ["one two three four"], "predicted": [""], "value": 0.0},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No rows, or no reference with four words: not even the right answer would then be above 0."""
        from sacrebleu.metrics.bleu import BLEU

        words = BLEU(tokenize=TOKENIZERS[script(gold)]).tokenizer
        if not len(gold) or any(len(words(text).split()) >= LONGEST for text in gold):
            return no_rows(gold)
        return f"no reference has {LONGEST} words"

    def contributions(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 10)."""
        from sacrebleu.metrics.bleu import BLEU

        return line_sums(BLEU(tokenize=TOKENIZERS[script(gold)]), gold, predicted)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 10) -> (...)."""
        from sacrebleu.metrics.bleu import BLEU

        return np.minimum(corpus_scores(BLEU(), totals), 100.0)  # its logarithms end a hair above
