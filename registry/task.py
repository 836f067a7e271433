"""The contract of a task on the registry's side: what rows a card of this task must offer.

How a model sees the task lives in `harness.task`.
"""

from typing import ClassVar, Protocol


class Task(Protocol):
    """One file in `registry/tasks`, one class named after it, no state."""

    version: ClassVar[int]
    inputs: ClassVar[tuple[str, ...]]
    """Columns that a model may read."""
    target: ClassVar[str]
    """The column that it must predict."""
    metrics: ClassVar[tuple[str, ...]]
    """Every metric that a card may name."""
    default_metrics: ClassVar[tuple[str, ...]]
    """What is reported when a card names none; the first is the headline."""
    soft_metrics: ClassVar[tuple[str, ...]]
    """What is reported beside them where a version has votes. Reports compute it of recorded probabilities, so it is no
    part of a run, and a run's id does not depend on it.
    """
