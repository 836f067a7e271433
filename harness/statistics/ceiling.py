"""How well one annotator does where models are measured: each vote is held against the other votes on its row.

Owns what leaving a vote out means, so that a score of people and one of models are sums of the same metric. Needs no
names: it is votes that are left out. Knows no rule that turns a vote into a label, and no card.
"""

from typing import NamedTuple

import numpy as np

from harness.metric import FloatArray, IntArray, Metric
from registry.annotation.votes import Votes

NONE = -1
"""Stands for no label: of a vote that no rule takes, or of other votes that decide nothing."""


class HeldOut(NamedTuple):
    """What the votes on each row say, and what the others say without them. Equal lines of a row are one line."""

    rows: IntArray
    """(lines,): the row, ascending."""
    others: IntArray
    """(lines,): the label by the other votes; never NONE: where they decide nothing there is nothing to be right on."""
    given: IntArray
    """(lines,): the label that the vote stands for. NONE is a wrong answer: a model must choose a label, and did."""
    weights: FloatArray
    """(lines,): the share of the row's votes, so that rows count alike however many voted."""
    undecided: int
    """Votes left out, as the others on their row give no label."""

    @property
    def without_label(self) -> float:
        """The share of what is held out that stands for no label."""
        return float(self.weights[self.given == NONE].sum() / self.weights.sum())

    @property
    def right_of_labelled(self) -> float:
        """The share that is right of what stands for a label; nan where nothing does."""
        labelled = self.weights[self.given != NONE].sum()
        return float(self.weights[self.given == self.others].sum() / labelled) if labelled else float("nan")

    @property
    def different_rows(self) -> IntArray:
        """(rows,): the rows that have a line."""
        return np.unique(self.rows)


def held_out(votes: Votes, given: IntArray, others: IntArray) -> HeldOut:
    """`given` and `others` (votes,): label indexes or NONE, of each vote and of those beside it."""
    labels = int(max(given.max(initial=0), others.max(initial=0))) + 1
    rows = votes.items
    lines = ((rows * labels + others) * (labels + 1) + given + 1)[others != NONE]
    weights = (1 / votes.counts)[rows][others != NONE]
    found, line = np.unique(lines, return_inverse=True)
    rest, said = np.divmod(found, labels + 1)
    row, other = np.divmod(rest, labels)
    shares: FloatArray = np.bincount(line, weights=weights, minlength=len(found)).astype(np.float64)
    return HeldOut(row, other, said - 1, shares, int((others == NONE).sum()))


def contributions(metric: Metric, found: HeldOut, classes: int) -> FloatArray:
    """(rows, m): what each of `different_rows` adds to the sums of a metric of labels."""
    lines = metric.contributions(found.others, found.given, classes) * found.weights[:, None]
    starts = np.unique(found.rows, return_index=True)[1]
    sums: FloatArray = np.add.reduceat(lines, starts)
    return sums


def mean_of_others(votes: Votes) -> FloatArray:
    """(votes,): the mean of the other votes on the row. Every row must have two votes or more, as in all below."""
    sums = np.bincount(votes.items, weights=votes.values, minlength=len(votes.counts))
    others: FloatArray = (sums[votes.items] - votes.values) / (votes.counts[votes.items] - 1)
    return others


def median_of_others(votes: Votes) -> FloatArray:
    """(votes,): the median of the other votes on the row."""
    order = np.lexsort((votes.values, votes.items))
    ascending, start = votes.values[order], votes.offsets[:-1][votes.items]
    place, left = np.arange(len(order)) - start, votes.counts[votes.items] - 1
    middle = [ascending[start + at + (at >= place)] for at in ((left - 1) // 2, left // 2)]
    medians = np.empty(len(order))
    medians[order] = (middle[0] + middle[1]) / 2
    return medians


def majority_of_others(votes: Votes, *, first: bool) -> IntArray:
    """(votes,): the place in `answers` that most other votes on the row have; NONE for a tie.

    With `first`, a tie goes to the answer that stands first.
    """
    answers = len(votes.answers)
    # Equal votes on a row have equal others.
    alike, vote = np.unique(votes.items * answers + votes.values.astype(np.int64), return_inverse=True)
    row, answer = np.divmod(alike, answers)
    counts = np.bincount(votes.items * answers + votes.values.astype(np.int64), minlength=len(votes.counts) * answers)
    others = counts.reshape(-1, answers)[row]
    others[np.arange(len(row)), answer] -= 1
    tied = (others == others.max(axis=1, keepdims=True)).sum(axis=1) > 1
    return np.where(tied & (not first), NONE, others.argmax(axis=1))[vote]
