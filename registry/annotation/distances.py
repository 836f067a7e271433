"""How far apart two answers are that are sets or quantities, summed over the answers to an item and over all.

Works on different answers, not on votes. More of them than MOST_ANSWERS are refused: each is held against each.
"""

from collections.abc import Callable

import numpy as np

from registry.annotation.parts import parts
from registry.annotation.spec import Level
from registry.annotation.tally import Tally, over_pairs, tallied
from registry.annotation.votes import FloatArray, IntArray, Votes
from registry.errors import UserError

MOST_ANSWERS = 20_000
BLOCK = 2**22
"""Distances that are in memory at once."""

Distance = Callable[[IntArray, IntArray], FloatArray]
"""Of answers, as a tally has them; the two broadcast against each other."""


class TooManyError(UserError):
    """Agreement that cannot be computed, for the reason that it tells."""


def of_sets(votes: Votes, level: Level) -> Distance:
    """1 - Jaccard similarity of two sets; for `masi` of that times 1 for equal sets, 2/3 for one within the other,
    1/3 for sets that overlap. Two empty sets are equal.

    Source: Passonneau 2006, "Measuring agreement on set-valued items (MASI)".
    """
    found = parts(votes)
    member = np.zeros((len(found.sizes), max(1, len(found.names))), dtype=np.bool_)
    member[found.owners, found.places] = True
    bits, sizes = np.packbits(member, axis=1), found.sizes

    def distance(left: IntArray, right: IntArray) -> FloatArray:
        shared = np.zeros(np.broadcast_shapes(left.shape, right.shape))
        for column in bits.T:
            shared += np.bitwise_count(column[left] & column[right])
        smaller, larger = np.minimum(sizes[left], sizes[right]), np.maximum(sizes[left], sizes[right])
        union = smaller + larger - shared
        similar = np.divide(shared, union, out=np.ones_like(shared), where=union > 0)
        if level == "masi":
            similar *= np.select([shared == larger, shared == smaller], [1.0, 2 / 3], 1 / 3)
        return 1 - similar

    return distance


def of_quantities(votes: Votes) -> Distance:
    """The squared difference over the squared sum. TooManyError below 0."""
    quantities = np.unique(votes.values)
    if len(quantities) and quantities[0] < 0:
        raise TooManyError("the ratio level needs a scale that begins at 0, and there are votes below it")

    def distance(left: IntArray, right: IntArray) -> FloatArray:
        a, b = quantities[left], quantities[right]
        return np.divide(a - b, a + b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=a + b > 0) ** 2

    return distance


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


def similarity(votes: Votes, level: Level) -> FloatArray:
    """(items, 2): the mean similarity of two sets given to an item, and 1, where there are two."""
    far, shown = over_pairs(votes, within(tallied(votes), of_sets(votes, level))).T
    return np.column_stack([shown - far, shown])
