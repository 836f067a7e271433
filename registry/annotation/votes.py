"""Votes as arrays: what annotators answered, item by item.

Owns `Votes`, the form in which annotation code passes votes around, and how it is read from the columns `votes` and
`annotators` of a table. Refuses votes that are not finite numbers, or that are no answer of the card.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from registry.annotation.spec import LABELLED, Form
from registry.errors import UserError, clipped, nearest, plural

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

ANONYMOUS = -1
"""Stands for who gave a vote where that is not known."""


class Votes(NamedTuple):
    """The votes of all items in one array; item i has `values[offsets[i]:offsets[i + 1]]`, maybe none."""

    values: FloatArray
    """(votes,), finite: numbers on the scale, or places in `answers`."""
    offsets: IntArray
    """(items + 1,), ascending, from 0 to the number of votes."""
    annotators: IntArray | None = None
    """(votes,): places in `names`, or ANONYMOUS; None where nobody is named."""
    names: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    """What values point at, spelled as `registry.annotation.answers` does; empty where they are numbers."""
    form: Form = "single"
    """How the answers are to be read."""

    @property
    def counts(self) -> IntArray:
        """(items,): votes of each item."""
        return np.diff(self.offsets)

    @property
    def items(self) -> IntArray:
        """(votes,): the item of each vote."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    def where(self, kept: BoolArray) -> "Votes":
        """The votes for which `kept` (votes,) is true, of the same items."""
        counts = np.bincount(self.items[kept], minlength=len(self.offsets) - 1)
        offsets = np.concatenate([[0], counts.cumsum()])
        return self._replace(
            values=self.values[kept],
            offsets=offsets,
            annotators=None if self.annotators is None else self.annotators[kept],
        )

    def of_items(self, kept: BoolArray) -> "Votes":
        """The items for which `kept` (items,) is true, with their votes."""
        votes = np.repeat(kept, self.counts)
        return self._replace(
            values=self.values[votes],
            offsets=np.concatenate([[0], self.counts[kept].cumsum()]),
            annotators=None if self.annotators is None else self.annotators[votes],
        )

    @classmethod
    def from_list_column(cls, series: pl.Series) -> "Votes":
        """A column with a list of numbers per item. A null in a list is a missing vote, a null list no votes.

        UserError when the column does not hold lists of numbers, or when a vote is NaN or infinite.
        """
        dtype = series.dtype
        inner = dtype.inner if isinstance(dtype, pl.List | pl.Array) else None
        if inner is None or not (inner.is_numeric() or inner == pl.Null):
            raise UserError(
                f'votes must be lists of numbers; column "{series.name}" holds {dtype}',
                do=f"Cast them in `select:`, for example {series.name}::INTEGER[] AS {series.name}.",
            )
        lists = series.cast(pl.List(pl.Float64)).list.drop_nulls()
        votes = cls(lists.explode().drop_nulls().to_numpy(), _offsets(lists))
        _refuse_infinite(votes, series.name)
        return votes

    @classmethod
    def from_columns(cls, rows: pl.DataFrame, labels: Sequence[str] | None = None, form: Form = "single") -> "Votes":
        """The columns `votes` and, if there, `annotators` of a table: lists that belong together, without nulls.

        Votes that are numbers stay numbers. Texts become places in all that were given; answers that are one of a
        closed set of `labels`, in these. UserError for a text that is none of them.
        """
        votes = rows["votes"].list.explode().drop_nulls()
        if votes.dtype.is_numeric() or votes.dtype == pl.Null:
            found = cls.from_list_column(rows["votes"])._replace(form=form)
        else:
            closed = labels if form in LABELLED else None
            known = tuple(votes.unique().sort().to_list() if closed is None else closed)
            _refuse_unknown(rows, known)
            values = votes.replace_strict(list(known), list(range(len(known))), return_dtype=pl.Float64).to_numpy()
            found = cls(values, _offsets(rows["votes"]), answers=known, form=form)
        if "annotators" not in rows.columns:
            return found
        who = rows.filter(pl.col("votes").list.len() > 0)["annotators"].list.explode()
        names = tuple(who.drop_nulls().unique().sort().to_list())
        if not names:
            return found
        codes = who.replace_strict(list(names), list(range(len(names))), default=ANONYMOUS, return_dtype=pl.Int64)
        return found._replace(annotators=codes.fill_null(ANONYMOUS).to_numpy(), names=names)


def _offsets(lists: pl.Series) -> IntArray:
    return np.concatenate([[0], lists.list.len().fill_null(0).cast(pl.Int64).to_numpy().cumsum()])


def _refuse_infinite(votes: Votes, column: str) -> None:
    wrong = np.flatnonzero(~np.isfinite(votes.values))
    if not len(wrong):
        return
    item = int(np.searchsorted(votes.offsets, wrong[0], side="right")) - 1
    raise UserError(
        f'{len(wrong):,} of {len(votes.values):,} votes in column "{column}" are not finite numbers; '
        f"the first is {votes.values[wrong[0]]}, a vote on row {item + 1:,}",
        do="Write a missing vote as null, or leave it out of the list.",
    )


def _refuse_unknown(rows: pl.DataFrame, answers: Sequence[str]) -> None:
    """UserError with the votes that are no answer of the card, how often and where."""
    given = rows.select("id", pl.col("votes")).explode("votes").drop_nulls("votes")
    unknown = given.filter(~pl.col("votes").is_in(list(answers)))
    if unknown.is_empty():
        return
    counts = unknown.group_by("votes").agg(pl.len(), pl.col("id").min()).sort("votes")
    shown = ", ".join(
        f'"{clipped(vote, 40)}"{nearest(vote, answers)} ({plural(count, "vote")}, first on {clipped(row, 40)})'
        for vote, count, row in counts.head(8).rows()
    )
    do = "Add them to `labels:`, or say under `annotation: migrations:` what they are now; null for none."
    raise UserError(f"votes that are no label of the card: {shown}", do=do)
