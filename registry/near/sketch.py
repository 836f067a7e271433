"""A bound that rules most pairs of unlike texts out for a fraction of what comparing them costs, and never a like one.

A sketch has 512 bits; each bit says whether an odd number of the text's distinct shingles hash to it. Two sketches
differ in no more bits than the texts differ in shingles (Sandes et al., Bitmap filter, 2020), and a pair with
similarity t differs in at most (1 - t) / (1 + t) of both texts' shingles together.
"""

import numpy as np

WORDS = 8
WORD, BIT, ONE = np.uint64(WORDS - 1), np.uint64(63), np.uint64(1)


class Sketches:
    """Sketches and sizes of a number of texts, named by their places."""

    def __init__(self, count: int, threshold: float) -> None:
        self._bits, self._sizes = np.zeros((count, WORDS), dtype=np.uint64), np.zeros(count, dtype=np.int64)
        self._threshold = threshold

    def add(self, places: np.ndarray, values: np.ndarray, real: np.ndarray) -> None:
        """Note texts, one a column of their shingles; `real` is False where one is repeated."""
        self._sizes[places] = real.sum(axis=0)
        bits = np.where(real, ONE << (values & BIT), np.uint64(0))
        words = (values >> np.uint64(6)) & WORD
        for word in range(WORDS):
            self._bits[places, word] = np.bitwise_xor.reduce(np.where(words == word, bits, np.uint64(0)), axis=0)

    def may_be_alike(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """False only for pairs below the threshold."""
        ones, others = self._sizes[left], self._sizes[right]
        allowed = (1 - self._threshold) / (1 + self._threshold) * (ones + others) + 1e-6
        differing = np.bitwise_count(self._bits[left] ^ self._bits[right]).sum(axis=1, dtype=np.int64)
        possible: np.ndarray = (differing <= allowed) & (np.abs(ones - others) <= allowed)
        return possible
