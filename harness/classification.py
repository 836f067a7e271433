"""What the tasks that give a row one label of a closed set share: predictions as a table, and metrics over it.

Owns nothing of how a model sees the rows; that is each task's own.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.metric import FloatArray, IntArray, Metric
from harness.model import Prediction
from harness.statistics.distributions import are_shares


def labelled(rows: pl.DataFrame, found: Prediction, labels: tuple[str, ...]) -> pl.DataFrame:
    """id, gold and predicted label, and the probabilities where the model has them, in order of id.

    ValueError when the model answered too few or too many rows, or with labels outside the set.
    """
    if len(found.labels) != rows.height:
        raise ValueError(f"the model answered {len(found.labels)} of {rows.height} rows")
    if not np.isin(found.labels, np.arange(len(labels))).all():
        raise ValueError("the model answered with a label outside the card's set")
    columns = {"id": rows["id"], "gold": rows["label"], "predicted": np.asarray(labels)[found.labels]}
    frame = pl.DataFrame(columns)
    if found.probabilities is not None:
        frame = frame.with_columns(probabilities=_lists(found.probabilities))
    return frame.sort("id")


def contributions(metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> FloatArray:
    """(n, m): what each line adds to the sums of a metric."""
    if metric.reads == "distributions":
        votes, given = (shares(predictions[name], len(labels)) for name in ("soft_label", "probabilities"))
        return metric.contributions(votes, given, len(labels))
    gold, predicted = indices(predictions["gold"], labels), indices(predictions["predicted"], labels)
    return metric.contributions(gold, predicted, len(labels))


def obstacle(metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> str | None:
    """Why a metric has no value on these lines, or None."""
    if metric.reads == "distributions":
        unusable = _no_shares(predictions, len(labels))
        return unusable or metric.obstacle(shares(predictions["soft_label"], len(labels)), labels)
    return metric.obstacle(indices(predictions["gold"], labels), labels)


def shares(lists: pl.Series, labels: int) -> FloatArray:
    """A number for each label as (n, labels) that sum to 1; each list must hold something."""
    values = lists.cast(pl.List(pl.Float64)).list.to_array(labels).to_numpy()
    total: FloatArray = values / values.sum(axis=1, keepdims=True)
    return total


def indices(names: pl.Series, labels: tuple[str, ...]) -> IntArray:
    """Label names to their index in the label set."""
    return names.replace_strict(list(labels), list(range(len(labels))), return_dtype=pl.Int64).to_numpy()


def _no_shares(predictions: pl.DataFrame, labels: int) -> str:
    """Why the model's answers are no distributions; empty where they are."""
    if "probabilities" not in predictions.columns:
        return "the model gives no probabilities"
    given = predictions["probabilities"]
    whole = (given.list.len() == labels).all() and are_shares(given.list.to_array(labels).to_numpy())
    return "" if whole else "what the model gives as probabilities is no distribution over the labels"


def _lists(probabilities: FloatArray | NDArray[np.float32]) -> pl.Series:
    """(n, labels) as one list a row, without Python lists in between."""
    return pl.Series(np.ascontiguousarray(probabilities, dtype=np.float32)).cast(pl.List(pl.Float32))
