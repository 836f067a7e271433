"""Votes to `aggregate` to label, by the card's rules; labels of a column checked against the card's label set."""

import polars as pl

from registry import sandbox
from registry.annotation.aggregate import AGGREGATES
from registry.annotation.votes import Votes
from registry.card import DatasetCard, Labels
from registry.errors import UserError, plural
from registry.op import leave, staying
from registry.select import in_parentheses

SCARCE = 10
"""Rows of a label below which a split may well hold none of them."""


def label(rows: pl.DataFrame, card: DatasetCard, where: str) -> pl.DataFrame:
    """Rows with `aggregate` and `label` where the card has votes and rules. Rows are not dropped here."""
    if card.annotation is None:
        return rows
    values = AGGREGATES[card.annotation.aggregate](Votes.from_list_column(rows["votes"]))
    aggregate = pl.Series("aggregate", values, dtype=pl.Float64, nan_to_null=True)
    rows = rows.with_columns(aggregate)
    if card.labels is None or not card.labels.rules:
        return rows
    return rows.with_columns(label=_by_rules(aggregate, card.labels, where))


def unanswered(rows: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """Rows that nothing can give a label leave before cleaning, so that they never stand for, or against, others."""
    if card.annotation:
        rows = rows.with_columns(leave(pl.col("aggregate").is_null(), "no votes"))
    if card.labels and card.labels.rules:
        return rows
    return rows.with_columns(leave(pl.col("label").is_null(), "no label"))


def unlabelled(rows: pl.DataFrame, card: DatasetCard, where: str) -> pl.DataFrame:
    """Rows without a label leave: the reason is the card's `else`, or that there is none."""
    labels = card.labels
    if labels and labels.rules and labels.otherwise is None:
        lost = rows.filter(staying() & pl.col("label").is_null() & pl.col("aggregate").is_not_null())
        if lost.height:
            what = (
                f"no label rule fits {plural(lost.height, 'row')} (ids {', '.join(lost['id'].head(5).to_list())} ...)"
            )
            raise UserError(what, where=where, do="Widen the rules, or say `else: {drop: reason}`.")
    if card.annotation:
        rows = rows.with_columns(leave(pl.col("aggregate").is_null(), "no votes"))
    reason = labels.otherwise if labels and labels.otherwise else "no label"
    return rows.with_columns(leave(pl.col("label").is_null(), reason))


def label_set(rows: pl.DataFrame, card: DatasetCard, where: str) -> tuple[str, ...]:
    """The card's labels, or the distinct values of the column in order. UserError for values the card does not know."""
    found = rows.filter(staying())["label"].drop_nulls().unique().sort().to_list()
    if card.labels is None:
        _refuse_look_alikes(rows, where)
        if len(found) < 2:
            there = f'only "{found[0]}"' if found else "none"
            raise UserError(f"at least two labels are needed; the rows that stay have {there}", where=where)
        return tuple(found)
    unknown = [value for value in found if value not in card.labels.names]
    if unknown:
        counts = rows.filter(staying() & pl.col("label").is_in(unknown)).group_by("label").len().sort("label")
        shown = ", ".join(f'"{name}" ({plural(count, "row")})' for name, count in counts.rows()[:8])
        what = f"the data has labels that the card does not name: {shown}"
        raise UserError(what, where=where, do=f"The card names: {', '.join(card.labels.names)}.")
    return card.labels.names


def _refuse_look_alikes(rows: pl.DataFrame, where: str) -> None:
    """Labels that only case or white space tell apart are slips of the pen, unless the card names them."""
    counts = rows.filter(staying()).group_by("label").len().drop_nulls().sort("label")
    alike = counts.with_columns(same=pl.col("label").str.strip_chars().str.to_lowercase())
    alike = alike.filter(pl.len().over("same") > 1).sort("same", "label")
    if alike.height:
        shown = ", ".join(f'"{name}" ({plural(count, "row")})' for name, count, _ in alike.rows()[:8])
        do = "Make them equal in `select:` (trim(lower(label)) AS label), or name all of them under `labels:`."
        raise UserError(f"labels differ only in case or white space: {shown}", where=where, do=do)


def check_scale(rows: pl.DataFrame, card: DatasetCard, where: str) -> None:
    """UserError when a vote lies outside the scale that annotators were given."""
    if card.annotation is None:
        return
    scale = card.annotation.scale
    votes = rows.select("id", pl.col("votes")).explode("votes").drop_nulls()
    outside = votes.filter(~pl.col("votes").is_between(scale.min, scale.max))
    if outside.height:
        shown = ", ".join(f"{value} at id {row}" for row, value in outside.rows()[:5])
        what = f"the scale is {scale.min:g} to {scale.max:g}; {plural(outside.height, 'vote')} outside it: {shown}"
        raise UserError(what, where=where, do="Correct `annotation: scale:`, or leave those votes out in `select:`.")


def _by_rules(aggregate: pl.Series, labels: Labels, where: str) -> pl.Series:
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
