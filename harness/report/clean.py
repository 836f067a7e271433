"""Scores on the clean subset: the test rows of which no audit says that training has seen them.

Computed from the stored predictions, so that nothing runs again. Refuses to repeat the score of all rows where nobody
looked: then there is a reason instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from harness.folds import folds_of
from harness.plan import Dataset
from harness.report.answers import Answers
from harness.report.board import Cell
from harness.report.cells import labels
from harness.report.words import number
from harness.scoring import of_runs
from registry.answers import audits_of
from registry.audits.kept import FLAGGING, flagged
from registry.errors import plural
from registry.split import SPLITS


class Clean(NamedTuple):
    """A score, and the rows it is of; or why there is none."""

    clean_value: float | None
    clean_n: int | None
    clean_reason: str


def with_clean_scores(cells: Sequence[Cell], dataset: Dataset, given: Answers, home: Path) -> list[Cell]:
    """The cells of one dataset with their clean scores; holes stay as they are."""
    seen = seen_rows(dataset, home)
    if isinstance(seen, str):
        unknown = Clean(None, None, seen)._asdict()
        return [replace(cell, **unknown) if cell.value is not None else cell for cell in cells]
    left = {
        model: [frame.filter(~pl.col("id").is_in(seen.implode())) for frame in frames]
        for model, frames in given.frames.items()
    }
    return [_with(cell, dataset, left, len(seen)) if cell.value is not None else cell for cell in cells]


def seen_rows(dataset: Dataset, home: Path) -> pl.Series | str:
    """The ids of the test rows that an audit flags; or why that is not known."""
    version = dataset.published
    if version is None:
        return "not built"
    if folds_of(version.manifest):
        return "audits compare test rows with training rows; cross-validation evaluates training rows"
    if not set(FLAGGING) & set(audits_of(version.manifest["task"])):
        return "audits read texts, and these rows have none"
    if not any(version.manifest["splits"][split]["rows"] for split in SPLITS if split != "test"):
        return "there are no training rows that a test row could repeat"
    found = flagged(version, home)
    if found is None:
        return f"not audited; `bench audit {dataset.card.name}` looks for test rows that training has seen"
    return found["id"].unique().sort()


def told(cell: Cell) -> str:
    """`0.861 on 1,190 rows`, or nothing."""
    return "" if cell.clean_value is None else f"{number(cell.clean_value)} on {plural(cell.clean_n or 0, 'row')}"


def note(cells: Sequence[Cell]) -> str:
    """What stands once below a table: what the clean subset is, or why models have no score on it."""
    cells = [cell for cell in cells if cell.role == "model"]
    scored = [cell for cell in cells if cell.clean_value is not None]
    if scored:
        left_out = (scored[0].n or 0) - (scored[0].clean_n or 0)
        return f"clean: without {plural(left_out, 'test row')} that audits found in or near the training data"
    reasons = dict.fromkeys(cell.clean_reason for cell in cells if cell.clean_reason)
    return f"no score on the clean subset: {'; '.join(reasons)}" if reasons else ""


def lines(cells: Sequence[Cell]) -> list[str]:
    """The note and, where there are clean scores, one line with that of each model."""
    scores = [f"{label} {told(cell)}" for label, cell in zip(labels(cells), cells, strict=True) if told(cell)]
    return [text for text in (note(cells), f"on the clean subset: {'; '.join(scores)}" if scores else "") if text]


def _with(cell: Cell, dataset: Dataset, left: Mapping[str, Sequence[pl.DataFrame]], seen: int) -> Cell:
    frames = left[cell.model]
    clean = Clean(cell.value, cell.n, "") if frames[0].height == cell.n else _score(cell.metric, dataset, frames, seen)
    return replace(cell, **clean._asdict())


def _score(name: str, dataset: Dataset, frames: Sequence[pl.DataFrame], seen: int) -> Clean:
    """The mean over seeds of a metric on these rows."""
    rows, metric = frames[0].height, dataset.metric(name)
    known = tuple(dataset.published.manifest["labels"]) if dataset.published else ()
    if not rows:
        return Clean(None, 0, f"all {plural(seen, 'test row')} are flagged")
    found = of_runs(metric, frames, known)
    if isinstance(found, str):
        return Clean(None, rows, found)
    return Clean(sum(one.value for one in found) / len(found), rows, "")
