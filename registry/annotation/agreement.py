"""How well annotators agree: the value of any measure with its interval, and which items lower it most.

A coefficient that cannot be computed is absent with a reason, never 0 or 1.
"""

from typing import NamedTuple

import numpy as np

from registry.annotation.distances import TooManyError
from registry.annotation.measure import Measure
from registry.annotation.pairing import pairs
from registry.annotation.tally import ratio, tallied
from registry.annotation.votes import BoolArray, FloatArray, IntArray, Votes

CONFIDENCE = 0.95
MOST_UNDEFINED = 0.05
"""The share of resamples that may be undefined before their percentiles say too little about the rest."""
RESAMPLES, SEED = 1000, 20140601
FEW, NARROW = 1 / 16, 16
"""Items that add the same are drawn together where there are so few different ones; the draws then cost less."""
BLOCK = 2**22
"""Weights of items that are in memory at once."""
MOST_DRAWS, FEWEST_RESAMPLES = 2**27, 200
"""Draws of items, all pairs of annotators together, beyond which there are fewer resamples, though not below this."""


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


class _Sample(NamedTuple):
    """Terms of some of the items that show agreement."""

    items: IntArray
    terms: FloatArray


def agreed(measure: Measure, votes: Votes, resamples: int = RESAMPLES) -> Agreement:
    """A measure with the 95% percentile interval of a bootstrap over items; without resamples, with its value alone.

    Items are drawn, not votes, because the votes on an item hang together. The draws depend on the order of
    items: callers sort by row id. A measure of two annotators is the mean over their pairs.
    Source: Efron 1981 for the interval; Zapf et al. 2016 for drawing items.
    """
    groups = _groups(measure, votes)
    shown = np.zeros(len(votes.counts), dtype=np.bool_)
    for items, _ in groups:
        shown[items] = True
    place, absent = shown.cumsum() - 1, Agreement(None, None, None, int(shown.sum()), int(votes.counts[shown].sum()))
    try:
        samples = [_Sample(place[items], measure.terms(given)) for items, given in groups]
    except TooManyError as error:
        return absent._replace(reason=error.what)
    value = float(_mean(np.array([measure.value(sample.terms.sum(axis=0)) for sample in samples])))
    if np.isnan(value):
        return absent._replace(reason=_why(measure, votes, shown))
    found = absent._replace(value=value)
    if not resamples:
        return found._replace(reason="no interval was asked for")
    drawn = _resampled(measure, samples, found.items, resamples)
    defined = drawn[~np.isnan(drawn)]
    if found.items < 2 or len(defined) < (1 - MOST_UNDEFINED) * len(drawn):
        return found._replace(reason="too few items vary for an interval")
    low, high = np.quantile(defined, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return found._replace(low=float(low), high=float(high))


def costs(measure: Measure, votes: Votes) -> FloatArray:
    """(items,): how much higher the coefficient would be without each item; 0 for items whose votes are all equal.

    For measures of any number of annotators.
    """
    found = tallied(votes)
    differ = found.per_item(np.ones(len(found.items))) > 1
    terms = measure.terms(votes)
    total = terms.sum(axis=0)
    return np.where(differ, np.nan_to_num(measure.value(total - terms) - measure.value(total)), 0.0)


def _groups(measure: Measure, votes: Votes) -> list[tuple[IntArray, Votes]]:
    """Which items can show agreement, with their votes; for a measure of two annotators, of each pair."""
    several = votes.counts >= 2
    return [*pairs(votes)] if measure.raters else [(np.flatnonzero(several), votes.of_items(several))]


def _why(measure: Measure, votes: Votes, shown: BoolArray) -> str:
    """Why there is no value."""
    if measure.raters is not None and votes.annotators is None:
        return "the votes are anonymous, and the measure compares two annotators"
    if not shown.any():
        return "no item has two votes" if measure.raters is None else "no item has votes of two annotators"
    return "all votes on items with two votes or more are equal"


def _mean(values: FloatArray) -> FloatArray:
    """(samples, ...) -> (...): over those that are defined; nan where none is."""
    return ratio(np.nansum(values, axis=0), (~np.isnan(values)).sum(axis=0))


def _resampled(measure: Measure, samples: list[_Sample], items: int, resamples: int) -> FloatArray:
    """(resamples,): the coefficient of items drawn with replacement; each resample is one weighted sum of terms.

    Of pairs of annotators there are as many resamples as are affordable.
    """
    generator = np.random.default_rng(SEED)
    shares = np.full(items, 1 / items)
    if len(samples) > 1:
        affordable = MOST_DRAWS // sum(len(sample.items) for sample in samples)
        resamples = min(resamples, max(FEWEST_RESAMPLES, affordable))
    elif samples[0].terms.shape[1] <= NARROW:
        distinct, counts = np.unique(samples[0].terms, axis=0, return_counts=True)
        if len(distinct) <= FEW * items:
            samples, shares = [_Sample(np.arange(len(distinct)), distinct)], counts / items
    drawn, step = np.empty(resamples), max(1, BLOCK // len(shares))
    for start in range(0, resamples, step):
        weights = _weights(generator, items, shares, min(step, resamples - start))
        values = [measure.value((sample.terms.T @ _rows(weights, sample.items)).T) for sample in samples]
        drawn[start : start + step] = _mean(np.array(values))
    return drawn


def _weights(generator: np.random.Generator, items: int, shares: FloatArray, size: int) -> FloatArray:
    """(len(shares), size): how often each is drawn, of `items` draws."""
    if len(shares) < items:
        return generator.multinomial(items, shares, size=size).T.astype(np.float64)
    found = np.empty((size, items))
    for row in found:
        row[:] = np.bincount(generator.integers(items, size=items), minlength=items)
    return np.ascontiguousarray(found.T)


def _rows(weights: FloatArray, places: IntArray) -> FloatArray:
    return weights if len(places) == len(weights) else weights[places]
