"""Lines of predictions and a metric to a number: the columns that each kind of metric reads, in the shape it wants.

| a metric that reads | needs the columns |
|---|---|
| labels | gold, predicted (names of labels) |
| distributions | soft_label, probabilities |
| probabilities | gold, probabilities |
| sets, tags | gold, predicted (lists of names) |
| numbers, texts | gold, predicted |
| answers | gold (list of texts), predicted |
| sources | source, predicted |
| rankings | gold (list of {document, grade}), predicted (list of ids) |
| shown | known (how many documents or items there are), predicted (list of ids) |
| surprise | bytes, nats |
| speed | audio_seconds, seconds |
| durations | reference_seconds, audio_seconds |
| measured | one of the metric's own name |
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from harness.metric import FloatArray, IntArray, Measured, Metric, Reads, WholeMetric
from harness.statistics.distributions import are_shares
from registry.errors import UserError


class Sides(NamedTuple):
    """What a metric compares."""

    gold: Any
    predicted: Any


class Computed(NamedTuple):
    """A metric over lines. Of a `WholeMetric` a line adds nothing: (n, 0)."""

    value: float
    contributions: FloatArray
    """(n, m): what each line adds to the sums."""


def computed(metric: Metric | WholeMetric, lines: pl.DataFrame, labels: tuple[str, ...]) -> Computed | str:
    """The metric over all lines, or why it has no value on them."""
    lacking = next((why for name, why in _columns(metric).items() if name not in lines.columns), None)
    if lacking:
        return lacking
    unusable = _no_shares(lines, len(labels)) if metric.reads in ("distributions", "probabilities") else ""
    if unknown := unusable or _unknown(metric, lines):
        return unknown
    found = SHAPES[metric.reads]([lines[name] for name in needed(metric)], labels)
    if why := metric.obstacle(found.gold, labels):
        return why
    try:
        result = _computed(metric, found, len(labels))
    except UserError as error:  # a script that fails
        return " ".join(str(error).split())
    # What is right can be fine and what is said leave the formula undefined: the same number for every row, say.
    return result if math.isfinite(result.value) else "it is undefined on these answers"


def of_runs(
    metric: Metric | WholeMetric, runs: Iterable[pl.DataFrame], labels: tuple[str, ...], kept: IntArray | None = None
) -> list[Computed] | str:
    """The metric over the lines of each run, or the first reason why it has no value; contributions of `kept` lines."""
    found = []
    for lines in runs:
        one = computed(metric, lines, labels)
        if isinstance(one, str):
            return one
        found.append(one if kept is None else one._replace(contributions=one.contributions[kept]))
    return found


def _computed(metric: Metric | WholeMetric, found: Sides, classes: int) -> Computed:
    if isinstance(metric, WholeMetric):
        value = metric.of_all(found.gold, found.predicted, classes)
        return Computed(float(value), np.zeros((len(found.gold), 0)))
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large for a number has no value: `computed`
        contributions = metric.contributions(found.gold, found.predicted, classes)
        return Computed(float(metric.value(contributions.sum(axis=0))), contributions)


def needed(metric: Metric | WholeMetric) -> tuple[str, ...]:
    """The columns of lines that a metric reads."""
    return tuple(_columns(metric))


def indices(names: pl.Series, labels: tuple[str, ...]) -> IntArray:
    """Label names to their index in the label set."""
    return names.replace_strict(list(labels), list(range(len(labels))), return_dtype=pl.Int64).to_numpy()


def shares(lists: pl.Series, labels: int) -> FloatArray:
    """A number for each label as (n, labels) that sum to 1; each list must hold something."""
    values = numbers_of(lists, labels)
    total: FloatArray = values / values.sum(axis=1, keepdims=True)
    return total


def numbers_of(lists: pl.Series, width: int) -> FloatArray:
    """Lists of one length as (n, width)."""
    return lists.cast(pl.List(pl.Float64)).list.to_array(width).to_numpy()


def sets(lists: pl.Series, labels: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Lists of labels as (n, labels) of true and false."""
    found = np.zeros((len(lists), len(labels)), dtype=bool)
    flat = pl.DataFrame({"label": lists}).with_row_index("row").explode("label").drop_nulls("label")
    found[flat["row"].to_numpy(), indices(flat["label"], labels)] = True
    return found


def _labels(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:
    return Sides(*(indices(column, labels) for column in columns))


def _distributions(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:
    return Sides(*(shares(column, len(labels)) for column in columns))


def _probabilities(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:
    return Sides(indices(columns[0], labels), numbers_of(columns[1], len(labels)))


def _sets(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:
    return Sides(*(sets(column, labels) for column in columns))


def _numbers(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:  # noqa: ARG001 - one shape of several
    return Sides(*(column.cast(pl.Float64).to_numpy() for column in columns))


def _lists(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:  # noqa: ARG001 - one shape of several
    return Sides(*(column.to_list() for column in columns))


def _rankings(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:  # noqa: ARG001 - one shape of several
    grades = [{one["document"]: one["grade"] for one in found} for found in columns[0].to_list()]
    return Sides(grades, columns[1].to_list())


def _shown(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:  # noqa: ARG001 - one shape of several
    return Sides(columns[0].to_numpy(), columns[1].to_list())


def _measured(columns: Sequence[pl.Series], labels: tuple[str, ...]) -> Sides:  # noqa: ARG001 - one shape of several
    values = columns[0].cast(pl.Float64).to_numpy()
    return Sides(np.zeros(len(values)), values)


SHAPES: dict[Reads, Callable[[Sequence[pl.Series], tuple[str, ...]], Sides]] = {
    "labels": _labels,
    "distributions": _distributions,
    "probabilities": _probabilities,
    "sets": _sets,
    "numbers": _numbers,
    "tags": _lists,
    "texts": _lists,
    "answers": _lists,
    "sources": _lists,
    "rankings": _rankings,
    "shown": _shown,
    "surprise": _numbers,
    "speed": _numbers,
    "durations": _numbers,
    "measured": _measured,
}

COLUMNS: dict[Reads, dict[str, str]] = {
    "distributions": {"soft_label": "there are no votes", "probabilities": "the model gives no probabilities"},
    "probabilities": {"gold": "there are no labels", "probabilities": "the model gives no probabilities"},
    "sources": {"source": "the task has no source texts", "predicted": "the model gives no texts"},
    "shown": {"known": "there is no collection", "predicted": "the model ranks nothing"},
    "surprise": {"bytes": "the texts were not measured", "nats": "the model gives no likelihoods"},
    "speed": {"audio_seconds": "there is no sound", "seconds": "the model does not say how long it took"},
    "durations": {
        "reference_seconds": "the card has no recordings to compare with",
        "audio_seconds": "the model makes no sound",
    },
}
USUAL = {"gold": "there is nothing to compare with", "predicted": "the model gives no answers of this kind"}


def _columns(metric: Metric | WholeMetric) -> dict[str, str]:
    """The columns that a metric reads, each with the reason why it may be lacking."""
    if metric.reads == "measured":
        needed = f": that needs the weights of {metric.weights_of}" if isinstance(metric, Measured) else ""
        return {metric_name(metric): f"it was not measured when the model ran{needed}"}
    return COLUMNS.get(metric.reads, USUAL)


def metric_name(metric: Any) -> str:
    """The name that cards and columns have for a metric: that of its file."""
    return str(type(metric).__module__.rsplit(".", 1)[-1])


def _unknown(metric: Metric | WholeMetric, lines: pl.DataFrame) -> str:
    """What lines lack that have the column; empty where all is there. A column `..._lacking` beside it tells why."""
    for name, why in _columns(metric).items():
        empty = lines[name].null_count()
        if empty:
            told = lines[f"{name}_lacking"][0] if f"{name}_lacking" in lines.columns else why
            return told if empty == lines.height else f"{told} (on {empty:,} of {lines.height:,} rows)"
    return ""


def _no_shares(lines: pl.DataFrame, labels: int) -> str:
    """Why the model's answers are no distributions; empty where they are."""
    given = lines["probabilities"]
    whole = (given.list.len() == labels).all() and are_shares(given.list.to_array(labels).to_numpy())
    return "" if whole else "what the model gives as probabilities is no distribution over the labels"
