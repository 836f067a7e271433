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
    def promised(self) -> tuple[str, ...]:
        """The splits that must not come out empty."""

    def assign(self, key: pl.Series) -> pl.Series:
        """Split names, one per key. Depends on nothing but the key and the method's own fields."""
