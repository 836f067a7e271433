"""The contract of a task on the registry's side: what rows a card of this task must offer.

How a model sees the task lives in `harness.task`.
"""

from typing import ClassVar

import polars as pl


class Task:
    """One file in `registry/tasks`, one class named after it, no state."""

    version: ClassVar[int] = 1
    inputs: ClassVar[tuple[str, ...]]
    """Columns of text that a model may read. Rows that are equal in them are the same example: they tell duplicates
    and leaks, and cleaning rewrites them."""
    carried: ClassVar[tuple[str, ...]] = ()
    """Other columns that every row has, published as they are: tokens, sounds."""
    optional: ClassVar[tuple[str, ...]] = ()
    """Columns that are carried where the card's rows have them."""
    derived: ClassVar[dict[str, pl.Expr]] = {}
    """How an input is made of carried columns where the card's rows lack it."""
    target: ClassVar[str] = ""
    """The column that a model must predict; empty where the inputs say it themselves."""
    answer: ClassVar[str] = "nothing"
    """What stands in that column: one of `registry/targets`."""
    has_collection: ClassVar[bool] = False
    """Whether a card names documents or items beside its rows, with `collection:`."""
    rewritable: ClassVar[bool] = True
    """False where the target lies in a text by place, so that no cleaning op may rewrite it."""
    metrics: ClassVar[tuple[str, ...]]
    """Every metric that a card may name."""
    default_metrics: ClassVar[tuple[str, ...]]
    """What is reported when a card names none; the first is the headline."""
    soft_metrics: ClassVar[tuple[str, ...]] = ()
    """What is reported beside them where a version has votes. Reports compute it of recorded probabilities, so it is no
    part of a run, and a run's id does not depend on it.
    """
