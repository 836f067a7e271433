"""Which items are given to annotators, and in which order. Whatever a model says of items comes from the caller."""

from collections.abc import Callable
from typing import Literal

import polars as pl

from registry.annotation.tool import Role
from registry.digest import hashed
from registry.errors import UserError, plural

Take = Literal["random", "disagreement", "suspects", "uncertain"]
JUDGED: tuple[Take, ...] = ("disagreement", "suspects")
"""Items that have answers already, of which something is to be said."""

VOTED = pl.col("votes").list.len().fill_null(0)

Ranked = Callable[[], pl.DataFrame]
"""`id` and `score` of items that a model ranked, best first."""


def role_of(take: Take, *, asked: bool) -> Role:
    """What the answers are for where nobody says: only of a card that asks for votes can votes be given."""
    return "adjudication" if take in JUDGED or not asked else "vote"


def taken(rows: pl.DataFrame, take: Take, role: Role, *, per_item: int, seed: int, ranked: Ranked) -> pl.DataFrame:
    """The rows that a take is about, in its order. What was adjudicated is not adjudicated again, and of random items
    those are voted on that have fewer than `per_item` votes.

    UserError where no item has two votes, or none lacks any.
    """
    if role == "adjudication" and "adjudicated" in rows.columns:
        rows = rows.filter(pl.col("adjudicated").is_null())
    if take == "random":
        left = _shuffled(lacking(rows, per_item) if role == "vote" else rows, seed)
        if left.is_empty() and not rows.is_empty():
            do = "Where votes disagree somebody decides: `--take disagreement --as adjudication`."
            raise UserError(f"every item has its {plural(per_item, 'vote')}", do=do)
        return left
    if take == "disagreement":
        if "votes" not in rows.columns or rows.filter(VOTED > 1).is_empty():
            raise UserError("no item has two votes, so none is disputed", do="Take others: `--take random`.")
        return disputed(_shuffled(rows, seed))
    return _ranked(rows, ranked())


def lacking(rows: pl.DataFrame, per_item: int) -> pl.DataFrame:
    """The rows with fewer votes than each is to have."""
    return rows.filter(VOTED.lt(per_item)) if "votes" in rows.columns else rows


def _shuffled(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """In an order that no other row has a part in."""
    return rows.sort(hashed(rows["id"], f"take {seed}", 16))


def _ranked(rows: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order of their ranks, with the answer that is doubted as their label where the ranks tell it."""
    told = ranks.select(name for name in ("id", "label") if name in ranks.columns)
    others = rows.drop(*(name for name in told.columns if name != "id"), strict=False)
    return told.join(others, on="id", how="inner", maintain_order="left")


def disputed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose votes differ: those that no answer wins first, then those with the largest share of pairs that differ,
    or on a scale with the largest variance. What is equal in that keeps its order.
    """
    if "votes" not in rows.columns:
        return rows.clear()
    votes = rows.select("id", "votes").filter(VOTED > 1)
    single = votes.explode("votes").drop_nulls()
    if single["votes"].dtype.is_numeric():
        scores = single.group_by("id").agg(_tied=False, _score=pl.col("votes").var(ddof=0))
    else:
        counts = single.group_by("id", "votes").agg(n=pl.len()).group_by("id")
        n = pl.col("n").cast(pl.Float64)
        scores = counts.agg(
            _tied=(n == n.max()).sum() > 1,
            _score=1 - (n * (n - 1)).sum() / (n.sum() * (n.sum() - 1)),
        )
    found = rows.join(scores.filter(pl.col("_score") > 0), on="id", how="inner", maintain_order="left")
    return found.sort("_tied", "_score", descending=True, maintain_order=True).drop("_tied", "_score")
