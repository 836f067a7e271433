"""How well annotators agree: Krippendorff's alpha for votes of any number per item, with its interval.

A coefficient that cannot be computed is
absent with a reason, never 0 or 1.
Only the interval level is built. Another level is another pair of `_terms` and `_alpha`: what each item adds
to the sums, and a formula over the sums; the bootstrap below serves any such pair.
"""

from typing import NamedTuple

import numpy as np

from registry.annotation.votes import FloatArray, Votes

CONFIDENCE = 0.95
MOST_UNDEFINED = 0.05
"""The share of resamples that may be undefined before their percentiles say too little about the rest."""


class Agreement(NamedTuple):
    """A coefficient with its interval; None with a `reason` where there is none."""

    value: float | None
    low: float | None
    high: float | None
    items: int
    """Items with two votes or more: the others cannot show agreement and do not enter."""
    votes: int
    """Votes on those items."""
    reason: str = ""


def krippendorff_alpha_interval(votes: Votes) -> float:
    """1 - observed / expected squared difference between votes; nan where there is nothing to compare.

    Exact, in time proportional to the number of votes: the squared differences between the m votes of an item
    sum to 2 m times their squared deviations from its mean. Items with one vote do not enter.
    Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability".
    """
    return float(_alpha(_terms(votes).sum(axis=0)))


def alpha_with_interval(votes: Votes, resamples: int = 1000, seed: int = 20140601) -> Agreement:
    """Alpha with the 95% percentile interval of a bootstrap over items.

    Items are drawn, not votes, because the votes on an item hang together. The draws depend on the order of
    items: callers sort by row id. Source: Efron 1981 for the interval; Zapf et al. 2016 for drawing items.
    """
    terms = _terms(votes)
    counted = int(terms[:, 0].sum())
    value = float(_alpha(terms.sum(axis=0)))
    if np.isnan(value):
        why = "all votes on items with two votes or more are equal" if counted else "no item has two votes"
        return Agreement(None, None, None, len(terms), counted, why)
    drawn = _resampled(terms, resamples, seed)
    defined = drawn[~np.isnan(drawn)]
    if len(terms) < 2 or len(defined) < (1 - MOST_UNDEFINED) * resamples:
        return Agreement(value, None, None, len(terms), counted, "too few items vary for an interval")
    low, high = np.quantile(defined, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Agreement(value, float(low), float(high), len(terms), counted)


def _terms(votes: Votes) -> FloatArray:
    """(items with two votes or more, 4): votes, sum, sum of squares, and observed disagreement of each item.

    Values are taken relative to their mean over all votes, which changes no difference and keeps the sums of
    squares small; a unit's own disagreement is taken relative to its own mean.
    """
    counts = votes.counts
    kept = counts >= 2
    counts, values = counts[kept], votes.values[np.repeat(kept, counts)]
    if not len(values):
        return np.zeros((0, 4))
    values = values - values.mean()
    starts = np.concatenate([[0], counts.cumsum()[:-1]])
    sums = np.add.reduceat(values, starts)
    deviations = values - np.repeat(sums / counts, counts)
    disagreement = 2 * counts / (counts - 1) * np.add.reduceat(deviations**2, starts)
    return np.column_stack([counts, sums, np.add.reduceat(values**2, starts), disagreement])


def _alpha(totals: FloatArray) -> FloatArray:
    """(..., 4) totals of `_terms` -> (...); nan where no two votes differ.

    Observed: disagreement / n. Expected: the squared differences between all pairs of votes,
    2 (n sum of squares - sum^2), divided by n (n - 1).
    """
    n, total, squares, observed = np.moveaxis(totals, -1, 0)
    expected = 2 * (n * squares - total**2)
    disagreement = np.full(np.shape(n), np.nan)
    # Rounding leaves a few ulps of n * squares where all votes are equal.
    np.divide((n - 1) * observed, expected, out=disagreement, where=expected > 1e-12 * n * squares)
    return 1 - disagreement


def _resampled(terms: FloatArray, resamples: int, seed: int) -> FloatArray:
    """(resamples,): alpha of items drawn with replacement; each resample is one weighted sum of `terms`."""
    generator, items = np.random.default_rng(seed), len(terms)
    totals = np.empty((resamples, terms.shape[1]))
    for row in totals:
        row[:] = np.bincount(generator.integers(items, size=items), minlength=items) @ terms
    return _alpha(totals)
