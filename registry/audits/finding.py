"""The contract of an audit, and what it found.

An audit is a pure function of published rows and its own typed parameters. It fixes nothing, and except for `order`
what it finds is a hint that a person should look at.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Protocol

import polars as pl
from pydantic import Field

Bound = Annotated[int, Field(ge=0)] | None
"""How many things an audit may find before the build is refused; None: any number."""

WORST = 20
"""How many of the things found stand in a manifest."""

FOUND = pl.Schema(
    {
        "measure": pl.Float64,
        "why": pl.String,
        "id": pl.String,
        "split": pl.String,
        "other": pl.String,
        "other_split": pl.String,
    }
)
"""One thing found a row. `measure` is from 0 to 1, 1 the worst; `other` is the row it has to do with, null for none."""


@dataclass(frozen=True)
class Finding:
    """What one audit says of one version, or of one card's rows against another's."""

    found: pl.DataFrame
    """Columns of FOUND, the worst first."""
    looked_at: int
    """Rows that were examined; 0 where nothing can be said."""
    notes: tuple[str, ...] = ()
    """What could not be said, and why."""

    def as_json(self, limit: int | None = None) -> dict[str, Any]:
        """Plain JSON with the `limit` worst, or all."""
        worst = self.found if limit is None else self.found.head(limit)
        return {
            "found": self.found.height,
            "looked_at": self.looked_at,
            "notes": list(self.notes),
            "worst": worst.to_dicts(),
        }


def nothing_said(why: str) -> Finding:
    """Not that nothing was found, but that nothing could be looked at."""
    return Finding(pl.DataFrame(schema=FOUND), 0, (why,))


def finding(found: pl.DataFrame, looked_at: int, *notes: str) -> Finding:
    """A finding with its rows in their order: the worst first, then by id."""
    ordered = found.select(FOUND.names()).cast(FOUND)
    ordered = ordered.sort("measure", "id", "why", "other", descending=[True, False, False, False], nulls_last=True)
    return Finding(ordered, looked_at, tuple(note for note in notes if note))


class Audit(Protocol):
    """A frozen value, written in a card under `audit`. `version` changes when its results do."""

    version: ClassVar[int]
    violation: ClassVar[bool]
    """Whether what it finds breaks a contract; otherwise it is a hint."""
    says: ClassVar[str]
    """What it means that something was found, with `{found}` and `{looked_at}`."""
    at_most: Bound

    def find(self, rows: pl.DataFrame, extra: pl.DataFrame | None = None) -> Finding:
        """What is to be found in the rows of `registry.audits.rows.together`.

        `extra` has further columns of the source by `id`, which only a build has at hand.
        """
