"""The second pass of a build: the split, the label and, where it leaves, the op and the reason of every row.

Works on narrow rows, without texts. Owns the ledger's sums: no step may lose or repeat a row, so that kept and dropped
add up to read.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from registry.card import DatasetCard
from registry.errors import UserError
from registry.kinds import TASKS
from registry.op import Links, TableOp, leave, staying
from registry.pipeline import labelling
from registry.pipeline.cleaning import Cleaned, Watch, clean, unwatched
from registry.pipeline.parts import in_memory
from registry.placing.units import units
from registry.progress import Step
from registry.split import SPLITS, Folding
from registry.text import strictness

CLASSES = ("label", "labels")
"""Targets that rows can be spread evenly by; of numbers, texts and tags nearly every row has one of its own."""

NARROW = ("id", "label", "group", "votes", "annotators", "adjudicated", "adjudicator", "_reason", "_left_at")
"""The columns of the first pass that decide a row's fate. `_key` may be a text: it is read part by part."""


def of_frame(rows: pl.DataFrame, card: DatasetCard, where: str, step: Step) -> pl.DataFrame:
    """Every row of a table in memory with its last texts, its split, and the op and the reason if it leaves."""
    cleaned = clean(in_memory(rows), card.clean)
    found = fates(cleaned, card, where, step)
    texts = pl.concat(cleaned.parts)
    return texts.select(name for name in texts.columns if name not in found.columns).hstack(found)


def fates(cleaned: Cleaned, card: DatasetCard, where: str, step: Step, watch: Watch = unwatched) -> pl.DataFrame:
    """Every row, in order of id, with its split, and with the op and the reason if it leaves."""
    method = card.split.split
    with _located(f"{where}  split"):
        rows = _narrow(cleaned, card)
    rows = _textless(rows, 0, "required")
    if not method.afterwards:
        rows = _stamp(rows.with_columns(leave(pl.col("_split").is_null(), method.outside)), "split")
    rows = _stamp(labelling.unanswered(labelling.label(rows, card, where), card), "labels")
    answered = _answers(rows)
    watch(0, rows)
    for place, spec in enumerate(card.clean, 1):
        if isinstance(spec.op, TableOp):
            # What an op that found out nothing kept leaves no trace on disk.
            with _located(f"{where}  clean > {spec.name}"):
                rows = _settle(spec.op, rows, cleaned.links.get(place, {}), spec.name)
        else:
            rows = _textless(rows, place, spec.name)
        watch(place, rows)
        step.advance()
    rows = _textless(rows, len(card.clean) + 1, "required")
    if not _answers(rows).equals(answered):  # an op pooled votes: labels are made of what the rows hold now
        rows = labelling.label(rows, card, where)
    rows = _stamp(labelling.unlabelled(rows, card, where), "labels")
    watch(len(card.clean) + 1, rows)
    rows = rows.with_columns(_example=cleaned.same)
    with _located(f"{where}  split"):
        rows = _stamp(_placed(rows, card) if method.afterwards else _across_groups(_across_splits(rows)), "split")
    return _settled(rows.drop("_example", "_why_not"), steps=len(card.clean) + 1)


def _answers(rows: pl.DataFrame) -> pl.DataFrame:
    """What people said of the rows."""
    return rows.select(name for name in ("votes", "annotators", "adjudicated") if name in rows.columns)


@contextmanager
def _located(where: str) -> Iterator[None]:
    """Ops and methods do not know the card that they stand in."""
    try:
        yield
    except UserError as error:
        raise error.at(where) from None


def _narrow(cleaned: Cleaned, card: DatasetCard) -> pl.DataFrame:
    """The rows without their texts, all of them staying; `_why_not` is the reason that waits for its step."""
    first = next(iter(cleaned.parts)).columns
    by = [f"_by_{name}" for name in card.split.split.columns]
    names = [name for name in NARROW if name in first]
    rows = cleaned.parts.columns([*names, *by]).rename({"_reason": "_why_not"})
    method = card.split.split
    if method.afterwards:
        split = pl.repeat(None, rows.height, dtype=pl.String, eager=True)
    else:
        split = pl.concat(cleaned.parts.each(lambda part: method.assign(part.select("_key", *by))))
    empty = pl.lit(None, dtype=pl.String)
    return rows.with_columns(
        _split=split,
        _reason=empty,
        _op=empty,
        _duplicate_of=empty,
        _cluster=empty,
        _similarity=pl.lit(None, dtype=pl.Float64),
    )


def _textless(rows: pl.DataFrame, place: int, op: str) -> pl.DataFrame:
    """Rows that the first pass had leave at a step leave now."""
    if not (rows["_left_at"] == place).any():
        return rows
    here = staying() & (pl.col("_left_at") == place)
    return rows.with_columns(
        _reason=pl.when(here).then("_why_not").otherwise("_reason"),
        _op=pl.when(here).then(pl.lit(op)).otherwise("_op"),
    )


def _settle(op: TableOp, rows: pl.DataFrame, links: Links, name: str) -> pl.DataFrame:
    """RuntimeError where an op deleted, repeated or moved a row: then kept and dropped would not add up to read."""
    after = op.settle(rows, links)
    if not after["id"].equals(rows["id"]):
        raise RuntimeError(f"{name} changed which rows there are: {rows.height:,} before, {after.height:,} after")
    return _stamp(after, name)


def _settled(rows: pl.DataFrame, steps: int) -> pl.DataFrame:
    """`_duplicate_of` names a row that stays to the end, or none: who stood for a row may have left later itself.

    A row that stands for another stays at that step and can only leave at a later one, so `steps` bounds the chains.
    """
    left = rows.filter(~staying()).select(_duplicate_of="id", _next="_duplicate_of", _lost=pl.lit(value=True))
    for _ in range(steps + 1):
        found = rows.select("_duplicate_of").join(left, on="_duplicate_of", how="left", maintain_order="left")
        lost = found["_lost"].fill_null(value=False)
        if not lost.any():
            break
        rows = rows.with_columns(
            _duplicate_of=pl.when(lost).then(found["_next"]).otherwise("_duplicate_of"),
            _similarity=pl.when(~lost).then("_similarity"),
        )
    return rows


def _stamp(rows: pl.DataFrame, op: str) -> pl.DataFrame:
    """Name the op whose reason a row just got."""
    new = pl.col("_reason").is_not_null() & pl.col("_op").is_null()
    return rows.with_columns(_op=pl.when(new).then(pl.lit(op)).otherwise("_op"))


def _across_splits(rows: pl.DataFrame) -> pl.DataFrame:
    """Where equal texts, or rows of one cluster, fell into different splits, only those in the strictest one stay."""
    narrow = rows.select("id", "_example", "_cluster", "_split", "_reason").with_row_index("_row")
    live = narrow.filter(staying()).drop("_reason")
    clustered = live["_cluster"].null_count() < live.height
    unit = units(live.select("id", "_example", "_cluster")) if clustered else live["_example"]
    live = live.with_columns(_unit=unit).filter(pl.col("_unit").is_duplicated()).with_columns(_rank=strictness())
    live = live.with_columns(_strictest=pl.col("_rank").min().over("_unit"))
    top = live.filter(pl.col("_rank") == pl.col("_strictest"))
    kept = top.group_by("_unit").agg(_kept=pl.col("id").min())
    losers = live.filter(pl.col("_rank") > pl.col("_strictest")).join(kept, on="_unit")
    if losers.is_empty():
        return rows
    same = losers.join(top.select("_example", _same=pl.lit(value=True)).unique(), on="_example", how="left")
    names = pl.col("_strictest").replace_strict(dict(enumerate(reversed(SPLITS))), return_dtype=pl.String)
    like = pl.when(pl.col("_same")).then(pl.lit("same text in ")).otherwise(pl.lit("near-duplicate in "))
    found = same.select("_row", "_kept", _why=like + names)
    rows = rows.with_row_index("_row").join(found, on="_row", how="left", maintain_order="left")
    leaving = staying() & pl.col("_why").is_not_null()
    return rows.with_columns(
        _reason=pl.when(leaving).then("_why").otherwise("_reason"),
        _duplicate_of=pl.when(leaving).then("_kept").otherwise("_duplicate_of"),
    ).drop("_row", "_why", "_kept")


def _across_groups(rows: pl.DataFrame) -> pl.DataFrame:
    """Where a method tears a group, as a date does, only its rows in the strictest split stay."""
    if "group" not in rows.columns:
        return rows
    strictest = pl.when(staying()).then(strictness()).min().over("group")
    names = strictest.replace_strict(dict(enumerate(reversed(SPLITS))), default=None, return_dtype=pl.String)
    torn = staying() & (strictness() > strictest)
    return rows.with_columns(_reason=pl.when(torn).then(pl.lit("same group in ") + names).otherwise("_reason"))


def _placed(rows: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """The rows that stayed, where the method places them; folds too, where it makes some."""
    method = card.split.split
    rows = rows.with_row_index("_row")
    live = rows.filter(staying())
    live = live.with_columns(_unit=units(live.drop("_row")))
    if TASKS.get(card.task).answer not in CLASSES:
        live = live.with_columns(label=pl.lit(""))
    placed = live.select("_row", _split=method.assign(live))
    if isinstance(method, Folding):
        placed = placed.hstack(method.fold(live))
    rows = rows.drop("_split").join(placed, on="_row", how="left", maintain_order="left").drop("_row")
    return rows.with_columns(leave(pl.col("_split").is_null(), method.outside))
