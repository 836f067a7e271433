"""One row per text: equal after NFKC, lower case and white space are folded.

The row in the strictest split stays, the one with the smallest id among those, so that neither row order nor
growth of the data moves a text from test to train.
"""

from typing import Any, ClassVar, Literal

import polars as pl

from registry.errors import UserError, plural
from registry.frozen import Frozen
from registry.op import leave, staying
from registry.text import example, strictness


class DedupeExact(Frozen):
    """`conflict` says what happens where equal texts bear different labels.

    `drop`: all of them leave. `pool`: their votes are put together, or, without votes, the most frequent label
    wins and a tie leaves. `refuse`: the build stops.
    """

    conflict: Literal["drop", "pool", "refuse"] = "drop"

    version: ClassVar[int] = 2
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (({}, "alone", "alone"),)

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        pooled = self.conflict == "pool" and "votes" in rows.columns
        clusters = self._clusters(rows)
        rows = rows.join(clusters, on="id", how="left", maintain_order="left")
        if self.conflict == "refuse":
            _refuse(rows)
        elif pooled:
            rows = _pool_votes(rows)
        else:
            rows = self._settle(rows)
        repeats = pl.col("_kept") != pl.col("id")
        rows = rows.with_columns(
            leave(repeats, "pooled into the kept row" if pooled else "duplicate"),
            _duplicate_of=pl.when(staying() & repeats).then("_kept").otherwise("_duplicate_of"),
        )
        return rows.drop("_kept", "_conflict", "_majority", "_size")

    def _clusters(self, rows: pl.DataFrame) -> pl.DataFrame:
        """For every staying row: the id of the row that stays for its text, and what the labels of the cluster say."""
        live = rows.filter(staying()).select("id", "label", _text=example(rows), _rank=strictness())
        counts = (
            live.group_by("_text", "label")
            .len("votes")
            .sort("_text", "votes", "label", descending=[False, True, False])
        )
        tops = counts.group_by("_text", maintain_order=True).agg(
            _majority=pl.col("label").first(),
            _tie=(pl.col("votes") == pl.col("votes").max()).sum() > 1,
            _conflict=pl.len() > 1,
        )
        tops = tops.with_columns(_majority=pl.when(~pl.col("_tie")).then("_majority")).drop("_tie")
        kept = (
            live.sort("_rank", "id")
            .group_by("_text", maintain_order=True)
            .agg(_kept=pl.col("id").first(), _size=pl.len())
        )
        return live.select("id", "_text").join(kept, on="_text").join(tops, on="_text").drop("_text")

    def _settle(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Without votes: drop conflicting clusters, or give the kept row the label that most rows bear."""
        if self.conflict == "drop":
            return rows.with_columns(leave(pl.col("_conflict"), "label conflict"))
        rows = rows.with_columns(leave(pl.col("_conflict") & pl.col("_majority").is_null(), "label conflict"))
        label = pl.when(staying() & pl.col("_conflict")).then("_majority").otherwise("label")
        return rows.with_columns(label=label)


def _pool_votes(rows: pl.DataFrame) -> pl.DataFrame:
    """The kept row of a cluster takes the votes of all of its rows, in order of id."""
    many = rows.filter(staying() & (pl.col("_size") > 1)).sort("id")
    pooled = many.select("_kept", pl.col("votes")).explode("votes").group_by("_kept", maintain_order=True)
    together = pooled.agg(_pooled=pl.col("votes")).rename({"_kept": "id"})
    rows = rows.join(together, on="id", how="left", maintain_order="left")
    return rows.with_columns(votes=pl.coalesce("_pooled", "votes")).drop("_pooled")


def _refuse(rows: pl.DataFrame) -> None:
    conflicts = rows.filter(staying() & pl.col("_conflict"))
    if conflicts.height:
        ids = ", ".join(conflicts.sort("_kept", "id")["id"].head(6).to_list())
        what = f"dedupe_exact: {plural(conflicts.height, 'row')} with equal text bear different labels (ids {ids} ...)"
        raise UserError(what, do="Choose `conflict: drop` or `conflict: pool`, or mend the labels at the source.")
