"""How well annotators agree: the value of any measure with its interval, and which items lower it most.

A coefficient that cannot be computed is absent with a reason, never 0 or 1.
"""

from typing import NamedTuple

import numpy as np

from registry.annotation.distances import TooManyError
from registry.annotation.measure import Measure
from registry.annotation.pairing import pairs
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
    """Terms of some items; a measure of two annotators has a sample for each pair."""

    items: IntArray
    terms: FloatArray


def agreed(measure: Measure, votes: Votes, resamples: int = RESAMPLES, seed: int = SEED) -> Agreement:
    """A measure with the 95% percentile interval of a bootstrap over items.

    Items are drawn, not votes, because the votes on an item hang together. The draws depend on the order of
    items: callers sort by row id. A measure of two annotators is the mean over their pairs.
    Source: Efron 1981 for the interval; Zapf et al. 2016 for drawing items.
    """
    shown, counted = _counted(measure, votes)
    items = int(shown.sum())
    try:
        samples = _samples(measure, votes, shown)
    except TooManyError as error:
        return Agreement(None, None, None, items, counted, error.what)
    totals = [measure.value(sample.terms.sum(axis=0)) for sample in samples]
    value = float(_mean(np.array(totals, dtype=np.float64)))
    if np.isnan(value):
        return Agreement(None, None, None, items, counted, _why(measure, votes, shown))
    if not resamples:
        return Agreement(value, None, None, items, counted, "no interval was asked for")
    if len(samples) > 1:
        affordable = MOST_DRAWS // sum(len(sample.items) for sample in samples)
        resamples = min(resamples, max(FEWEST_RESAMPLES, affordable))
    drawn = _resampled(measure, samples, items, resamples, seed)
    defined = drawn[~np.isnan(drawn)]
    if items < 2 or len(defined) < (1 - MOST_UNDEFINED) * resamples:
        return Agreement(value, None, None, items, counted, "too few items vary for an interval")
    low, high = np.quantile(defined, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Agreement(value, float(low), float(high), items, counted)


def costs(measure: Measure, votes: Votes) -> FloatArray:
    """(items,): how much higher the coefficient would be without each item; 0 for items whose votes are all equal.

    For measures of any number of annotators.
    """
    lowest, highest = (np.zeros(len(votes.counts)) for _ in range(2))
    voted = votes.counts > 0
    if voted.any():
        starts = votes.offsets[:-1][voted]
        lowest[voted] = np.minimum.reduceat(votes.values, starts)
        highest[voted] = np.maximum.reduceat(votes.values, starts)
    terms = measure.terms(votes)
    total = terms.sum(axis=0)
    return np.where(lowest < highest, np.nan_to_num(measure.value(total - terms) - measure.value(total)), 0.0)


def _counted(measure: Measure, votes: Votes) -> tuple[BoolArray, int]:
    """The items that can show agreement (items,), and the votes on them."""
    if measure.raters is None:
        shown = votes.counts >= 2
        return shown, int(votes.counts[shown].sum())
    shown = np.zeros(len(votes.counts), dtype=np.bool_)
    for pair in pairs(votes):
        shown[pair.items] = True
    return shown, int(votes.counts[shown].sum())


def _samples(measure: Measure, votes: Votes, shown: BoolArray) -> list[_Sample]:
    if measure.raters is None:
        found = votes.of_items(shown)
        return [_Sample(np.arange(len(found.counts)), measure.terms(found))]
    place = shown.cumsum() - 1
    return [_Sample(place[pair.items], measure.terms(pair.votes)) for pair in pairs(votes)]


def _why(measure: Measure, votes: Votes, shown: BoolArray) -> str:
    """Why there is no value."""
    if measure.raters is not None and votes.annotators is None:
        return "the votes are anonymous, and the measure compares two annotators"
    if not shown.any():
        return "no item has two votes" if measure.raters is None else "no item has votes of two annotators"
    return "all votes on items with two votes or more are equal"


def _mean(values: FloatArray) -> FloatArray:
    """(samples, ...) -> (...): over those that are defined; nan where none is."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=0)
    total = np.where(defined, values, 0.0).sum(axis=0)
    mean = np.full(np.shape(total), np.nan)
    np.divide(total, count, out=mean, where=count > 0)
    return mean


def _resampled(measure: Measure, samples: list[_Sample], items: int, resamples: int, seed: int) -> FloatArray:
    """(resamples,): the coefficient of items drawn with replacement; each resample is one weighted sum of terms."""
    generator = np.random.default_rng(seed)
    shares = np.full(items, 1 / items)
    if len(samples) == 1 and samples[0].terms.shape[1] <= NARROW:
        distinct, counts = np.unique(samples[0].terms, axis=0, return_counts=True)
        if len(distinct) <= FEW * items:
            samples, shares = [_Sample(np.arange(len(distinct)), distinct)], counts / items
    drawn, step = np.empty(resamples), max(1, BLOCK // len(shares))
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        weights = _weights(generator, items, shares, size)
        values = [measure.value((sample.terms.T @ _rows(weights, sample.items)).T) for sample in samples]
        drawn[start : start + size] = _mean(np.array(values))
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
