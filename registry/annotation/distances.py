"""How far apart two answers are that are sets or quantities, summed over the answers to an item and over all.

Works on different answers, not on votes. More of them than MOST_ANSWERS are refused: each is held against each.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.annotation.counting import Tally
from registry.annotation.votes import FloatArray, IntArray, Votes
from registry.errors import UserError

MOST_ANSWERS = 20_000
BLOCK = 2**22
"""Distances that are in memory at once."""

Distance = Callable[[IntArray, IntArray], FloatArray]
"""Of answers, by their places; the two broadcast against each other."""


class TooManyError(UserError):
    """Agreement that cannot be computed, for the reason that it tells."""


class Parts(NamedTuple):
    """What answers that are lists hold: answer i has the parts `places[offsets[i]:offsets[i + 1]]`, each once."""

    places: IntArray
    offsets: IntArray
    names: tuple[str, ...]
    """The parts, as JSON."""

    @property
    def sizes(self) -> IntArray:
        return np.diff(self.offsets)

    @property
    def answers(self) -> IntArray:
        """The answer that each part belongs to."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


def parts(answers: tuple[str, ...]) -> Parts:
    """The parts of sets of labels, spans or relations, spelled as `registry.annotation.answers` does."""
    known: dict[str, int] = {}
    lists = [[json.dumps(part) for part in json.loads(answer)] for answer in answers]
    places = [known.setdefault(part, len(known)) for one in lists for part in one]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in lists], dtype=np.int64)])
    return Parts(np.array(places, dtype=np.int64), offsets, tuple(known))


def of_sets(votes: Votes, measure: str) -> Distance:
    """1 - Jaccard similarity of two sets; for `masi` of that times 1 for equal sets, 2/3 for one within the other,
    1/3 for sets that overlap. Two empty sets are equal.

    Source: Passonneau 2006, "Measuring agreement on set-valued items (MASI)".
    """
    found = parts(votes.answers)
    member = np.zeros((len(votes.answers), max(1, len(found.names))), dtype=np.bool_)
    member[found.answers, found.places] = True
    return partial(_set_distance, np.packbits(member, axis=1), found.sizes, masi=measure == "masi")


def _set_distance(
    bits: NDArray[np.uint8], sizes: IntArray, left: IntArray, right: IntArray, *, masi: bool
) -> FloatArray:
    shared = np.zeros(np.broadcast_shapes(left.shape, right.shape))
    for column in bits.T:
        shared += np.bitwise_count(column[left] & column[right])
    smaller, larger = np.minimum(sizes[left], sizes[right]), np.maximum(sizes[left], sizes[right])
    union = smaller + larger - shared
    similar = np.divide(shared, union, out=np.ones_like(shared), where=union > 0)
    if masi:
        similar *= np.select([shared == larger, shared == smaller], [1.0, 2 / 3], 1 / 3)
    return 1 - similar


def of_quantities(votes: Votes) -> tuple[Distance, IntArray]:
    """The squared difference over the squared sum, and which quantity each vote is. TooManyError below 0."""
    quantities, places = np.unique(votes.values, return_inverse=True)
    if len(quantities) and quantities[0] < 0:
        raise TooManyError("the ratio level needs a scale that begins at 0, and there are votes below it")

    def distance(left: IntArray, right: IntArray) -> FloatArray:
        a, b = quantities[left], quantities[right]
        return np.divide(a - b, a + b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=a + b > 0) ** 2

    return distance, places.astype(np.int64)


def within(found: Tally, distance: Distance) -> FloatArray:
    """(items,): the distances of all pairs of votes on an item, each pair once."""
    total = np.zeros(found.size)
    for left, right in found.meetings():
        for start in range(0, len(left), BLOCK):
            a, b = left[start : start + BLOCK], right[start : start + BLOCK]
            far = distance(found.answers[a], found.answers[b]) * found.counts[a] * found.counts[b]
            total += np.bincount(found.items[a], far, found.size)
    return total


def overall(found: Tally, distance: Distance) -> FloatArray:
    """(items,): adds up to the distances of all ordered pairs of votes; drawn anew, to the first order."""
    kinds, place = np.unique(found.answers, return_inverse=True)
    if len(kinds) > MOST_ANSWERS:
        raise TooManyError(f"{len(kinds):,} different answers are too many to hold each against each")
    weights = np.bincount(place, found.counts)
    each, step = np.empty(len(kinds)), max(1, BLOCK // max(1, len(kinds)))
    for start in range(0, len(kinds), step):
        each[start : start + step] = distance(kinds[start : start + step, None], kinds[None, :]) @ weights
    return 2 * found.per_item(found.counts * each[place]) - (weights @ each) / max(1, found.size)
