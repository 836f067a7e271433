"""The contract of a task on the harness's side: how rows become examples, and answers become lines to score.

Which columns a line needs is told by what the task's metrics read: `harness.scoring`.
"""

from typing import ClassVar, Protocol, runtime_checkable

import polars as pl

from harness.examples import Answers, Examples, Input
from harness.model import Setting


class Task(Protocol):
    """One file in `harness/tasks`, one class named after it, no state."""

    version: ClassVar[int]
    default_models: ClassVar[tuple[str, ...]]
    """Model cards that a bare `bench run DATASET` compares: what a sceptic would ask for, cheapest first."""

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        """Inputs with their right answers for fitting, in order of the rows."""

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:
        """What a model may see of rows that it must predict: no right answers. `past` are the rows of train and
        validation, for tasks whose inputs go on from there."""

    def predictions(self, rows: pl.DataFrame, found: Answers, labels: tuple[str, ...]) -> pl.DataFrame:
        """One line per input, in order of id: id, gold, predicted, and whatever the metrics and readers need.

        Raises `lines.Unusable` when the model answered too few or too many inputs, or with what is no answer.
        """


@runtime_checkable
class Judging(Protocol):
    """A task whose answers another model must look at before they can be scored."""

    judge: ClassVar[str]
    """The model card of the other model."""

    def judged(self, rows: pl.DataFrame, lines: pl.DataFrame, found: Answers, setting: Setting) -> pl.DataFrame:
        """The lines with what the judge found; null where it cannot look, and why in a column `..._lacking`.

        `setting` is that of the run with the weights of the judge, None where they were not fetched.
        """
