"""How sure a number is: intervals of scores, intervals of paired differences, and who is tied with the best.

Owns the choice of interval. An interval that cannot be computed is None, never one of zero width; a metric
that is constant whatever the rows (balanced accuracy of a constant answer) truly has zero width.
Refuses values that are undefined (ValueError): the caller asks `Metric.obstacle` first.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from harness.metric import FloatArray, IntArray, Metric
from harness.statistics.resampling import (
    RESAMPLES,
    SEED,
    Contributions,
    Sizes,
    Value,
    mean_over_seeds,
    resampled,
    resampled_together,
)

CONFIDENCE = 0.95
MOST_UNDEFINED = 0.05
"""The share of resamples that may be undefined before their percentiles say too little about the rest."""


class Interval(NamedTuple):
    """Two-sided, in the unit of the metric."""

    low: float
    high: float


class Estimate(NamedTuple):
    """A value with its interval; `low` and `high` are both None where no interval can be computed."""

    value: float
    low: float | None
    high: float | None


def wilson(successes: float, n: int, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a share, sensible at 0 and n too. `successes` need not be whole.

    Source: Wilson 1927; recommended by Brown, Cai and DasGupta 2001.
    ValueError unless 0 <= successes <= n and n > 0.
    """
    if not (n > 0 and 0 <= successes <= n):
        raise ValueError(f"{successes} successes of {n}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = successes / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    # The formula meets the ends exactly; floating point may miss them by a hair.
    low = 0.0 if successes == 0 else centre - half
    return Interval(low, 1.0 if successes == n else centre + half)


def percentile(values: FloatArray, confidence: float = CONFIDENCE) -> Interval | None:
    """The percentile interval of a bootstrap distribution; None when more than 5% of it is nan.

    Source: Efron 1981. Undefined resamples within that limit are left out.
    """
    defined = values[~np.isnan(values)]
    if len(defined) < (1 - MOST_UNDEFINED) * len(values) or not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high))


def score_interval(
    metric: Metric,
    contributions: Contributions,
    groups: IntArray | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    sizes: Sizes = None,
) -> Estimate:
    """The mean over training seeds of a metric, with its interval.

    Wilson for a share of right answers with one seed and no groups, the percentile bootstrap otherwise.
    At an end of the metric's range (all right, or all wrong) every resample repeats the value and the
    bootstrap would claim certainty: a share then takes Wilson over the units of resampling, which ignores
    the seeds, and other metrics have no interval.
    """
    value = mean_over_seeds(contributions, metric.value, sizes)
    units = _units(contributions, groups, sizes)
    at_an_end = value in (metric.lowest, metric.highest)
    if metric.is_proportion and (at_an_end or (len(contributions) == 1 and groups is None)):
        return Estimate(value, *wilson(value * units, units))
    if at_an_end or units == 1:
        return Estimate(value, None, None)
    interval = percentile(resampled(contributions, metric.value, groups, resamples, seed, sizes))
    return Estimate(value, *(interval or (None, None)))


def _units(contributions: Contributions, groups: IntArray | None, sizes: Sizes) -> int:
    """How many units a resample draws."""
    if groups is not None:
        return len(np.unique(groups))
    return len(contributions[0]) if sizes is None else int(sizes.sum())


def paired_difference(
    contributions_a: Contributions,
    contributions_b: Contributions,
    value: Value,
    groups: IntArray | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    sizes: Sizes = None,
) -> Estimate:
    """Value of a minus value of b on the same rows, with the percentile interval of the paired bootstrap.

    Two models with the same answers differ by exactly 0, interval (0, 0).
    Source: Efron 1981; for its use on language tasks Berg-Kirkpatrick, Burkett and Klein 2012.
    """
    point = mean_over_seeds(contributions_a, value, sizes) - mean_over_seeds(contributions_b, value, sizes)
    of_a, of_b = resampled_together([contributions_a, contributions_b], value, groups, resamples, seed, sizes)
    return Estimate(point, *(percentile(of_a - of_b) or (None, None)))


def tied_with_best(
    models: Sequence[Contributions],
    value: Value,
    groups: IntArray | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    sizes: Sizes = None,
) -> list[bool]:
    """For each model, whether the interval of (best - model) includes 0, Holm-corrected; True for the best.

    The best has the highest value; for a metric where less is better pass a negated `value`. The set marked
    True holds the truly best model with at least 95% confidence; of models that are equally good each is kept
    with that confidence, not all of them at once. A model whose difference is undefined in more
    than 5% of the resamples cannot be told apart and counts as tied. Equal values tie with the first of them.
    """
    points = [mean_over_seeds(contributions, value, sizes) for contributions in models]
    # Ten resamples in the tail of the strictest comparison, or no difference could ever pass it.
    resamples = max(resamples, math.ceil(10 * (len(models) - 1) / (1 - CONFIDENCE)))
    distributions = resampled_together(models, value, groups, resamples, seed, sizes)
    best = points.index(max(points))
    others = [model for model in range(len(models)) if model != best]
    chances = [_chance_of_no_difference(distributions[best] - distributions[model]) for model in others]
    worse = {model for model, rejected in zip(others, holm(chances), strict=True) if rejected}
    return [model not in worse for model in range(len(models))]


def _chance_of_no_difference(differences: FloatArray) -> float:
    """Two-sided p: 1 - the confidence at which the percentile interval of `differences` begins to include 0.

    Source: Davison and Hinkley 1997, ch. 4, for the added one, without which p could be 0.
    """
    if percentile(differences) is None:
        return 1.0
    defined = differences[~np.isnan(differences)]
    beyond = min(np.count_nonzero(defined <= 0), np.count_nonzero(defined >= 0))
    return min(1.0, 2 * (1 + beyond) / (1 + len(defined)))


def holm(chances: Sequence[float], alpha: float = 1 - CONFIDENCE) -> list[bool]:
    """Which hypotheses are rejected when all are tested together, each p given once. Source: Holm 1979."""
    rejected = [False] * len(chances)
    for rank, index in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        if chances[index] > alpha / (len(chances) - rank):
            break
        rejected[index] = True
    return rejected
