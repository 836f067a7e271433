"""The contract of a task on the harness's side: how rows become examples, and predictions become scores."""

from typing import Any, ClassVar, Protocol

import polars as pl

from harness.metric import FloatArray
from harness.model import Examples, Input, Prediction


class Task(Protocol):
    """One file in `harness/tasks`, one class named after it, no state."""

    version: ClassVar[int]
    default_models: ClassVar[tuple[str, ...]]
    """Model cards that a bare `bench run DATASET` compares: what a sceptic would ask for, cheapest first."""

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        """Labelled examples for fitting, in order of the rows."""

    def inputs(self, rows: pl.DataFrame) -> tuple[Input, ...]:
        """What a model may see of rows that it must predict: no labels."""

    def predictions(self, rows: pl.DataFrame, found: Prediction, labels: tuple[str, ...]) -> pl.DataFrame:
        """One line per row, in order of id: id, gold, predicted, and whatever the metrics and readers need.

        Raises ValueError when the model answered too few or too many rows, or with labels outside the set.
        """

    def contributions(self, metric: Any, predictions: pl.DataFrame, labels: tuple[str, ...]) -> FloatArray:
        """(n, m): what each line of `predictions` adds to the sums of a metric.

        For one that reads distributions, each line has the votes on its row too: `soft_label`, a share of each label.
        """

    def obstacle(self, metric: Any, predictions: pl.DataFrame, labels: tuple[str, ...]) -> str | None:
        """Why a metric has no value on these predictions, or None."""
