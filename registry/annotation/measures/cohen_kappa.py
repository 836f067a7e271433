"""Cohen's kappa: the agreement of two annotators beyond chance, each with answers of their own liking.

The level gives the weights: nominal none, ordinal linear, interval quadratic in the distance of two answers.
Distances are those of numbers on a scale, and places in the card's list for labels.
"""

from typing import ClassVar

import numpy as np

from registry.annotation.chance import beyond_chance, products
from registry.annotation.spec import Form, Level
from registry.annotation.tally import tally
from registry.annotation.votes import ANONYMOUS, BoolArray, FloatArray, Votes
from registry.frozen import Frozen


class CohenKappa(Frozen):
    """Chance: an answer of the one equals an answer of the other; each has shares of their own."""

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference", "scale")
    levels: ClassVar[tuple[Level, ...]] = ("nominal", "ordinal", "interval")
    raters: ClassVar[int | None] = 2
    source: ClassVar[str] = 'Cohen 1960, "A coefficient of agreement for nominal scales"; Cohen 1968 for weights'

    level: Level = "nominal"

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 4 + 2 columns): 1, observed disagreement, and the parts of expected disagreement.

        With n, L, R, X and Y their totals, that is n L - X Y - R over n. Drawn anew, the chance at the ordinal level
        follows to the first order. ValueError for more than two annotators.
        """
        shown, first, second = _two(votes)
        if self.level == "interval":
            centre = np.concatenate([first, second]).mean() if len(first) else 0.0
            first, second = first - centre, second - centre
            linear, far, rest = first**2 + second**2, (first - second) ** 2, np.zeros(len(first))
            left, right = 2**0.5 * first[:, None], 2**0.5 * second[:, None]
        elif self.level == "ordinal":
            linear, far = np.zeros(len(first)), np.abs(first - second)
            to_second, to_first = _distances(first, second), _distances(second, first)
            rest = to_second.mean() - to_second - to_first if len(first) else linear
            left = right = np.zeros((len(first), 0))
        else:
            answers = np.unique([first, second], return_inverse=True)[1].reshape(2, -1)
            left, right, rest = products(*(tally(np.arange(len(first)), one, len(first)) for one in answers))
            linear, far = np.ones(len(first)), (first != second).astype(np.float64)
        found = np.column_stack([np.ones(len(first)), far, linear, rest, left, right])
        terms = np.zeros((len(votes.counts), found.shape[1]))
        terms[shown] = found
        return terms

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 4 + 2 columns) -> (...); nan where both gave one answer alone."""
        n, observed, linear, rest = np.moveaxis(totals[..., :4], -1, 0)
        left, right = np.split(totals[..., 4:], 2, axis=-1)
        expected = n * linear - (left * right).sum(axis=-1) - rest
        return beyond_chance(n * observed, expected, n * linear + np.abs(rest))


def _two(votes: Votes) -> tuple[BoolArray, FloatArray, FloatArray]:
    """The items (items,) that both annotators answered, and what each of the two said to them."""
    who = np.unique(votes.annotators) if votes.annotators is not None else np.zeros(0)
    if len(who) > 2 or ANONYMOUS in who or (len(votes.values) and not len(who)):
        raise ValueError("Cohen's kappa is of two annotators with names")
    said = np.full((2, len(votes.counts)), np.nan)
    for row, one in zip(said, who, strict=False):
        row[votes.items[votes.annotators == one]] = votes.values[votes.annotators == one]
    shown = ~np.isnan(said).any(axis=0)
    return shown, said[0][shown], said[1][shown]


def _distances(one: FloatArray, others: FloatArray) -> FloatArray:
    """(n,): the sum of the distances of each number to all the others, by the sums of those below and above it."""
    ordered = np.sort(others)
    sums = np.concatenate([[0.0], ordered.cumsum()])
    below = np.searchsorted(ordered, one)
    return np.asarray(one * (2 * below - len(others)) + sums[-1] - 2 * sums[below], dtype=np.float64)
