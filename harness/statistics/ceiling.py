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


class Beside(NamedTuple):
    """What the others give beside each vote: a line for each answer that they put first, several where they tie."""

    vote: IntArray
    """(lines,): the place of the vote, ascending."""
    label: IntArray
    """(lines,): a label, or NONE."""


class HeldOut(NamedTuple):
    """What the votes on each row say, and what the others say without them. Equal lines of a row are one line."""

    rows: IntArray
    """(lines,): the row, ascending."""
    others: IntArray
    """(lines,): the label by the other votes; never NONE: where they decide nothing there is nothing to be right on."""
    given: IntArray
    """(lines,): the label that the vote stands for. NONE is a wrong answer: a model must choose a label, and did."""
    weights: FloatArray
    """(lines,): a share of the row; those of a row and of what was left out on it are 1 in all."""
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


def held_out(votes: Votes, given: IntArray, beside: Beside) -> HeldOut:
    """`given` (votes,): the label of each vote, or NONE.

    On a row each vote weighs alike, and of a vote each label that the others give. A vote that is left out takes its
    share with it: near the limit of a rule, what is left are the votes that pull away from the label.
    """
    decided = beside.label != NONE
    vote, others = beside.vote[decided], beside.label[decided]
    tied = np.bincount(vote, minlength=len(given))
    rows = votes.items[vote]
    labels = int(max(given.max(initial=0), others.max(initial=0))) + 1
    shape = (len(votes.counts), labels, labels + 1)
    lines = np.ravel_multi_index((rows, others, given[vote] + 1), shape)
    found, line = np.unique(lines, return_inverse=True)
    weights = np.zeros(len(found))
    np.add.at(weights, line, 1 / (tied[vote] * votes.counts[rows]))
    row, other, said = np.unravel_index(found, shape)
    return HeldOut(row, other, said - 1, weights, int((tied == 0).sum()))


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


def majority_of_others(votes: Votes, *, first: bool) -> Beside:
    """The places in `answers` that most other votes on the row have; with `first`, of several the first alone."""
    answers = len(votes.answers)
    # Equal votes on a row have equal others.
    cells = votes.items * answers + votes.values.astype(np.int64)
    alike, vote = np.unique(cells, return_inverse=True)
    row, answer = np.divmod(alike, answers)
    others = np.bincount(cells, minlength=len(votes.counts) * answers).reshape(-1, answers)[row]
    others[np.arange(len(row)), answer] -= 1
    if first:
        return Beside(np.arange(len(vote)), others.argmax(axis=1)[vote])
    return Beside(*np.nonzero((others == others.max(axis=1, keepdims=True))[vote]))
