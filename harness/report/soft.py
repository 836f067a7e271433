"""What models answered on rows with votes, for metrics that hold probabilities against the votes.

Owns which rows these are: those with a vote for one of the labels. Votes are read from the version, probabilities from
the records, so that models that were run before there was such a metric are scored too.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from harness import records
from harness.folds import evaluated
from harness.plan import Dataset
from harness.report.answers import Answers
from harness.report.board import Board, Cell
from harness.report.scored import Pass
from harness.report.words import interval, number
from registry.kinds import TASKS

COLUMN = "soft_label"


def against_votes(dataset: Dataset, found: Mapping[str, Sequence[Pass]], given: Answers, home: Path) -> Answers | None:
    """As `answers`, of the rows with votes, with their `soft_label`; None for a version without such rows."""
    if dataset.published is None:
        return None
    manifest = dataset.published.manifest
    rows = dataset.published.read(evaluated(manifest)).sort("id")
    if COLUMN not in rows.columns:
        return None
    voted = (rows[COLUMN].list.sum() > 0).fill_null(value=False)
    if not voted.any():
        return None
    votes = rows.filter(voted).select("id", COLUMN)
    frames = {model: [_answered(one, votes, home) for one in of_model] for model, of_model in found.items()}
    return Answers(frames, None, None, None if given.groups is None else given.groups[voted.to_numpy()])


def metrics() -> tuple[str, ...]:
    """Every metric that holds models against votes."""
    return tuple(dict.fromkeys(metric for task in TASKS.own() for metric in TASKS.get(task).soft_metrics))


def soft_cells(board: Board, dataset: str) -> dict[str, list[Cell]]:
    """By metric, the cells of one dataset that hold models against the votes, best first; holes last."""
    of = {name: [cell for cell in board.cells if (cell.dataset, cell.metric) == (dataset, name)] for name in metrics()}
    return {name: sorted(cells, key=lambda one: (one.value is None, one.value)) for name, cells in of.items() if cells}


def lines(board: Board, dataset: str) -> list[str]:
    """For the terminal, a line for each metric with the models that have a value."""
    found = soft_cells(board, dataset)
    told = {
        name: "; ".join(
            f"{cell.model} {number(cell.value)} {interval(cell.low, cell.high)}"
            for cell in cells
            if cell.value is not None
        )
        for name, cells in found.items()
    }
    return [f"{name} against the votes, lower is better: {scores}" for name, scores in told.items() if scores]


def _answered(one: Pass, votes: pl.DataFrame, home: Path) -> pl.DataFrame:
    """The predictions of all folds of a pass on the rows with votes, in order of id."""
    return pl.concat([records.predictions(record.run_id, home) for record in one]).join(votes, on="id").sort("id")
