"""What metrics of numbers share: checks, and correlation as a formula over sums of rows.

Both sides are moved to mean 0 and brought to a common scale before anything is squared: correlations do not change by
it, and neither large means nor large numbers cost digits.
"""

from collections.abc import Sequence

import numpy as np

from harness.metric import FloatArray
from harness.statistics.confusion import no_rows, ratio

CONSTANT = 1e-12
"""A variance below this share of the mean square is rounding: all numbers of a resample are the same."""


def check_numbers(gold: FloatArray, predicted: FloatArray) -> None:
    """ValueError unless both are as long and finite."""
    if gold.shape != predicted.shape or gold.ndim != 1:
        raise ValueError(f"{gold.shape} gold numbers but {predicted.shape} predictions")
    if not (np.isfinite(gold).all() and np.isfinite(predicted).all()):
        raise ValueError("gold and predicted numbers must be finite")


def one_number(gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG001 - an obstacle's signature
    """The obstacle of what compares with the spread of gold: there is none."""
    if not len(gold) or gold.min() != gold.max():
        return no_rows(gold)
    return f"every row of the evaluated split has the number {gold[0]:g}"


def centred(values: FloatArray) -> FloatArray:
    """(n,) -> (n,) with mean 0 and a greatest size of 1; exactly 0 where all are equal."""
    if not len(values) or values.min() == values.max():
        return np.zeros(len(values))
    scaled = values / np.abs(values).max()
    moved = scaled - scaled.mean()
    return np.asarray(moved / np.abs(moved).max())


def moments(gold: FloatArray, predicted: FloatArray) -> FloatArray:
    """(n, 6): gold and predicted, centred, their squares and product, and 1 for being there."""
    check_numbers(gold, predicted)
    x, y = centred(gold), centred(predicted)
    return np.column_stack([x, y, x * x, y * y, x * y, np.ones(len(gold))])


def correlation(totals: FloatArray) -> FloatArray:
    """(..., 6) sums of `moments` -> (...) Pearson's correlation; nan where a side is constant."""
    x, y, xx, yy, xy, n = np.moveaxis(totals, -1, 0)
    of_x, of_y = variation(xx, x, n), variation(yy, y, n)
    found = ratio(xy - ratio(x * y, n), np.sqrt(of_x * of_y))
    return np.clip(found, -1, 1)


def variation(squares: FloatArray, total: FloatArray, n: FloatArray) -> FloatArray:
    """The sum of squared distances from the mean; exactly 0 where what is left is rounding."""
    left = squares - ratio(total * total, n)
    return np.where(left > CONSTANT * squares, left, 0.0)
