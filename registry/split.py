"""The contract of a split method: where a row goes, decided from its key alone."""

from typing import ClassVar, Protocol

import polars as pl

SPLITS = ("train", "validation", "test")
"""Every split, the strictest last: where a duplicate cluster ties keys of several, its rows in the last one stay."""


class Split(Protocol):
    """A frozen value, written in a card under `split` with its `method`."""

    version: ClassVar[int]

    @property
    def group(self) -> str | None:
        """The column whose values must not be torn apart, if any."""

    @property
    def column(self) -> str | None:
        """The column that says where a row belongs, for methods that read one; rows carry it as `_given`."""

    @property
    def promised(self) -> tuple[str, ...]:
        """The splits that must not come out empty."""

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        """Split names, one a row. Depends on nothing but that row's `_key`, or its `_given` where there is a column."""
