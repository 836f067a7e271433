"""What the models of one dataset answered, side by side, and what each line adds to the sums of a metric.

Owns which rows are resampled together: rows that look alike to every model are counted, not repeated, because
a test split of 300,000 rows has a few thousand kinds of them. Reads no record, computes no interval.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from harness import records
from harness.folds import evaluated
from harness.metric import FloatArray, IntArray, Metric, WholeMetric
from harness.plan import Dataset
from harness.report.scored import Pass
from harness.scoring import needed, of_runs
from registry.errors import UserError


class Answers(NamedTuple):
    """Predictions of every scored model, a table per pass, all of the same rows in order of id."""

    frames: Mapping[str, Sequence[pl.DataFrame]]
    first: IntArray | None
    """One row of each kind; None where every row counts for itself."""
    sizes: IntArray | None
    """How many rows are of each kind."""
    groups: IntArray | None
    """Group numbers of the rows; None for cards that do not split by group."""


def answers(dataset: Dataset, found: Mapping[str, Sequence[Pass]], metrics: Sequence[str], home: Path) -> Answers:
    """The predictions behind the passes of each model, as far as the metrics read them. UserError when they are damaged
    or of other rows.
    """
    asked = [dataset.metric(name) for name in metrics]
    columns = ("id", *dict.fromkeys(column for metric in asked for column in needed(metric)))
    frames = {model: [_pooled(one, columns, home) for one in of_model] for model, of_model in found.items()}
    _check_same_rows(frames, found, dataset.card.name)
    groups = _groups(dataset)
    if groups is not None or not frames or any(metric.reads != "labels" for metric in asked):
        return Answers(frames, None, None, groups)
    return Answers(frames, *distinct([frame for of_model in frames.values() for frame in of_model]), None)


def contributions(metric: Metric, dataset: Dataset, given: Answers, model: str) -> list[FloatArray] | str:
    """One array per pass with a line per kind of row, or why the metric has no value here."""
    found = of_runs(metric, given.frames[model], _labels(dataset), given.first)
    return found if isinstance(found, str) else [one.contributions for one in found]


def whole(metric: WholeMetric, dataset: Dataset, given: Answers, model: str) -> list[float] | str:
    """The value of each pass of a metric that is no sum, or why it has none here."""
    found = of_runs(metric, given.frames[model], _labels(dataset))
    return found if isinstance(found, str) else [one.value for one in found]


def _labels(dataset: Dataset) -> tuple[str, ...]:
    return tuple(dataset.published.manifest["labels"]) if dataset.published else ()


def distinct(frames: Sequence[pl.DataFrame]) -> tuple[IntArray, IntArray]:
    """For each distinct line over all tables its first row and how often it occurs, in order of that row."""
    answered = [frame["predicted"].alias(str(number)) for number, frame in enumerate(frames)]
    table = pl.DataFrame([frames[0]["gold"], *answered]).with_row_index("_row")
    kinds = table.group_by(pl.exclude("_row")).agg(pl.col("_row").min(), pl.len().alias("_size")).sort("_row")
    return kinds["_row"].cast(pl.Int64).to_numpy(), kinds["_size"].cast(pl.Int64).to_numpy()


def _pooled(one: Pass, columns: Sequence[str], home: Path) -> pl.DataFrame:
    """The predictions of all folds of a pass, every row of the data once."""
    return pl.concat([records.predictions(record.run_id, home, columns) for record in one]).sort("id")


def _check_same_rows(
    frames: Mapping[str, Sequence[pl.DataFrame]], found: Mapping[str, Sequence[Pass]], name: str
) -> None:
    """Pairing rests on it, and tables beside each other would hide it."""
    every = [frame["id"] for of_model in frames.values() for frame in of_model]
    said = [sum(record.n or 0 for record in one) for of_model in found.values() for one in of_model]
    whole = all(len(ids) == rows == ids.n_unique() for ids, rows in zip(every, said, strict=True))
    if not whole or any(not ids.equals(every[0]) for ids in every[1:]):
        raise UserError(
            f"the predictions recorded for {name} are of different rows",
            do="Remove the folders of these runs (`bench list runs` names them); they are made again.",
        )


def _groups(dataset: Dataset) -> IntArray | None:
    """Group numbers of the evaluated rows in order of id; None for cards that do not split by group."""
    if dataset.published is None or not dataset.card.split.split.group:
        return None
    rows = dataset.published.read(evaluated(dataset.published.manifest)).select("id", "group").sort("id")
    return rows["group"].rank("dense").cast(pl.Int64).to_numpy()
