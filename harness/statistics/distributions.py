"""What metrics of distributions share: the votes on a row, and the probabilities of a model, as shares of the labels.

Refuses what is no distribution, because sums over it would look like scores.
"""

import numpy as np

from harness.metric import FloatArray, IntArray

TOLERANCE = 1e-4
"""How far from 1 the shares of a row may sum: probabilities are kept with 24 bits."""


def are_shares(values: FloatArray) -> bool:
    """Whether every row of (n, labels) is finite, nowhere negative, and sums to 1."""
    return bool((values >= 0).all() and np.allclose(values.sum(axis=1), 1, rtol=0, atol=TOLERANCE))


def check_shares(gold: FloatArray, predicted: FloatArray, classes: int) -> None:
    """ValueError unless both are (n, classes) distributions."""
    if gold.shape != predicted.shape or gold.shape[1:] != (classes,):
        raise ValueError(f"gold shares are {gold.shape}, predictions {predicted.shape}, the labels {classes}")
    if not are_shares(gold) or not are_shares(predicted):
        raise ValueError("the shares of each row must lie in 0 to 1 and sum to 1 over the labels")


def check_probabilities(gold: IntArray, predicted: FloatArray, classes: int) -> None:
    """ValueError unless gold is (n,) indexes of classes, and predicted (n, classes) distributions."""
    if predicted.shape != (len(gold), classes) or not are_shares(predicted):
        raise ValueError(f"the probabilities must be {len(gold)} shares of {classes} labels that sum to 1")
    if len(gold) and (gold.min() < 0 or gold.max() >= classes):
        raise ValueError(f"gold label indexes must lie in 0..{classes - 1}")
