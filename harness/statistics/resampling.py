"""Bootstrap distributions: every resample is a weighted sum of per-example contributions, one matrix product.

Owns the drawing of resamples and the average over seeds. Does not decide what an interval is (`intervals`).
Draws depend on `seed`, on the number of units, on their order, and on which of them contribute alike: two
models are paired only when they are resampled together. Callers pass rows in the same order, by row id. With
groups the unit is the group, in ascending order of its number. Contributions that are whole numbers give
the same bits on any machine, because their sums are exact in any order.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from harness.metric import FloatArray, IntArray

RESAMPLES = 2000
SEED = 20140601
CELLS_AT_A_TIME = 4_000_000
"""Counts held at once, 32 MB: enough for few large products instead of many small ones."""
COLUMNS_AT_A_TIME = 512
"""Sums computed by one product; more gain nothing."""
UNITS_PER_KIND = 16
"""How many units must contribute alike, on average, before counting kinds is faster than counting units."""

Contributions: TypeAlias = Sequence[FloatArray]
"""One model: an (n, m) array per training seed, every array with the same rows in the same order."""
Value: TypeAlias = Callable[[FloatArray], FloatArray]
"""(..., m) sums -> (...) values, as `Metric.value`."""


class _Kinds(NamedTuple):
    """What is drawn: units, or kinds of units that contribute alike to every model."""

    arrays: list[FloatArray]
    """(kinds, m) each."""
    sizes: IntArray
    """(kinds,): units of each kind."""


Sizes: TypeAlias = IntArray | None
"""(n,): how many rows of the data each given row stands for; None for one each. Not together with groups."""


def resampled(
    contributions: Contributions,
    value: Value,
    groups: IntArray | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    sizes: Sizes = None,
) -> FloatArray:
    """(resamples,): the bootstrap distribution of the mean over training seeds of `value`.

    `groups` (n,) names the group of each row; groups are then drawn instead of rows (the cluster bootstrap:
    Davison and Hinkley 1997, ch. 3). nan where a resample leaves the value undefined.
    """
    distribution: FloatArray = resampled_together([contributions], value, groups, resamples, seed, sizes)[0]
    return distribution


def resampled_together(
    models: Sequence[Contributions],
    value: Value,
    groups: IntArray | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    sizes: Sizes = None,
) -> FloatArray:
    """(models, resamples): as `resampled`, with the same draws for all models: differences are paired.

    With several training seeds these are drawn too, crossed with the rows (the pigeonhole bootstrap:
    McCullagh 2000, Owen 2007), which errs on the wide side for what rows and seeds share. Few seeds
    understate the spread: S draws of S show (S - 1) / S of the variance between seeds, two thirds for 3.
    Models with equally many training seeds are taken to share them, in order.
    ValueError for no rows, no seeds, or arrays whose rows differ in number.
    """
    arrays = [array for model in _checked(models) for array in model]
    kinds = _kinds(_sums_of_units(arrays, groups), _checked_sizes(sizes, groups, len(arrays[0])))
    by_array = _values(kinds, value, resamples, seed)
    ends = np.cumsum([len(contributions) for contributions in models])
    drawn = {len(model): _seed_shares(len(model), resamples, seed) for model in models}
    return np.stack([_mean_over_seeds(part, drawn[len(part)]) for part in np.split(by_array, ends[:-1])])


def mean_over_seeds(contributions: Contributions, value: Value, sizes: Sizes = None) -> float:
    """The value on the rows themselves, averaged over training seeds. ValueError when one is undefined."""
    totals = [array.sum(axis=0) if sizes is None else sizes @ array for array in contributions]
    mean = float(np.mean([value(total) for total in totals]))
    if np.isnan(mean):
        raise ValueError("the metric has no value on these rows; `Metric.obstacle` says why")
    return mean


def _checked(models: Sequence[Contributions]) -> Sequence[Contributions]:
    rows = sorted({len(array) for contributions in models for array in contributions})
    if not all(models) or len(rows) != 1 or rows == [0]:
        raise ValueError(f"every model needs an array per seed, all with the same rows; found rows {rows}")
    return models


def _checked_sizes(sizes: Sizes, groups: IntArray | None, rows: int) -> Sizes:
    if sizes is not None and (groups is not None or len(sizes) != rows or sizes.min() < 1):
        raise ValueError(f"{len(sizes)} sizes for {rows} rows; each at least 1, and none where rows have groups")
    return sizes


def _sums_of_units(arrays: Sequence[FloatArray], groups: IntArray | None) -> Sequence[FloatArray]:
    """The arrays with one row per unit of resampling: their rows as they are, or summed by group."""
    if groups is None:
        return arrays
    if len(groups) != len(arrays[0]):
        raise ValueError(f"{len(groups)} group numbers for {len(arrays[0])} rows")
    order = np.argsort(groups, kind="stable")
    starts = np.unique(groups[order], return_index=True)[1]
    return [np.add.reduceat(array[order], starts) for array in arrays]


def _kinds(arrays: Sequence[FloatArray], sizes: Sizes) -> _Kinds:
    """Units that contribute alike, put together where that saves work.

    Drawing n units with replacement and counting them by kind is one draw from the multinomial distribution
    of the kinds. One model of k classes has at most k * (k + 1) kinds, however many units.
    """
    rows = len(arrays[0])
    known = np.ones(rows, dtype=np.int64) if sizes is None else sizes
    kind = np.zeros(rows, dtype=np.int64)
    for array in arrays:
        as_bytes = np.ascontiguousarray(array).view(np.dtype((np.void, array.itemsize * array.shape[1])))
        own = np.unique(as_bytes.ravel(), return_inverse=True)[1]
        kind = np.unique(kind * rows + own, return_inverse=True)[1]
        if (kind.max() + 1) * UNITS_PER_KIND > known.sum():
            return _Kinds(list(arrays), known)
    first = np.unique(kind, return_index=True)[1]
    # Sums of whole numbers below 2**53 are exact.
    return _Kinds([array[first] for array in arrays], np.bincount(kind, weights=known).astype(np.int64))


def _values(kinds: _Kinds, value: Value, resamples: int, seed: int) -> FloatArray:
    """(arrays, resamples): the value of every array in every resample."""
    sums = kinds.arrays[0].shape[1]
    together = max(1, COLUMNS_AT_A_TIME // sums)
    blocks = [np.hstack(kinds.arrays[start : start + together]) for start in range(0, len(kinds.arrays), together)]
    result = np.empty((len(kinds.arrays), resamples))
    for chunk, counts in _counts(kinds.sizes, resamples, seed):
        values = [value((counts @ block).reshape(len(counts), -1, sums)) for block in blocks]
        result[:, chunk] = np.hstack(values).T
    return result


def _counts(sizes: IntArray, resamples: int, seed: int) -> Iterator[tuple[slice, FloatArray]]:
    """Slices of the resamples with their (resamples of the slice, kinds) multinomial counts.

    Source: Efron 1979. The size of a slice changes memory and speed, never the draws.
    """
    generator, units = np.random.default_rng([seed, 0]), int(sizes.sum())
    step = max(1, CELLS_AT_A_TIME // len(sizes))
    by_kind = len(sizes) * UNITS_PER_KIND <= units
    owner = np.repeat(np.arange(len(sizes)), sizes)
    for start in range(0, resamples, step):
        counts = np.empty((min(step, resamples - start), len(sizes)))
        for row in counts:
            if by_kind:
                row[:] = generator.multinomial(units, sizes / units)
            else:
                row[:] = np.bincount(owner[generator.integers(units, size=units)], minlength=len(sizes))
        yield slice(start, start + len(counts)), counts


def _seed_shares(seeds: int, resamples: int, seed: int) -> FloatArray:
    """(seeds, resamples): the share of each training seed in each resample, from a stream of its own."""
    drawn = np.random.default_rng([seed, 1]).multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples)
    return drawn.T / seeds


def _mean_over_seeds(by_seed: FloatArray, shares: FloatArray) -> FloatArray:
    """Both (seeds, resamples) -> (resamples,). An undefined value counts only where its seed was drawn."""
    drawn: FloatArray = np.where(shares > 0, by_seed * shares, 0.0).sum(axis=0)
    return drawn
