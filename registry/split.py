"""The contract of a split method: where a row goes.

There are two kinds. Most place each row by itself, before cleaning: what a row's key or column says is all that counts
(contract 5). Methods with exact counts place what cleaning left, `afterwards`, and then no row leaves for a duplicate
in another split: rows that belong together are placed together.
"""

from typing import ClassVar, Protocol, runtime_checkable

import polars as pl

SPLITS = ("train", "validation", "test")
"""Every split, the strictest last: where a duplicate cluster ties keys of several, its rows in the last one stay."""


class Split(Protocol):
    """A frozen value, written in a card under `split` with its `method`."""

    version: ClassVar[int]
    afterwards: ClassVar[bool]
    """Whether it places the rows that cleaning left, by what they are together; False: each row by itself."""
    outside: ClassVar[str]
    """Why rows that it places nowhere leave; empty where there are none."""

    @property
    def group(self) -> str | None:
        """The column whose values must not be torn apart, if any; rows carry it as `group`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Further columns of the data that it reads; rows carry each as `_by_` and its name, as the data has it."""

    @property
    def promised(self) -> tuple[str, ...]:
        """The splits that must not come out empty."""

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        """Split names, one a row; null for rows that leave.

        Without `afterwards`: depends on nothing but that row's `_key` and its `_by_` columns. With it: rows are those
        that stayed, in order of id, with `id`, `label`, `_unit` (a number; rows with one number go into one split:
        equal texts, clusters and groups) and the `_by_` columns. Raises UserError where the data cannot be split so.
        """


@runtime_checkable
class Folding(Protocol):
    """A split method for cross-validation: every row of the train split is in one fold of each repeat."""

    folds: int
    repeats: int

    def fold(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Columns `fold_1` to `fold_<repeats>`, each a number from 0 to below `folds`; rows as for `assign`."""


@runtime_checkable
class Timed(Protocol):
    """A split method by time: train lies before validation and validation before test."""

    @property
    def time(self) -> str:
        """The column that holds the time."""

    def times(self, rows: pl.DataFrame) -> pl.Series:
        """When each row was, as UTC; published as `time`, so that the order can be proved."""
