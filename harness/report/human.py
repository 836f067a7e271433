"""The human row of a leaderboard: how one annotator does on the evaluated rows, held against the others.

Owns what a vote and the votes beside it stand for, by the card's own aggregate and label rules, and how this is told.
Refuses to pass people for a model: no rank, no tie, no mean over datasets. Where there is no such score, a reason says
so. A decision that overrides the votes on a row is no part of it: nobody is held against what came after all votes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from harness.folds import evaluated
from harness.metric import FloatArray, IntArray, Metric, WholeMetric
from harness.plan import Dataset
from harness.statistics.ceiling import (
    NONE,
    Beside,
    HeldOut,
    contributions,
    held_out,
    majority_of_others,
    mean_of_others,
    median_of_others,
)
from harness.statistics.intervals import score_interval
from registry.annotation.spec import LABELLED, Annotation
from registry.annotation.votes import Votes
from registry.card import Labels
from registry.errors import UserError, plural
from registry.pipeline.labelling import by_rules

NAME = "human (one annotator against the others)"
"""No model card can be called so."""

MEANS = {"mean": mean_of_others, "median": median_of_others}
"""Of other votes on a scale; of labels it is their majority, whatever the card's aggregate."""


class Human(NamedTuple):
    """One annotator against the others, by metric; and for people, how that was found."""

    scores: dict[str, "Score"]
    told: str


class Score(NamedTuple):
    """A value with its 95% interval on n rows, or why there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int | None
    reason: str


def human(dataset: Dataset, metrics: Sequence[str], groups: IntArray | None) -> Human | None:
    """The scores of metrics of labels; None for a dataset that nobody was asked about.

    `groups` are those of the evaluated rows in order of id, None where rows are drawn alone.
    """
    if dataset.published is None or dataset.card.annotation is None:
        return None
    manifest = dataset.published.manifest
    labels = tuple(manifest["labels"])
    asked, rows = dataset.card.annotation, dataset.published.read(evaluated(manifest)).sort("id")
    found = _held_out(rows, asked, dataset.card.labels, labels) if labels else "annotators are compared on labels only"
    if isinstance(found, str):
        return Human({name: Score(None, None, None, None, found) for name in metrics}, "")
    scores = {name: _score(dataset.metric(name), found, labels, groups) for name in metrics}
    return Human(scores, _told(found, asked, rows.height))


def _score(metric: Metric | WholeMetric, found: HeldOut, labels: tuple[str, ...], groups: IntArray | None) -> Score:
    """Rows are resampled, or their groups, with all votes on them: votes on one row hang together."""
    if metric.reads != "labels" or isinstance(metric, WholeMetric):
        return Score(None, None, None, None, "one annotator gives labels, and this is no sum over them")
    obstacle = metric.obstacle(found.others, labels)
    if obstacle:
        return Score(None, None, None, None, str(obstacle))
    rows = found.different_rows
    units = np.arange(len(rows)) if groups is None else groups[rows]
    return Score(*score_interval(metric, [contributions(metric, found, len(labels))], units), len(rows), "")


def _held_out(rows: pl.DataFrame, asked: Annotation, rules: Labels | None, labels: tuple[str, ...]) -> HeldOut | str:
    """The votes on rows with two or more; or why they cannot be held against each other."""
    if "votes" not in rows.columns:
        return "this version was published without its votes"
    try:
        every = Votes.from_columns(rows, _answers(rows["votes"], labels), asked.answer)
        several = every.counts >= 2
        if not several.any():
            return "no evaluated row has two votes"
        given, beside = _stand_for(every.of_items(several), asked, rules, len(labels))
    except UserError as error:
        return str(error)
    if (beside.label == NONE).all():
        return "on no evaluated row do the other votes give a label"
    found = held_out(every.of_items(several), given, beside)
    return found._replace(rows=np.flatnonzero(several)[found.rows])


def _answers(votes: pl.Series, labels: tuple[str, ...]) -> tuple[str, ...] | None:
    """The labels, then answers that became no label of the version; None for numbers."""
    given = votes.list.explode().drop_nulls().unique().sort()
    return (*labels, *given.filter(~given.is_in(labels)).to_list()) if given.dtype == pl.String else None


def _stand_for(votes: Votes, asked: Annotation, rules: Labels | None, labels: int) -> tuple[IntArray, Beside]:
    """The label of each vote (votes,), and what the others on its row give."""
    if asked.answer == "scale":
        if rules is None or not rules.rules:
            raise UserError("no rule of the card says which label a vote stands for")
        others = _by_rules(MEANS[_mean(asked)](votes), rules)
        return _by_rules(votes.values, rules), Beside(np.arange(len(others)), others)
    if asked.answer not in LABELLED:
        raise UserError(f"an answer of the form `{asked.answer}` is no label")
    given, beside = votes.values.astype(np.int64), majority_of_others(votes, first=asked.ties == "first")
    beside = beside._replace(label=np.where(beside.label < labels, beside.label, NONE))
    return np.where(given < labels, given, NONE), beside


def _by_rules(values: FloatArray, rules: Labels) -> IntArray:
    """Label indexes of numbers on the scale; each different number is asked about once."""
    distinct, places = np.unique(values, return_inverse=True)
    found = by_rules(pl.Series("aggregate", distinct), rules, "one annotator against the others")
    codes = found.replace_strict(list(rules.names), list(range(len(rules.names))), default=NONE, return_dtype=pl.Int64)
    return codes.fill_null(NONE).to_numpy()[places]


def _mean(asked: Annotation) -> str:
    return asked.aggregation if asked.aggregation in MEANS else "mean"


def _told(found: HeldOut, asked: Annotation, evaluated_rows: int) -> str:
    none, scored = found.without_label, len(found.different_rows)
    parts = (
        f"human: each vote is held against the label that the other votes on its row give by {_given_by(asked)}",
        f"{scored:,} of {plural(evaluated_rows, 'row')} scored, each as much as the share of its votes that is",
        f"{none:.1%} of the weight is of votes that stand for no label and count as wrong, "
        f"{found.right_of_labelled:.1%} of the rest is right"
        if none
        else "",
        f"{plural(found.undecided, 'vote')} left out, as the others give no label" if found.undecided else "",
        "models are held against the published label, by all votes or an adjudication: a model may score more",
    )
    return "; ".join(part for part in parts if part)


def _given_by(asked: Annotation) -> str:
    if asked.answer == "scale":
        return f"their {_mean(asked)} and the rules of the card"
    own = "" if asked.aggregation == "majority" else f", not by {asked.aggregation}, which weighs all votes together"
    tie = "of a tie the first answer counts" if asked.ties == "first" else "labels that tie count in equal parts"
    return f"their majority{own}; {tie}"
