"""What becomes of rows that are the same example: who stays, and what a cluster whose labels differ comes to.

Owns the rule that dedupe ops share: the row in the strictest split stays, of those the one with the smallest id, so
that neither row order nor growth of the data moves a text from test to train. How clusters are found is each op's own.
"""

from collections.abc import Sequence
from typing import Literal

import polars as pl

from registry.errors import UserError, plural
from registry.op import leave, staying
from registry.text import strictness

Conflict = Literal["drop", "pool", "refuse"]
"""What happens where rows of one cluster bear different labels.

`drop`: all of them leave. `pool`: their votes are put together, or, where nobody was asked about any of them, the most
frequent label wins and a tie leaves. `refuse`: the build stops.
"""


def reduced(rows: pl.DataFrame, clusters: pl.Series, conflict: Conflict, op: str) -> pl.DataFrame:
    """Rows for `settle` of which one a cluster stays, the others with a reason and `_duplicate_of`; same order.

    `clusters` has a number for each row; rows with one number are one cluster, those with null are alone.
    UserError where labels differ and `conflict` is `refuse`.
    """
    known = _known(rows, clusters)
    pooled = conflict == "pool" and not {"votes", "adjudicated"}.isdisjoint(rows.columns)
    rows = rows.with_row_index("_row").join(known.drop("id"), on="_row", how="left", maintain_order="left")
    if conflict == "refuse":
        _refuse(known, op)
    elif pooled:
        rows = _settle(_pool(rows), conflict)
    else:
        rows = _settle(rows, conflict)
    repeats = staying() & (pl.col("_kept") != pl.col("id"))
    rows = rows.with_columns(
        leave(repeats, "pooled into the kept row" if pooled else "duplicate"),
        _duplicate_of=pl.when(repeats).then("_kept").otherwise("_duplicate_of"),
    )
    return rows.drop("_row", "_kept", "_conflict", "_majority")


def agreeing(rows: pl.DataFrame, clusters: pl.Series, conflict: Literal["drop", "refuse"], op: str) -> pl.DataFrame:
    """All rows, but that clusters leave whose labels differ; UserError where `conflict` is `refuse`."""
    known = _known(rows, clusters)
    if conflict == "refuse":
        _refuse(known, op)
    differing = known.filter("_conflict")["id"].implode()
    return rows.with_columns(leave(pl.col("id").is_in(differing), "label conflict"))


def _known(rows: pl.DataFrame, clusters: pl.Series) -> pl.DataFrame:
    """For every staying row that is not alone: the id of the row that stays, and what the labels of the cluster say."""
    live = rows.select("id", "label", "_split", "_reason", _cluster=clusters).with_row_index("_row")
    live = live.filter(staying(), pl.col("_cluster").is_not_null()).drop("_reason")
    live = live.filter(pl.col("_cluster").is_duplicated()).with_columns(_rank=strictness())
    counts = live.group_by("_cluster", "label").len("rows")
    tops = (
        counts.sort("_cluster", "rows", "label", descending=[False, True, False])
        .group_by("_cluster", maintain_order=True)
        .agg(
            _majority=pl.col("label").first(),
            _tie=(pl.col("rows") == pl.col("rows").max()).sum() > 1,
            _conflict=pl.len() > 1,
        )
        .with_columns(_majority=pl.when(~pl.col("_tie")).then("_majority"))
        .drop("_tie")
    )
    kept = live.sort("_rank", "id").group_by("_cluster", maintain_order=True).agg(_kept=pl.col("id").first())
    return live.select("_row", "id", "_cluster").join(kept, on="_cluster").join(tops, on="_cluster").drop("_cluster")


def _settle(rows: pl.DataFrame, conflict: Conflict) -> pl.DataFrame:
    """Without votes: drop conflicting clusters, or give the kept row the label that most rows bear."""
    if conflict == "drop":
        return rows.with_columns(leave(pl.col("_conflict"), "label conflict"))
    rows = rows.with_columns(leave(pl.col("_conflict") & pl.col("_majority").is_null(), "label conflict"))
    # The ledger shows the others as they were.
    settled = staying() & pl.col("_conflict") & (pl.col("_kept") == pl.col("id"))
    label = pl.when(settled).then("_majority").otherwise("label")
    return rows.with_columns(label=label)


def _pool(rows: pl.DataFrame) -> pl.DataFrame:
    """The kept row of a cluster takes the votes of all of its rows, in order of id, and the first decision on one.

    What people said settles a conflict; it remains where nobody was asked.
    """
    asked = [pl.col("votes").list.len() > 0] if "votes" in rows.columns else []
    asked += [pl.col("adjudicated").is_not_null()] if "adjudicated" in rows.columns else []
    heard = pl.any_horizontal(asked).fill_null(value=False).any().over("_kept")
    rows = rows.with_columns(_conflict=pl.col("_conflict") & ~heard)
    many = rows.filter(staying(), pl.col("_kept").is_not_null()).sort("id")
    lists = [name for name in ("votes", "annotators") if name in rows.columns]
    if lists:
        voted = many.filter(pl.col("votes").list.len() > 0).select("_kept", *lists).explode(lists)
        rows = _taken(rows, voted.group_by("_kept", maintain_order=True).agg(lists), lists)
    decided = [name for name in ("adjudicated", "adjudicator") if name in rows.columns]
    if decided:
        found = many.filter(pl.col("adjudicated").is_not_null()).group_by("_kept", maintain_order=True)
        rows = _taken(rows, found.agg(pl.col(decided).first()), decided)
    return rows


def _taken(rows: pl.DataFrame, pooled: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Rows with these columns of the cluster that they stand for."""
    found = pooled.rename({"_kept": "id"} | {name: f"_pooled_{name}" for name in columns})
    rows = rows.join(found, on="id", how="left", maintain_order="left")
    both = {name: pl.coalesce(f"_pooled_{name}", name) for name in columns}
    return rows.with_columns(**both).drop(f"_pooled_{name}" for name in columns)


def _refuse(known: pl.DataFrame, op: str) -> None:
    conflicts = known.filter("_conflict")
    if conflicts.height:
        alike = "equal" if op == "dedupe_exact" else "nearly equal"
        ids = ", ".join(conflicts.sort("_kept", "id")["id"].head(6).to_list())
        what = f"{op}: {plural(conflicts.height, 'row')} with {alike} text bear different labels (ids {ids} ...)"
        raise UserError(what, do="Choose `conflict: drop` or `conflict: pool`, or mend the labels at the source.")
