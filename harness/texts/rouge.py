"""ROUGE between two lists of words (Lin 2004): F1 of the n-grams or of the longest subsequence that both have.

The values are those of the package rouge-score given the same words, without stemming. It is not called, because its
table of common subsequences takes seconds for one long answer, and importing it takes another; tests hold these
functions against it.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from harness.metric import FloatArray
from harness.texts.words import runs, words


def rouge_n(gold: Sequence[str], predicted: Sequence[str], length: int) -> FloatArray:
    """(n,): F1 of the n-grams of each two texts; 0 where one has none."""
    pairs = zip(words(gold), words(predicted), strict=True)
    return np.array([overlap(runs(right, length), runs(said, length)) for right, said in pairs], dtype=np.float64)


def rouge_l(gold: Sequence[str], predicted: Sequence[str]) -> FloatArray:
    """(n,): F1 of the longest common subsequence of each two texts, taken whole, not sentence by sentence."""
    pairs = zip(words(gold), words(predicted), strict=True)
    return np.array([f1(common(right, said), len(right), len(said)) for right, said in pairs], dtype=np.float64)


def overlap(right: Counter[tuple[str, ...]], said: Counter[tuple[str, ...]]) -> float:
    """F1 of two bags of n-grams."""
    return f1((right & said).total(), right.total(), said.total())


def f1(shared: int, right: int, said: int) -> float:
    """Of what both have, and what each has in all; 0 where both have nothing in common."""
    return 2 * shared / (right + said) if shared else 0.0


def common(right: Sequence[str], said: Sequence[str]) -> int:
    """The length of the longest common subsequence, one number of `len(right)` bits a word (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, word in enumerate(right):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(right)) - 1
    row = full
    for word in said:
        matched = row & places.get(word, 0)
        row = (row + matched | row - matched) & full
    return len(right) - row.bit_count()
