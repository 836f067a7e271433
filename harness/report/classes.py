"""How well each model does on each label: its F1, beside the figures that sum labels up."""

import numpy as np
import polars as pl

from harness.plan import Dataset
from harness.report.answers import Answers
from harness.report.board import ClassScores
from harness.scoring import indices
from harness.statistics.confusion import class_counts, class_totals, f1_by_class
from registry.kinds import TASKS

MOST = 40
"""Labels that a table has room for."""


def by_class(dataset: Dataset, given: Answers) -> tuple[ClassScores, ...]:
    """One line a model, the mean over its passes; none for tasks whose rows have no one label, or for too many labels.

    An F1 is None where a label neither has an evaluated row nor is predicted.
    """
    labels = tuple(dataset.published.manifest["labels"]) if dataset.published else ()
    if TASKS.get(dataset.card.task).answer != "label" or not 2 <= len(labels) <= MOST:
        return ()
    found = []
    for model, frames in given.frames.items():
        if not {"gold", "predicted"} <= set(frames[0].columns):  # the card's metrics read probabilities alone
            continue
        values = np.mean([_scores(frame, labels) for frame in frames], axis=0)
        found.append(ClassScores(model, tuple(None if np.isnan(value) else float(value) for value in values)))
    return tuple(found)


def _scores(frame: pl.DataFrame, labels: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    gold, predicted = (indices(frame[name], labels) for name in ("gold", "predicted"))
    return f1_by_class(class_totals(class_counts(gold, predicted, len(labels)).sum(axis=0)))
