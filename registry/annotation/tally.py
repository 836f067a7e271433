"""The different answers that each item was given: how often, by which votes, and which of them is ahead.

What measures and aggregates count with. Everything is linear in votes, or in pairs of different answers to one item.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from registry.annotation.votes import BoolArray, FloatArray, IntArray, Votes

CLOSE = 1e-9
"""Scores that differ by no more are tied: they are shares or probabilities, rounded a few times."""


class Tally(NamedTuple):
    """A cell for each different answer to each item, in order of items and answers."""

    items: IntArray
    """(cells,)"""
    answers: IntArray
    """(cells,): as `codes` has them."""
    counts: FloatArray
    """(cells,): votes, or what they weigh."""
    of_votes: IntArray
    """(votes,): the cell of each."""
    starts: IntArray
    """(items with votes,): the first cell of each."""
    size: int
    """Items, those without votes among them."""

    @property
    def sizes(self) -> IntArray:
        """(items with votes,): the number of cells of each."""
        return np.diff(self.starts, append=len(self.items))

    @property
    def agreeing(self) -> FloatArray:
        """(items,): pairs of equal votes."""
        return self.per_item(self.counts * (self.counts - 1) / 2)

    def per_item(self, amounts: FloatArray | BoolArray) -> FloatArray:
        """(cells,) -> (items,): their sums."""
        return np.bincount(self.items, amounts, self.size).astype(np.float64)

    def sums(self, weights: FloatArray) -> FloatArray:
        """(votes,) -> (cells,): their sums."""
        return np.bincount(self.of_votes, weights, len(self.items)).astype(np.float64)

    def shares(self, amounts: FloatArray | BoolArray) -> FloatArray:
        """(cells,): amounts as parts of those of the item."""
        found: FloatArray = amounts / np.repeat(np.add.reduceat(amounts, self.starts, dtype=np.float64), self.sizes)
        return found

    def lead(self, scores: FloatArray) -> FloatArray:
        """(cells,): 1 for the answer that is ahead, 1/n for each of n that are tied, 0 for the others."""
        return self.shares(scores >= np.repeat(np.maximum.reduceat(scores, self.starts), self.sizes) - CLOSE)

    def meetings(self) -> Iterator[tuple[IntArray, IntArray]]:
        """All pairs of different answers to one item, some at a time, as cells."""
        left, lag = np.arange(len(self.items)), 0
        while len(left):
            lag += 1
            left = left[left + lag < len(self.items)]
            left = left[self.items[left + lag] == self.items[left]]
            yield left, left + lag


def tally(items: IntArray, answers: IntArray, size: int) -> Tally:
    """What `size` items have, of one item and one answer for each vote; answers are whole numbers from 0."""
    kinds = int(answers.max(initial=0)) + 1
    cells, of_votes, counts = np.unique(items * kinds + answers, return_inverse=True, return_counts=True)
    items, answers = np.divmod(cells, kinds)
    starts = np.flatnonzero(np.diff(items, prepend=-1))
    return Tally(items, answers, counts.astype(np.float64), of_votes, starts, size)


def tallied(votes: Votes) -> Tally:
    return tally(votes.items, codes(votes), len(votes.counts))


def codes(votes: Votes) -> IntArray:
    """(votes,): places in the answers of the votes; of numbers, their ranks among all different ones."""
    if votes.answers:
        return votes.values.astype(np.int64)
    return np.unique(votes.values, return_inverse=True)[1].astype(np.int64)


def over_pairs(votes: Votes, sums: FloatArray) -> FloatArray:
    """(items, 2): `sums` (items,) over pairs of votes as means, and 1; zeros where there is no pair."""
    pairs = votes.counts * (votes.counts - 1) / 2
    return np.column_stack([sums / np.maximum(pairs, 1), pairs > 0])


def ratio(above: FloatArray | IntArray, below: FloatArray | IntArray) -> FloatArray:
    """Quotients; nan where there is nothing below."""
    found = np.full(np.broadcast_shapes(np.shape(above), np.shape(below)), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found
