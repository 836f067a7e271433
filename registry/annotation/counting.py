"""What measures of agreement count: how often each item has each answer, and how often answers meet by chance.

Shared by the files in `registry/annotation/measures`. Everything is linear in votes, or in pairs of different answers
to one item; columns by answer stop at MOST_CELLS.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from registry.annotation.votes import FloatArray, IntArray, Votes

MOST_CELLS, MOST_COLUMNS = 2**22, 256
"""Numbers in the columns by answer: 32 MiB. Answers beyond them, the rarest, share one column."""


class Tally(NamedTuple):
    """The different answers to each item, in order of item and answer, and how many votes each has."""

    items: IntArray
    answers: IntArray
    counts: IntArray
    size: int
    """Items, those without votes among them."""

    def per_item(self, amounts: FloatArray | IntArray) -> FloatArray:
        """(items,): the sum of an amount for each different answer."""
        return np.bincount(self.items, amounts, self.size).astype(np.float64)

    @property
    def agreeing(self) -> FloatArray:
        """(items,): pairs of equal votes."""
        return self.per_item(self.counts * (self.counts - 1) / 2)

    def meetings(self) -> Iterator[tuple[IntArray, IntArray]]:
        """All pairs of different answers to one item, some at a time, as places in this tally."""
        left, lag = np.arange(len(self.items)), 0
        while len(left):
            lag += 1
            left = left[left + lag < len(self.items)]
            left = left[self.items[left + lag] == self.items[left]]
            if len(left):
                yield left, left + lag


def codes(votes: Votes) -> IntArray:
    """(votes,), from 0: equal for votes that are equal."""
    if votes.answers:
        return votes.values.astype(np.int64)
    return np.unique(votes.values, return_inverse=True)[1].astype(np.int64)


def tally(items: IntArray, answers: IntArray, size: int) -> Tally:
    """What `size` items have, of one item and one answer for each vote; answers are whole numbers from 0."""
    kinds = int(answers.max(initial=0)) + 1
    keys, counts = np.unique(items * kinds + answers, return_counts=True)
    return Tally(keys // kinds, keys % kinds, counts, size)


def tallied(votes: Votes) -> Tally:
    return tally(votes.items, codes(votes), len(votes.counts))


def pairs(votes: Votes) -> FloatArray:
    """(items,): pairs of votes."""
    return np.asarray(votes.counts * (votes.counts - 1) / 2, dtype=np.float64)


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Quotients; nan where there is nothing below."""
    found = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found


class Columns(NamedTuple):
    """Amounts by answer, so that the products of their totals can be had from sums over items.

    The products of the answers that share `rest` are those of the items as they are; where items are drawn anew they
    follow to the first order.
    """

    left: FloatArray
    """(items, answers), of the answers that have most."""
    right: FloatArray
    rest: FloatArray
    """(items,): adds up to the products of the other answers."""


def products(left: Tally, right: Tally, of_left: FloatArray, of_right: FloatArray) -> Columns:
    """Columns whose totals, multiplied answer by answer and summed with `rest`, are the chance of equal answers."""
    kinds = 1 + max(int(left.answers.max(initial=0)), int(right.answers.max(initial=0)))
    sums = [np.bincount(one.answers, amounts, kinds) for one, amounts in ((left, of_left), (right, of_right))]
    columns = max(1, min(MOST_COLUMNS, MOST_CELLS // max(1, left.size)))
    order = np.argsort(-(sums[0] + sums[1]), kind="stable")
    place = np.full(kinds, -1)
    place[order[:columns]] = np.arange(len(order[:columns]))
    rest = np.full(left.size, -(sums[0] * sums[1])[place < 0].sum() / max(1, left.size))
    dense = []
    for one, amounts, others in ((left, of_left, sums[1]), (right, of_right, sums[0])):
        at = place[one.answers]
        shown = at >= 0
        cells = np.zeros((one.size, min(columns, kinds)))
        cells[one.items[shown], at[shown]] = amounts[shown]
        dense.append(cells)
        rest += np.bincount(one.items[~shown], (amounts * others[one.answers])[~shown], one.size)
    return Columns(dense[0], dense[1], rest)


def squares(one: Tally, amounts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Columns and rest whose totals, squared and summed with the rest, are the chance of equal answers."""
    left, _, rest = products(one, one, amounts, amounts)
    return left, rest
