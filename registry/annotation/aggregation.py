"""The contract of an aggregate: how the votes on an item become its one answer.

One file in `registry/annotation/aggregates`, one frozen class named after it.
"""

from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from registry.annotation.spec import Form, Ties
from registry.annotation.votes import BoolArray, FloatArray, Votes


class Aggregated(NamedTuple):
    """The one answer of each item."""

    values: FloatArray
    """(items,): numbers on the scale, or places in `answers`; nan where the votes decide nothing."""
    answers: tuple[str, ...] = ()
    """What values point at: the answers of the votes, and after them what an aggregate put together of their parts."""
    tied: BoolArray | None = None
    """(items,): whether an item's votes left no answer ahead, whatever became of it; None where there are no ties."""
    certainty: FloatArray | None = None
    """(items,), 0 to 1: the share or the posterior of the answer; nan where there is none. None for numbers."""


@runtime_checkable
class Aggregate(Protocol):
    """A frozen value without fields."""

    forms: ClassVar[tuple[Form, ...]]
    """The forms of answers that it can put together."""
    version: ClassVar[int]
    """Changes when the same votes give other answers."""
    source: ClassVar[str]
    """Where the method is published; empty where there is nothing to publish."""

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:
        """The answers; with `first`, a tie goes to the answer that stands first in `votes.answers`.

        UserError where it has to know who voted, and no vote says so.
        """
