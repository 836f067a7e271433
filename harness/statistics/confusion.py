"""What one example adds to the margins of a confusion matrix, shared by classification metrics.

Owns the layout of the sums: for k classes, columns 0..k-1 count right answers by class, k..2k-1 gold rows,
2k..3k-1 predicted rows. Sums of counts are whole numbers, hence exact in any order and on any machine.
A prediction of -1 means "no answer": it is wrong for its gold class and counts as a prediction of no class.
Refuses labels outside the card's classes, because numpy would count them for another class.
"""

from collections.abc import Sequence, Sized
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.metric import FloatArray, IntArray

LABELS_NAMED = 5
"""How many missing labels a reason names; the rest are counted."""


class ClassTotals(NamedTuple):
    """Each (..., classes)."""

    right: FloatArray
    gold: FloatArray
    predicted: FloatArray


def class_counts(gold: IntArray, predicted: IntArray, classes: int) -> FloatArray:
    """(n,) gold and predicted label indexes -> (n, 3 * classes) ones and zeros in the layout above.

    ValueError as `check_labels`.
    """
    check_labels(gold, predicted, classes)
    rows = np.arange(len(gold))
    right, answered = gold == predicted, predicted >= 0
    counts = np.zeros((len(gold), 3 * classes))
    counts[rows[right], gold[right]] = 1
    counts[rows, classes + gold] = 1
    counts[rows[answered], 2 * classes + predicted[answered]] = 1
    return counts


def check_labels(gold: IntArray, predicted: IntArray, classes: int) -> None:
    """ValueError when the lengths differ or a label is not the index of a class (predicted may be -1)."""
    if gold.shape != predicted.shape:
        raise ValueError(f"{len(gold)} gold labels but {len(predicted)} predictions")
    if gold.size and (gold.min() < 0 or gold.max() >= classes):
        raise ValueError(f"gold label indexes must lie in 0..{classes - 1}")
    if gold.size and (predicted.min() < -1 or predicted.max() >= classes):
        raise ValueError(f"predicted label indexes must lie in -1..{classes - 1}, -1 for no answer")


def class_totals(totals: FloatArray) -> ClassTotals:
    """(..., 3 * classes) sums -> right, gold and predicted, each (..., classes)."""
    return ClassTotals(*np.split(totals, 3, axis=-1))


def f1_by_class(totals: ClassTotals) -> FloatArray:
    """(..., classes) F1 = 2 right / (gold + predicted); nan for a class neither in gold nor predicted.

    Source: van Rijsbergen 1979, Information Retrieval, ch. 7, with equal weight for precision and recall.
    """
    return ratio(2 * totals.right, totals.gold + totals.predicted)


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Element by element; nan where the denominator is 0, without a warning."""
    quotient = np.full(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)), np.nan)
    np.divide(numerator, denominator, out=quotient, where=np.not_equal(denominator, 0))
    return quotient


def mean_of_defined(values: FloatArray) -> FloatArray:
    """(..., classes) -> (...): the mean over the classes that are not nan; nan where all are."""
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0.0).sum(axis=-1), defined.sum(axis=-1))


def no_rows(gold: Sized) -> str | None:
    """The obstacle of every metric: nothing to evaluate."""
    return None if len(gold) else "the evaluated split has no rows"


def missing_class(gold: IntArray, labels: Sequence[str]) -> str | None:
    """The obstacle of every mean over all classes of a card: a class without a gold row."""
    return no_rows(gold) or lacking(np.bincount(gold, minlength=len(labels)) > 0, labels)


def lacking(present: NDArray[np.bool_], labels: Sequence[str]) -> str | None:
    """(classes,): whether a class has gold rows -> a sentence on those that have none, or None."""
    missing = [f'"{label}"' for label, found in zip(labels, present, strict=True) if not found]
    if not missing:
        return None
    more = f" or {len(missing) - LABELS_NAMED} more" if len(missing) > LABELS_NAMED else ""
    return f"no row of the evaluated split has the label {' or '.join(missing[:LABELS_NAMED])}{more}"
