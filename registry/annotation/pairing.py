"""Votes two by two: of each pair of annotators, and of each annotator with the others.

Anonymous votes are in no pair. Pairs grow with the square of the annotators: those of MOST_ANNOTATORS are looked at,
and a vote is held against at most MOST_OTHERS others on its item.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from registry.annotation.votes import ANONYMOUS, FloatArray, IntArray, Votes

MOST_ANNOTATORS = 40
"""The annotators with the most votes, whose 780 pairs are looked at."""
MOST_OTHERS = 10


class Pair(NamedTuple):
    """The votes of two annotators, in the order of their names, on the items (items,) that both answered."""

    items: IntArray
    votes: Votes


def pairs(votes: Votes) -> Iterator[Pair]:
    """Every two of the annotators with the most votes who answered an item both."""
    if votes.annotators is None:
        return
    busy = most_busy(votes, MOST_ANNOTATORS)
    own = [_last_votes(votes, one) for one in busy]
    place = np.full(len(votes.counts), -1)
    for number, (items, given) in enumerate(own):
        place[items] = np.arange(len(items))
        for other in range(number + 1, len(own)):
            theirs, said = own[other]
            shared = place[theirs] >= 0
            if shared.any():
                values = np.column_stack([given[place[theirs[shared]]], said[shared]])
                names = (votes.names[busy[number]], votes.names[busy[other]])
                yield Pair(theirs[shared], two_by_two(values, votes, names))
        place[items] = -1


def most_busy(votes: Votes, most: int) -> IntArray:
    """Places of the annotators with the most votes, in order of name."""
    if votes.annotators is None:
        return np.zeros(0, dtype=np.int64)
    counts = np.bincount(votes.annotators[votes.annotators != ANONYMOUS], minlength=len(votes.names))
    order = np.argsort(-counts, kind="stable")
    return np.sort(order[counts[order] > 0][:most])


def two_by_two(values: FloatArray, votes: Votes, names: tuple[str, str]) -> Votes:
    """(items, 2) values of two annotators as votes, with the answers of `votes`."""
    offsets, who = np.arange(0, values.size + 1, 2), np.tile(np.arange(2), len(values))
    return votes._replace(values=values.ravel(), offsets=offsets, annotators=who, names=names)


def with_others(votes: Votes, annotator: int) -> Votes:
    """Each vote of an annotator beside a vote of somebody else on its item, once for each of the others."""
    if votes.annotators is None:
        raise ValueError("votes without annotators")
    mine = np.flatnonzero(votes.annotators == annotator)
    item = np.searchsorted(votes.offsets, mine, side="right") - 1
    start, count = votes.offsets[item], votes.counts[item]
    found = [np.zeros((0, 2))]
    for lag in range(1, min(MOST_OTHERS, int(count.max(initial=1)) - 1) + 1):
        partner = start + (mine - start + lag) % count
        kept = (count > lag) & (votes.annotators[partner] != annotator)
        found.append(votes.values[np.column_stack([mine[kept], partner[kept]])])
    return two_by_two(np.concatenate(found), votes, (votes.names[annotator], ""))


def _last_votes(votes: Votes, annotator: int) -> tuple[IntArray, FloatArray]:
    """The items of an annotator, and of several votes on one the last."""
    mine = np.flatnonzero(votes.annotators == annotator)[::-1]
    items, first = np.unique(np.searchsorted(votes.offsets, mine, side="right") - 1, return_index=True)
    return items, votes.values[mine[first]]
