"""The contract of an agreement measure: what each item adds to its sums, and a formula over the sums.

One file in `registry/annotation/measures`, one frozen class named after it. Sums make everything else equal for all
measures: the bootstrap draws items, a slice is the sum over its items, a pair of annotators is their votes alone.
"""

from typing import ClassVar, Protocol, runtime_checkable

from registry.annotation.spec import Form, Level
from registry.annotation.votes import FloatArray, Votes


@runtime_checkable
class Measure(Protocol):
    """A frozen value; `level` where the measure has one."""

    forms: ClassVar[tuple[Form, ...]]
    """The forms of answers that it can be computed of."""
    levels: ClassVar[tuple[Level, ...]]
    """Those it can be computed at; empty where the measure has no such choice."""
    raters: ClassVar[int | None]
    """2 where it is defined for two annotators alone (with more, it is the mean over their pairs); None for any."""
    source: ClassVar[str]
    """Where the formula is published."""

    def terms(self, votes: Votes) -> FloatArray:
        """(items, m): what each item adds; an item that can show no agreement, as with one vote, adds zeros."""

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., m) -> (...): the coefficient of sums of terms; nan where there is nothing to compare."""
