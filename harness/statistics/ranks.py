"""Ranks of numbers: equal ones share the mean of the places that they take."""

import numpy as np

from harness.metric import FloatArray


def average_ranks(values: FloatArray) -> FloatArray:
    """(n,) -> (n,) ranks from 1, least first; exact, since a mean of places is a whole number or a half."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    return (ends - (count - 1) / 2)[place]
