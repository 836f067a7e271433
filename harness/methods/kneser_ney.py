"""Interpolated Kneser-Ney over the bytes of texts: how probable each next byte is after those before it.

A distribution over all byte strings: each text ends with a sign of its own, and every byte has a share after anything.
Counts are sorted arrays, so that a megabyte is learnt in a second and holds no dictionary. (Kneser and Ney 1995;
Chen and Goodman 1999, section 4.1.6, one discount for each length.)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.metric import FloatArray, IntArray

END, BEGIN = 256, 257
SYMBOLS = 257
"""What can come next: the bytes, and the end."""
BASE = 258
LONGEST = 7
"""Bytes of an n-gram whose number fits 63 bits."""


class Level(NamedTuple):
    """The n-grams of one length, each a number in base 258, sorted."""

    grams: IntArray
    counts: FloatArray
    """Each less the discount."""
    contexts: IntArray
    totals: FloatArray
    """(contexts,): what follows each, all in all."""
    shares: FloatArray
    """(contexts,): of the probability that is left to shorter n-grams."""


def learnt(texts: Sequence[str], order: int) -> tuple[Level, ...]:
    """The levels of 1 to `order` bytes. No text at all is no level: every byte is then as probable as any other."""
    coded = encoded(texts, order)
    if not len(coded):
        return ()
    grams, counts = np.unique(coded, return_counts=True)
    levels = list[Level]()
    for length in range(order, 0, -1):
        levels.append(_level(grams, counts))
        # A shorter n-gram counts once for each different byte before it.
        grams, counts = np.unique(grams % BASE ** (length - 1), return_counts=True)
    return tuple(reversed(levels))


def nats(texts: Sequence[str], levels: tuple[Level, ...], order: int) -> FloatArray:
    """(n,): minus the logarithm of the probability of each text and of its end."""
    if not len(texts):
        return np.zeros(0)
    distinct, places = np.unique(encoded(texts, order), return_inverse=True)
    surprise = -np.log(probabilities(distinct, levels))[places]
    ends = np.cumsum([len(text.encode("utf-8", "replace")) + 1 for text in texts])
    return np.add.reduceat(surprise, np.concatenate([[0], ends[:-1]]))


def probabilities(grams: IntArray, levels: tuple[Level, ...]) -> FloatArray:
    """(n,) n-grams of the longest length -> (n,) the probability of each one's last byte after the others."""
    found = np.full(len(grams), 1 / SYMBOLS)
    for length, level in enumerate(levels, start=1):
        gram = grams % BASE**length
        at, there = _places(level.grams, gram)
        count = np.where(there, level.counts[at], 0.0)
        at, known = _places(level.contexts, gram // BASE)
        found = np.where(known, count / level.totals[at] + level.shares[at] * found, found)
    return found


def encoded(texts: Sequence[str], order: int) -> IntArray:
    """Each byte and end of the texts as the number of the n-gram that it closes."""
    if not len(texts):
        return np.zeros(0, dtype=np.int64)
    begin, end = np.full(order - 1, BEGIN, dtype=np.int64), np.array([END])
    each = (np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8) for text in texts)
    symbols = np.concatenate([part for text in each for part in (begin, text, end)])
    coded = np.zeros(len(symbols), dtype=np.int64)
    for back in range(order):
        coded[back:] += symbols[: len(symbols) - back] * BASE**back
    return coded[symbols != BEGIN]


def _level(grams: IntArray, counts: NDArray[np.integer]) -> Level:
    contexts, first, followers = np.unique(grams // BASE, return_index=True, return_counts=True)
    totals = np.add.reduceat(counts, first).astype(np.float64)
    discount = _discount(counts)
    return Level(grams, counts.astype(np.float64) - discount, contexts, totals, discount * followers / totals)


def _discount(counts: NDArray[np.integer]) -> float:
    """By how many n-grams there are once and twice (Ney, Essen and Kneser 1994); a half where that tells nothing."""
    once, twice = (int((counts == number).sum()) for number in (1, 2))
    return once / (once + 2 * twice) if once and twice else 0.5


def _places(keys: IntArray, wanted: IntArray) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where each wanted number stands among sorted ones, some place where it does not; and whether it does."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted
