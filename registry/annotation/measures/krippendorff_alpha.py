"""Krippendorff's alpha: 1 - observed / expected disagreement, for any number of votes per item.

The votes on an item count as its pairs of votes, each of m votes with weight 1 / (m - 1); chance is two votes drawn
from all. At the ordinal level the ranks, and at the levels of sets and quantities the chance of each answer, are those
of all votes; an interval takes their variation to the first order.
"""

from typing import ClassVar

import numpy as np

from registry.annotation.chance import beyond_chance, products
from registry.annotation.distances import of_quantities, of_sets, overall, within
from registry.annotation.spec import Form, Level
from registry.annotation.tally import tallied
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class KrippendorffAlpha(Frozen):
    """1 where all agree, 0 where they agree as strangers would."""

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference", "scale", "multi")
    levels: ClassVar[tuple[Level, ...]] = ("nominal", "ordinal", "interval", "ratio", "jaccard", "masi")
    raters: ClassVar[int | None] = None
    source: ClassVar[str] = 'Krippendorff 2011, "Computing Krippendorff\'s alpha-reliability"; Passonneau 2006 for masi'

    level: Level = "nominal"

    def terms(self, votes: Votes) -> FloatArray:
        """(items, 4 + columns): votes, observed disagreement, and three parts of expected disagreement.

        With n, L, R and X their totals, it is n L - X X - R over all ordered pairs of votes.
        """
        votes = votes.where(votes.counts[votes.items] >= 2)
        if self.level in ("ordinal", "interval"):
            return _numeric(votes if self.level == "interval" else votes._replace(values=_ranks(votes.values)))
        found, counts = tallied(votes), votes.counts
        others = np.maximum(counts - 1, 1)
        if self.level == "nominal":
            columns, _, rest = products(found, found)
            observed = (counts**2 - found.per_item(found.counts**2)) / others
            return np.column_stack([counts, observed, counts, rest, columns])
        distance = of_quantities(votes) if self.level == "ratio" else of_sets(votes, self.level)
        observed = 2 * within(found, distance) / others
        return np.column_stack([counts, observed, np.zeros(len(counts)), -overall(found, distance)])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 4 + columns) -> (...); nan where no two votes differ."""
        n, observed, linear, rest = np.moveaxis(totals[..., :4], -1, 0)
        expected = n * linear - (totals[..., 4:] ** 2).sum(axis=-1) - rest
        return beyond_chance((n - 1) * observed, expected, n * linear + np.abs(rest))


def _numeric(votes: Votes) -> FloatArray:
    """(items, 5): squared differences, exact and in time proportional to the number of votes.

    Those between the m votes of an item sum to 2 m times their squared deviations from its mean. Values are taken
    relative to their mean over all votes, which changes no difference and keeps the sums of squares small; an item's
    own disagreement is taken relative to its own mean.
    """
    counts, items = votes.counts, votes.items
    size = len(counts)
    values = votes.values - votes.values.mean() if len(votes.values) else votes.values
    sums = np.bincount(items, values, size)
    deviations = values - (sums / np.maximum(counts, 1))[items]
    disagreement = 2 * counts / np.maximum(counts - 1, 1) * np.bincount(items, deviations**2, size)
    of_squares = 2 * np.bincount(items, values**2, size)
    return np.column_stack([counts, disagreement, of_squares, np.zeros(size), 2**0.5 * sums])


def _ranks(values: FloatArray) -> FloatArray:
    """The middle rank of each value: between two, it counts the votes between them and half of their own."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - counts / 2)[places], dtype=np.float64)
