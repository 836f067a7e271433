"""The answers that each item was given, and which of them is ahead.

An aggregate scores the candidates of an item; here the scores become its one answer. An answer that nobody gave to an
item is no candidate, so unanimous votes are always kept.
"""

from typing import NamedTuple

import numpy as np

from registry.annotation.aggregation import Aggregated
from registry.annotation.raters import confusion, skill
from registry.annotation.spec import Ties
from registry.annotation.votes import FloatArray, IntArray, Votes

CLOSE = 1e-9
"""Scores that differ by no more are tied: they are shares or probabilities, rounded a few times."""


class Candidates(NamedTuple):
    """Every item with each answer that it was given, in order of items and answers."""

    items: IntArray
    """(candidates,)"""
    answers: IntArray
    """(candidates,): places in `answers` of the votes."""
    of_votes: IntArray
    """(votes,): the candidate that each vote is for."""
    starts: IntArray
    """(items with votes,): the first candidate of each."""

    @property
    def voted(self) -> IntArray:
        """(items with votes,): which they are."""
        return self.items[self.starts]

    @property
    def sizes(self) -> IntArray:
        """(items with votes,): the number of candidates of each."""
        return np.diff(self.starts, append=len(self.items))

    def sums(self, weights: FloatArray | None = None) -> FloatArray:
        """(candidates,): the number of votes for each, or the sum of their `weights` (votes,)."""
        return np.bincount(self.of_votes, weights, len(self.items)).astype(np.float64)

    def shares(self, weights: FloatArray | None = None) -> FloatArray:
        """(candidates,): `sums` as parts of those of the item."""
        got = self.sums(weights)
        return got / np.repeat(np.add.reduceat(got, self.starts), self.sizes) if len(got) else got

    def lead(self, scores: FloatArray) -> FloatArray:
        """(candidates,): 1 for the one that is ahead, 1/n for each of n that are tied, 0 for the others."""
        if not len(scores):
            return scores
        ahead = scores >= np.repeat(np.maximum.reduceat(scores, self.starts), self.sizes) - CLOSE
        part: FloatArray = ahead / np.repeat(np.add.reduceat(ahead.astype(np.int64), self.starts), self.sizes)
        return part


def candidates(votes: Votes) -> Candidates:
    """What each item may be answered with. Votes on one item count the same in any order."""
    width = max(len(votes.answers), 1)
    keys, of_votes = np.unique(votes.items * width + votes.values.astype(np.int64), return_inverse=True)
    items = keys // width
    return Candidates(items, keys % width, of_votes, np.flatnonzero(np.diff(items, prepend=-1)))


def decided(votes: Votes, given: Candidates, scores: FloatArray, ties: Ties) -> Aggregated:
    """The candidate of each item with the highest of `scores` (candidates,), which are also the certainties."""
    items = len(votes.counts)
    values, certainty, tied = np.full(items, np.nan), np.full(items, np.nan), np.zeros(items, dtype=np.bool_)
    lead = given.lead(scores)
    first = np.flatnonzero(lead)
    # Candidates stand in order of the answers, so the first of those ahead is the one that `first` means.
    first = first[np.flatnonzero(np.diff(given.items[first], prepend=-1))]
    tied[given.voted] = lead[first] < 1
    kept = first if ties == "first" else first[lead[first] == 1]
    values[given.items[kept]], certainty[given.items[kept]] = given.answers[kept], scores[kept]
    return Aggregated(values, votes.answers, tied, certainty, skill(votes, values), confusion(votes, values))
