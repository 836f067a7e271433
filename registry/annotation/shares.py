"""What the measures share whose chance comes from how often each answer is given, all annotators together.

Scott's pi, Fleiss' kappa and Gwet's AC1 differ in the chance that they make of the same shares.
"""

import numpy as np

from registry.annotation.counting import pairs, ratio, squares, tallied
from registry.annotation.votes import FloatArray, Votes


def shares(votes: Votes) -> FloatArray:
    """(items, 4 + columns): 1, the share of equal pairs, the answers there are, and the shares of the answers.

    The last as rest and columns of `counting.squares`. Items with less than two votes add zeros; otherwise every item
    weighs the same, however many votes it has.
    """
    votes = votes.where(np.repeat(votes.counts >= 2, votes.counts))
    counts, found = votes.counts, tallied(votes)
    shown = (counts >= 2).astype(np.float64)
    kinds = len(votes.answers) or len(np.unique(votes.values))
    columns, rest = squares(found, found.counts / np.maximum(counts, 1)[found.items])
    agreeing = found.agreeing / np.maximum(pairs(votes), 1)
    return np.column_stack([shown, agreeing, kinds * shown, rest, columns])


def observed(totals: FloatArray) -> FloatArray:
    """(...): the mean share of equal pairs; nan without items."""
    return ratio(totals[..., 1], totals[..., 0])


def meeting(totals: FloatArray) -> FloatArray:
    """(...): the chance that two answers drawn from all are equal; nan without items."""
    return ratio((totals[..., 4:] ** 2).sum(axis=-1) + totals[..., 3], totals[..., 0] ** 2)


def kinds(totals: FloatArray) -> FloatArray:
    """(...): how many answers there are; nan without items."""
    return ratio(totals[..., 2], totals[..., 0])


def corrected(agreement: FloatArray, chance: FloatArray) -> FloatArray:
    """(agreement - chance) / (1 - chance); nan where nothing but agreement was to be expected."""
    left = 1 - chance
    # Where all votes are equal, rounding leaves a few ulps of 1.
    return ratio(agreement - chance, np.where(left > 1e-12, left, 0.0))
