"""What the aggregates share that learn whom to trust: answers and skill are found in turns, each from the other.

Owns three promises. The same votes give the same answers in any order: what is summed is first rounded to steps so
coarse that sums are exact. An anonymous vote counts as that of an annotator who is like all together. Estimates
from few votes lean on what is known of all: each annotator has one vote more, that is as right as all votes are, and
all together have one more that is right with PRIOR_SKILL.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from registry.annotation.tally import Tally
from registry.annotation.votes import ANONYMOUS, FloatArray, IntArray, Votes
from registry.errors import UserError

PRIOR_SKILL = 0.8
"""How often a vote is thought to be right before there is any; without such a thought always wrong is as likely."""
STEP = 2.0**-36
"""Sums of its multiples are exact below 2^17, and it is well below what counts as a tie."""
ROUNDS, STILL = 300, 1e-6
"""Turns end when no probability changes by more, or after so many."""


class Panel(NamedTuple):
    """Who gave each vote, and what it is."""

    of_votes: IntArray
    """(votes,): the annotator; the last stands for all who are anonymous."""
    cells: IntArray
    """(votes,): annotator times answers plus answer."""
    annotators: int
    """With the last."""
    answers: int

    def totals(self, weights: FloatArray | None = None) -> FloatArray:
        """(annotators, answers): votes, or the sum of their weights (votes,); the last has those of all together."""
        found = np.bincount(self.cells, weights, minlength=self.annotators * self.answers).astype(np.float64)
        found = found.reshape(self.annotators, self.answers)
        found[-1] = found.sum(axis=0)
        return found


def panel(votes: Votes, aggregate: str) -> Panel:
    """Who voted. UserError where there are votes, but none that says whose it is."""
    who = np.full(len(votes.values), ANONYMOUS) if votes.annotators is None else votes.annotators
    if len(who) and (who == ANONYMOUS).all():
        raise UserError(
            f'the aggregate "{aggregate}" learns how far to trust each annotator, and no vote says whose it is',
            do="Say under `annotation: votes:` where the annotators stand (`by:` for a list, `annotator:` for rows), "
            "or write `aggregate: majority`.",
        )
    last, answers = len(votes.names), max(len(votes.answers), 1)
    who = np.where(who == ANONYMOUS, last, who)
    return Panel(who, who * answers + votes.values.astype(np.int64), last + 1, answers)


def exact(numbers: FloatArray) -> FloatArray:
    """Rounded so that sums do not depend on their order."""
    return np.round(numbers / STEP) * STEP


def shrunk(part: FloatArray, whole: FloatArray | int, all_together: FloatArray | float) -> FloatArray:
    """`part / whole` with one more in the whole, of which the part is `all_together`."""
    return (part + all_together) / (whole + 1)


def settled(start: FloatArray, again: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """What `again` makes of what it made, from `start` on, until that is nearly the same."""
    current = start
    if not start.size:
        return start
    for _ in range(ROUNDS):
        before, current = current, again(current)
        if np.abs(current - before).max() <= STILL:
            break
    return current


def posteriors(given: Tally, evidence: FloatArray, answers: int) -> FloatArray:
    """(cells,): the probability of each where all of `answers` are equally likely beforehand.

    `evidence` (cells,) is the log of how much likelier the votes on the item are if this is the answer than if it is
    one that nobody gave.
    """
    others = answers - given.sizes
    best = np.maximum.reduceat(evidence, given.starts)
    # Relative to the likeliest answer, which is none of the candidates where all evidence is against them.
    best = np.where(others > 0, np.maximum(best, 0), best)
    weights = np.exp(evidence - np.repeat(best, given.sizes))
    total = np.add.reduceat(weights, given.starts) + others * np.exp(-np.maximum(best, 0))
    return exact(weights / np.repeat(total, given.sizes))
