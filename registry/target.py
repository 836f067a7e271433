"""The contract of a target: what kind of thing a model of a task must predict, and how it is spelled.

While a card is built, every target is one text, so that answers can be compared, counted and put together whatever
their kind; in published files it has a type of its own.
"""

from typing import ClassVar, Protocol

import polars as pl

from registry.annotation.spec import Form


class Target(Protocol):
    """One file in `registry/targets`, one class named after it, no state."""

    dtype: ClassVar[pl.DataType]
    """Of the published column."""
    closed: ClassVar[bool]
    """Whether it is made of labels of a closed set."""
    forms: ClassVar[tuple[Form, ...]]
    """The forms of annotators' answers that come to it."""
    beside: ClassVar[str]
    """The carried column whose lists it must match in length; empty for none."""

    def spelled(self, column: pl.Series) -> pl.Series:
        """A card's column as texts; null where there is no answer. UserError for a column of another type."""

    def read(self, spelled: pl.Series) -> pl.Series:
        """Texts as the published column."""

    def labels(self, spelled: pl.Series) -> pl.Series:
        """Of a closed set: the labels that each of these texts holds, as lists."""
