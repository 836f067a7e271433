"""What metrics of label sets share: how many labels of a row are right, there and predicted.

Owns the check that both sides are (n, classes) of true and false; anything else numpy would count in its own way.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.metric import FloatArray
from harness.statistics.confusion import lacking, no_rows, ratio

Sets = NDArray[np.bool_]


class SetCounts(NamedTuple):
    """Each (n, classes) of ones and zeros."""

    right: FloatArray
    gold: FloatArray
    predicted: FloatArray


def set_counts(gold: Sets, predicted: Sets, classes: int) -> SetCounts:
    """ValueError unless both are (n, classes) of true and false."""
    check_sets(gold, predicted, classes)
    return SetCounts(*(side.astype(np.float64) for side in (gold & predicted, gold, predicted)))


def check_sets(gold: Sets, predicted: Sets, classes: int) -> None:
    """ValueError unless both are (n, classes) of true and false."""
    same = gold.shape == predicted.shape == (len(gold), classes)
    if not same or gold.dtype != np.bool_ or predicted.dtype != np.bool_:
        told = f"{gold.dtype} {gold.shape} and {predicted.dtype} {predicted.shape}"
        raise ValueError(f"label sets must be true or false for each row and each of {classes} labels, not {told}")


def f1(right: FloatArray, gold: FloatArray, predicted: FloatArray) -> FloatArray:
    """2 right / (gold + predicted), element by element; nan where there is neither."""
    return ratio(2 * right, gold + predicted)


def label_never_chosen(gold: Sets, labels: Sequence[str]) -> str | None:
    """The obstacle of a mean over all labels: one that no row has."""
    return no_rows(gold) or lacking(np.asarray(gold.any(axis=0)), labels)


def all_empty(gold: Sets) -> str | None:
    """The obstacle of what counts right labels: there is none to find."""
    return no_rows(gold) or (None if gold.any() else "no row of the evaluated split has a label")
