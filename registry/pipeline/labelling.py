"""Votes to labels, by the card's aggregate and rules; labels of a column checked against the card's label set."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import polars as pl

from registry import sandbox
from registry.annotation.aggregation import Aggregated
from registry.annotation.spec import LABELLED, Annotation
from registry.annotation.votes import IntArray, Votes
from registry.card import DatasetCard, Labels
from registry.errors import UserError, clipped, plural
from registry.kinds import AGGREGATES, TARGETS, TASKS
from registry.op import leave, staying
from registry.select import in_parentheses

SCARCE = 10
"""Rows of a label below which a split may well hold none of them."""


def label(rows: pl.DataFrame, card: DatasetCard, where: str) -> pl.DataFrame:
    """Rows with the label that votes, rules and adjudications give them; of a card without any of these, as they are.

    `aggregate` is there for a scale, `soft_label` where votes stand for labels, `certainty` where an aggregate has one,
    `_tied` where votes decided nothing, and `decided_by` wherever somebody was asked. Rows are not dropped here.
    """
    if card.annotation is not None:
        rows = _of_votes(rows, card, card.annotation, where)
    return _adjudicated(rows, card, where) if "adjudicated" in rows.columns else rows


def _of_votes(rows: pl.DataFrame, card: DatasetCard, asked: Annotation, where: str) -> pl.DataFrame:
    if not gives(asked, card):
        what = f"answers of `{asked.answer}` do not say what a row of {card.task} needs"
        do = "Such a card can be annotated, measured and exported (`bench annotate`), not built."
        raise UserError(what, where=f"{where}  annotation > answer", do=do)
    votes = _votes(rows, card, where)
    with at(f"{where}  annotation > aggregate"):
        found = AGGREGATES.get(asked.aggregation)().combine(votes, asked.ties)
    decided = pl.when(pl.Series(~np.isnan(found.values))).then(pl.lit(asked.aggregation))
    certainty = found.certainty
    rows = rows.with_columns(
        pl.lit(None, dtype=pl.Boolean).alias("_tied") if found.tied is None else pl.Series("_tied", found.tied),
        decided.alias("decided_by"),
        *([] if certainty is None else [pl.Series("certainty", certainty, nan_to_null=True)]),
    )
    if asked.answer == "scale":
        return _on_a_scale(rows, votes, found, card, where)
    names = card.labels.names if card.labels else ()
    chosen = pl.Series(found.values, nan_to_null=True).cast(pl.Int64)
    label = chosen.replace_strict(list(range(len(found.answers))), list(found.answers), return_dtype=pl.String)
    # Where votes are imported, rows that nobody voted on keep the label of their source.
    kept = pl.when(pl.Series(votes.counts == 0)).then("label") if card.label_may_be_there else None
    rows = rows.with_columns(label=pl.coalesce(label, kept))
    if asked.answer not in LABELLED:
        return rows
    return rows.with_columns(soft_label=_shares(votes, votes.values.astype(np.int64), len(names)))


def _on_a_scale(rows: pl.DataFrame, votes: Votes, found: Aggregated, card: DatasetCard, where: str) -> pl.DataFrame:
    """The aggregate, or the number that an adjudicator gave, and the label that the card's rules make of it."""
    aggregate = pl.Series("aggregate", found.values, dtype=pl.Float64, nan_to_null=True)
    if "adjudicated" in rows.columns:
        number = _numbers(rows, card, where)
        aggregate = pl.select(pl.coalesce(number, aggregate).alias("aggregate")).to_series()
    rows = rows.with_columns(aggregate).drop("_tied")
    if card.labels is None or not card.labels.rules:
        return rows.with_columns(label=pl.col("aggregate").cast(pl.String)) if _asks_number(card) else rows
    distinct, places = np.unique(votes.values, return_inverse=True)
    each = by_rules(pl.Series("aggregate", distinct, dtype=pl.Float64), card.labels, where)
    known = dict(zip(card.labels.names, range(len(card.labels.names)), strict=True))
    codes = each.replace_strict(known, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()[places]
    label = by_rules(aggregate, card.labels, where)
    return rows.with_columns(label=label, soft_label=_shares(votes, codes, len(known)))


def _asks_number(card: DatasetCard) -> bool:
    return bool(TASKS.get(card.task).answer == "number")


def _numbers(rows: pl.DataFrame, card: DatasetCard, where: str) -> pl.Series:
    """The numbers on a scale that adjudicators gave; null where they gave a label, or nothing. UserError for numbers
    outside the scale."""
    names = card.labels.names if card.labels else ()
    unnamed = pl.when(~pl.col("adjudicated").is_in(list(names))).then("adjudicated")
    numbers = rows.select(unnamed.cast(pl.Float64, strict=False)).to_series()
    scale = card.annotation.scale if card.annotation else None
    if scale is not None:
        outside = rows.filter(~numbers.is_between(scale.min, scale.max))
        if outside.height:
            shown = ", ".join(
                f"{value} at id {clipped(row, 40)}" for row, value in outside["id", "adjudicated"].rows()[:5]
            )
            what = f"the scale is {scale.min:g} to {scale.max:g}; adjudicated outside it: {shown}"
            raise UserError(what, where=where, do="Correct `annotation: scale:`, or adjudicate those items again.")
    return numbers


def _adjudicated(rows: pl.DataFrame, card: DatasetCard, where: str) -> pl.DataFrame:
    """What somebody decided goes before what votes, rules and sources say; a number on a scale went to the rules."""
    decided = pl.col("adjudicated").is_not_null()
    number = _numbers(rows, card, where).is_not_null() if "aggregate" in rows.columns else pl.lit(value=False)
    by = pl.concat_str(pl.lit("adjudication"), pl.col("adjudicator"), separator=": ", ignore_nulls=True)
    before = pl.col("decided_by") if "decided_by" in rows.columns else pl.lit(None, dtype=pl.String)
    return rows.with_columns(
        label=pl.when(decided & ~number).then("adjudicated").otherwise("label"),
        decided_by=pl.when(decided).then(by).otherwise(before),
    )


def _shares(votes: Votes, codes: IntArray, labels: int) -> pl.Series:
    """(items,) lists: the share of an item's votes for each label; null without votes. -1 is a vote for none."""
    items, counted = votes.items, codes >= 0
    flat = np.bincount(items[counted] * labels + codes[counted], minlength=len(votes.counts) * labels)
    total = votes.counts[:, None]
    shares = flat.reshape(-1, labels) / np.where(total > 0, total, 1)
    lists = pl.Series("soft_label", shares).cast(pl.List(pl.Float64))
    return pl.select(pl.when(pl.Series(votes.counts > 0)).then(lists).alias("soft_label")).to_series()


def _votes(rows: pl.DataFrame, card: DatasetCard, where: str) -> Votes:
    with at(f"{where}  annotation > votes"):
        form = card.annotation.answer if card.annotation else "single"
        return Votes.from_columns(rows, card.labels.names if card.labels else None, form)


@contextmanager
def at(where: str) -> Iterator[None]:
    """Votes and aggregates do not know the card that they belong to."""
    try:
        yield
    except UserError as error:
        raise error.at(where) from None


def unanswered(rows: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """Rows that nothing can give a label leave before cleaning, so that they never stand for, or against, others."""
    if not TASKS.get(card.task).target:
        return rows
    rows = _undecided(rows, card)
    if card.labels and card.labels.rules:
        return rows
    return rows.with_columns(leave(pl.col("label").is_null(), "no label"))


def _undecided(rows: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """Rows leave that nobody answered, or whose votes decide nothing; adjudication saves them."""
    if card.annotation is None:
        return rows
    if "aggregate" in rows.columns:
        lacking = pl.col("aggregate").is_null() & pl.col("decided_by").is_null()
        return rows.with_columns(leave(lacking, "no votes"))
    lacking = pl.col("label").is_null()
    tie = "a tie, to be adjudicated" if card.annotation.ties == "adjudicate" else "a tie"
    rows = rows.with_columns(leave(lacking & pl.col("_tied"), tie))
    return rows.with_columns(leave(lacking, "no votes"))


def unlabelled(rows: pl.DataFrame, card: DatasetCard, where: str) -> pl.DataFrame:
    """Rows without a label leave: the reason is the card's `else`, or that there is none."""
    labels = card.labels
    if not TASKS.get(card.task).target:
        return rows
    if labels and labels.rules and labels.otherwise is None:
        lost = rows.filter(staying() & pl.col("label").is_null() & pl.col("aggregate").is_not_null())
        if lost.height:
            what = (
                f"no label rule fits {plural(lost.height, 'row')} (ids {', '.join(lost['id'].head(5).to_list())} ...)"
            )
            raise UserError(what, where=where, do="Widen the rules, or say `else: {drop: reason}`.")
    rows = _undecided(rows, card)
    reason = labels.otherwise if labels and labels.otherwise else "no label"
    return rows.with_columns(leave(pl.col("label").is_null(), reason))


def label_set(rows: pl.DataFrame, card: DatasetCard, where: str) -> tuple[str, ...]:
    """The card's labels, or the distinct values of the column in order. UserError for values the card does not know."""
    target = TARGETS.get(TASKS.get(card.task).answer)()
    if not target.closed:
        return ()
    rows = rows.filter(staying())
    rows = rows.with_columns(label=target.labels(rows["label"])).explode("label")
    found = rows["label"].drop_nulls().unique().sort().to_list()
    if card.labels is None:
        if not target.beside:  # tag sets may well tell case apart
            _refuse_look_alikes(rows, where)
        if len(found) < 2:
            there = f'only "{found[0]}"' if found else "none"
            raise UserError(f"at least two labels are needed; the rows that stay have {there}", where=where)
        return tuple(found)
    unknown = [value for value in found if value not in card.labels.names]
    if unknown:
        counts = rows.filter(pl.col("label").is_in(unknown)).group_by("label").len().sort("label")
        shown = ", ".join(f'"{name}" ({plural(count, "row")})' for name, count in counts.rows()[:8])
        what = f"the data has labels that the card does not name: {shown}"
        raise UserError(what, where=where, do=f"The card names: {', '.join(card.labels.names)}.")
    return card.labels.names


def _refuse_look_alikes(rows: pl.DataFrame, where: str) -> None:
    """Labels that only case or white space tell apart are slips of the pen, unless the card names them."""
    counts = rows.group_by("label").len().drop_nulls().sort("label")
    alike = counts.with_columns(same=pl.col("label").str.strip_chars().str.to_lowercase())
    alike = alike.filter(pl.len().over("same") > 1).sort("same", "label")
    if alike.height:
        shown = ", ".join(f'"{name}" ({plural(count, "row")})' for name, count, _ in alike.rows()[:8])
        do = "Make them equal in `select:` (trim(lower(label)) AS label), or name all of them under `labels:`."
        raise UserError(f"labels differ only in case or white space: {shown}", where=where, do=do)


def waiting(rows: pl.DataFrame, card: DatasetCard) -> str:
    """What begins the annotation of a card whose votes come from layers alone; empty where somebody said anything."""
    if card.annotation is None or card.annotation.votes is not None or not gives(card.annotation, card):
        return ""
    said = [rows[name] for name in ("votes", "adjudicated", "label") if name in rows.columns]
    if not all(column.is_null().all() for column in said):
        return ""
    begins = f"`bench annotate label {card.name} --as NAME` or `bench annotate export {card.name}`"
    return f"nobody has answered yet; {begins} begins"


def gives(asked: Annotation, card: DatasetCard) -> bool:
    """Whether answers of this form come to what the task asks for."""
    return asked.answer in TARGETS.get(TASKS.get(card.task).answer).forms


def check_answers(rows: pl.DataFrame, card: DatasetCard, where: str) -> None:
    """UserError when a vote lies outside the scale that annotators were given, is no label of the card, or is by
    somebody who is not among its annotators."""
    asked = card.annotation
    if asked is None:
        return
    if asked.annotators and "annotators" in rows.columns:
        who = rows["annotators"].explode().drop_nulls().unique().sort()
        strangers = who.filter(~who.is_in(list(asked.annotators))).to_list()
        if strangers:
            names = ", ".join(clipped(name, 40) for name in strangers[:8])
            what = f"votes by annotators that the card does not name: {names}"
            do = f"The card names: {', '.join(asked.annotators)}."
            raise UserError(what, where=f"{where}  annotation > annotators", do=do)
    if asked.scale is None:
        if asked.answer in LABELLED:
            _votes(rows, card, where)
        return
    low, high = asked.scale.min, asked.scale.max
    votes = rows.select("id", pl.col("votes")).explode("votes").drop_nulls()
    outside = votes.filter(~pl.col("votes").is_between(low, high))
    if outside.height:
        shown = ", ".join(f"{value} at id {row}" for row, value in outside.rows()[:5])
        what = f"the scale is {low:g} to {high:g}; {plural(outside.height, 'vote')} outside it: {shown}"
        raise UserError(what, where=where, do="Correct `annotation: scale:`, or leave those votes out in `select:`.")


def by_rules(aggregate: pl.Series, labels: Labels, where: str) -> pl.Series:
    """The label whose rule holds; null where none does. UserError where two do."""
    where = f"{where}  labels > from"
    rules = [
        f"coalesce({in_parentheses(rule)}, false) AS rule_{number}" for number, rule in enumerate(labels.rules.values())
    ]
    query = f"SELECT {', '.join(rules)} FROM items ORDER BY position"  # noqa: S608
    verdicts = sandbox.rows(query, {"items": aggregate.to_frame().with_row_index("position")}, where)
    hits = verdicts.sum_horizontal()
    if (hits > 1).any():
        value = aggregate.filter(hits > 1)[0]
        raise UserError(f"two label rules hold for the same aggregate, for example {value:g}", where=where)
    label = pl.coalesce(
        [pl.when(pl.col(f"rule_{number}")).then(pl.lit(name)) for number, name in enumerate(labels.rules)]
    )
    return verdicts.select(label.alias("label")).to_series()
