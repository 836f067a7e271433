"""Agreement beyond chance, of sums over items: how often answers would be equal if items and votes were unrelated.

Columns by answer stop at MOST_CELLS. Scott's pi, Fleiss' kappa and Gwet's AC1 differ in the chance that they make of
the same shares.
"""

from typing import NamedTuple

import numpy as np

from registry.annotation.tally import Tally, over_pairs, ratio, tallied
from registry.annotation.votes import FloatArray, Votes

MOST_CELLS, MOST_COLUMNS = 2**22, 256
"""Numbers in the columns by answer: 32 MiB. Answers beyond them, the rarest, share one column."""


class Columns(NamedTuple):
    """Counts by answer, so that the products of their totals can be had from sums over items.

    The products of the answers that share `rest` are those of the items as they are; where items are drawn anew they
    follow to the first order.
    """

    left: FloatArray
    """(items, answers), of the answers that have most."""
    right: FloatArray
    rest: FloatArray
    """(items,): adds up to the products of the other answers."""


def products(left: Tally, right: Tally) -> Columns:
    """Columns whose totals, multiplied answer by answer and summed with `rest`, are the chance of equal answers."""
    size, kinds = left.size, 1 + max(int(left.answers.max(initial=0)), int(right.answers.max(initial=0)))
    sums = [np.bincount(one.answers, one.counts, kinds) for one in (left, right)]
    columns = min(kinds, MOST_COLUMNS, max(1, MOST_CELLS // max(1, size)))
    most = np.argsort(-(sums[0] + sums[1]), kind="stable")[:columns]
    place = np.full(kinds, -1)
    place[most] = np.arange(columns)
    rest = np.full(size, -(sums[0] * sums[1])[place < 0].sum() / max(1, size))
    dense = []
    for one, others in ((left, sums[1]), (right, sums[0])):
        at = place[one.answers]
        shown = at >= 0
        cells = np.zeros((size, columns))
        cells[one.items[shown], at[shown]] = one.counts[shown]
        dense.append(cells)
        rest += np.bincount(one.items[~shown], (one.counts * others[one.answers])[~shown], size)
    return Columns(dense[0], dense[1], rest)


def shares(votes: Votes) -> FloatArray:
    """(items, 4 + columns): 1, the share of equal pairs, how many answers there are, and the rest and the columns of
    the shares of the answers.

    Items with less than two votes add zeros; otherwise every item weighs the same, however many votes it has.
    """
    votes = votes.where(votes.counts[votes.items] >= 2)
    found = tallied(votes)
    agreeing, shown = over_pairs(votes, found.agreeing).T
    kinds = len(votes.answers) or len(np.unique(votes.values))
    found = found._replace(counts=found.shares(found.counts))
    columns, _, rest = products(found, found)
    return np.column_stack([shown, agreeing, kinds * shown, rest, columns])


class Shared(NamedTuple):
    """What totals (..., 4 + columns) of `shares` say; nan without items."""

    observed: FloatArray
    """(...): the mean share of equal pairs."""
    meeting: FloatArray
    """(...): the chance that two answers drawn from all are equal."""
    kinds: FloatArray
    """(...): how many answers there are."""


def shared(totals: FloatArray) -> Shared:
    n = totals[..., 0]
    meeting = (totals[..., 4:] ** 2).sum(axis=-1) + totals[..., 3]
    return Shared(ratio(totals[..., 1], n), ratio(meeting, n**2), ratio(totals[..., 2], n))


def beyond_chance(disagreement: FloatArray, expected: FloatArray, scale: FloatArray | float = 1.0) -> FloatArray:
    """1 - disagreement / expected; nan where rounding alone, of numbers as large as `scale`, leaves any expected."""
    return 1 - ratio(disagreement, np.where(expected > 1e-12 * scale, expected, 0.0))
