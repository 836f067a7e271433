"""What becomes of every source row: its split, its label, and if it leaves, at which op and for what reason.

Owns the ledger's sums: no step may lose or repeat a row, so that kept and dropped add up to read.
"""

from collections.abc import Callable

import polars as pl

from registry import labelling
from registry.card import DatasetCard
from registry.op import leave, staying
from registry.progress import Step
from registry.split import SPLITS
from registry.text import example, inputs, strictness

Watch = Callable[[str, pl.DataFrame], None]
"""Is shown the rows after each step, with the step's name."""


def unwatched(step: str, rows: pl.DataFrame) -> None:
    """Nobody looks."""


def fates(rows: pl.DataFrame, card: DatasetCard, where: str, step: Step, watch: Watch = unwatched) -> pl.DataFrame:
    """Every source row with its split, and with the op and the reason if it leaves."""
    rows = rows.with_columns(
        _split=card.split.split.assign(rows),
        _reason=pl.lit(None, dtype=pl.String),
        _op=pl.lit(None, dtype=pl.String),
        _duplicate_of=pl.lit(None, dtype=pl.String),
    )
    ids = rows["id"].sort()
    rows = _without_text(rows)
    rows = _stamp(labelling.unanswered(labelling.label(rows, card, where), card), "labels")
    watch("", rows)
    for spec in card.clean:
        rows = _stamp(_complete(spec.op.apply(rows), ids, spec.name), spec.name)
        watch(spec.name, rows)
        step.advance()
    rows = _without_text(rows)
    # Ops may have pooled votes, so labels are made again from what the rows now hold.
    rows = _stamp(labelling.unlabelled(labelling.label(rows, card, where), card, where), "labels")
    watch("labels", rows)
    rows = _complete(_stamp(_across_splits(rows), "split"), ids, "split")
    return _settled(rows, steps=len(card.clean) + 1)


def _complete(rows: pl.DataFrame, ids: pl.Series, op: str) -> pl.DataFrame:
    """RuntimeError where an op deleted, renamed or repeated a row: then kept and dropped would not add up to read."""
    # Most ops leave the order alone, and comparing costs less than sorting.
    if not (rows["id"].equals(ids) or rows["id"].sort().equals(ids)):
        raise RuntimeError(f"{op} changed which rows there are: {len(ids):,} before, {rows.height:,} after")
    return rows


def _settled(rows: pl.DataFrame, steps: int) -> pl.DataFrame:
    """`_duplicate_of` names a row that stays to the end, or none: who stood for a row may have left later itself.

    A row that stands for another stays at that step and can only leave at a later one, so `steps` bounds the chains.
    """
    fate = rows.select(_duplicate_of="id", _stays=staying(), _next="_duplicate_of")
    lost = pl.col("_duplicate_of").is_not_null() & ~pl.col("_stays")
    for _ in range(steps + 1):
        rows = rows.drop("_stays", "_next", strict=False).join(
            fate, on="_duplicate_of", how="left", maintain_order="left"
        )
        if rows.filter(lost).is_empty():
            break
        rows = rows.with_columns(_duplicate_of=pl.when(lost).then("_next").otherwise("_duplicate_of"))
    return rows.drop("_stays", "_next")


def _without_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that lack what the task reads leave."""
    for name in inputs(rows):
        text = pl.col(name)
        rows = rows.with_columns(leave(text.is_null() | (text.str.strip_chars() == ""), f"no {name}"))
    return _stamp(rows, "required")


def _stamp(rows: pl.DataFrame, op: str) -> pl.DataFrame:
    """Name the op whose reason a row just got."""
    new = pl.col("_reason").is_not_null() & pl.col("_op").is_null()
    return rows.with_columns(_op=pl.when(new).then(pl.lit(op)).otherwise("_op"))


def _across_splits(rows: pl.DataFrame) -> pl.DataFrame:
    """Where equal texts fell into different splits, only the rows in the strictest one stay."""
    live = rows.filter(staying()).select("id", _text=example(rows), _rank=strictness())
    strictest = live.with_columns(_strictest=pl.col("_rank").min().over("_text"))
    kept = strictest.filter(pl.col("_rank") == pl.col("_strictest")).group_by("_text").agg(_kept=pl.col("id").min())
    losers = strictest.filter(pl.col("_rank") > pl.col("_strictest")).join(kept, on="_text")
    named = [f"same text in {name}" for name in reversed(SPLITS)]
    reason = pl.col("_strictest").replace_strict(dict(enumerate(named)), return_dtype=pl.String).alias("_why")
    rows = rows.join(losers.select("id", "_kept", reason), on="id", how="left", maintain_order="left")
    leaving = staying() & pl.col("_why").is_not_null()
    return rows.with_columns(
        _reason=pl.when(leaving).then("_why").otherwise("_reason"),
        _duplicate_of=pl.when(leaving).then("_kept").otherwise("_duplicate_of"),
    ).drop("_why", "_kept")
