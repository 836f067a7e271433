"""What the votes of a card are worth, for programs; `harness.annotate.report_lines` has it in words.

Looks at the items as annotators see them, so the card need not be built.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from harness.workspace import Workspace
from registry import gate
from registry.annotation.agreement import agreed
from registry.annotation.items import Items, items
from registry.annotation.measuring import Chosen, chosen, levels_of, measured, measures_of
from registry.annotation.pairing import MOST_ANNOTATORS, most_busy, two_by_two
from registry.annotation.slicing import MOST_SLICES, by_slice, slices
from registry.annotation.spec import LABELLED, AgreementSpec, Annotation
from registry.annotation.votes import Votes
from registry.build import locate
from registry.errors import GateError, UserError
from registry.kinds import AGGREGATES
from registry.split import SPLITS
from registry.store import filled
from registry.text import inputs


def reported(name: str, workspace: Workspace, by: str | None = None, measure: str | None = None) -> dict[str, Any]:
    """The report on a card as plain JSON, in a measure of one's own if named, and by the values of a column if named.

    UserError where the card asks for no votes or has none, or where there is no such measure or column.
    """
    known = items(name, workspace.catalog, offline=workspace.offline, progress=workspace.progress)
    asked, rows = known.card.annotation, known.rows.sort("id")
    if asked is None:
        raise UserError("asks for no votes", where=name, do="Add `annotation:` with its question.")
    if "votes" not in rows.columns or rows["votes"].list.len().sum() == 0:
        do = f"Bring some in with `bench annotate import {name} FILE` or `bench annotate label {name}`."
        raise UserError("has no votes yet", where=name, do=do)
    labels = known.card.labels.names if known.card.labels else None
    wanted = asked.model_copy(update={"agreement": AgreementSpec(measure=measure)}) if measure else asked
    found, votes = chosen(wanted.answer, wanted.agreement), Votes.from_columns(rows, labels, asked.answer)
    facts = measured(rows, wanted, labels)
    judged = gate.verdict(known.card, measured(rows, asked, labels) if measure else facts) or {}
    facts["worst_items"] = _with_texts(facts["worst_items"], rows)
    return {
        "card": name,
        "answer": asked.answer,
        "coverage": _coverage(votes),
        "decisions": _decisions(rows),
        **facts,
        "measures": [
            {"measure": one.name, "level": one.level, **agreed(one.measure, votes)._asdict()}
            for one in _applicable(asked)
        ],
        "annotators": _annotators(facts["annotators"], found, votes, asked),
        "slices": _slices(found, votes, by, known, workspace) if by else None,
        "gates": {
            "asked": gate.demands(asked.agreement),
            **{key: judged[key] for key in ("passed", "unmet", "on_failure")},
        },
    }


def _coverage(votes: Votes) -> dict[str, int]:
    return {
        "items": len(votes.counts),
        "items_with_votes": int((votes.counts > 0).sum()),
        "votes": len(votes.values),
        "annotators": len(votes.names),
    }


def _decisions(rows: pl.DataFrame) -> dict[str, int]:
    """Rows that somebody decided, by who that was; "" for nobody by name."""
    if "adjudicated" not in rows.columns:
        return {}
    decided = rows.filter(pl.col("adjudicated").is_not_null()).select(pl.col("adjudicator").fill_null(""))
    return dict(decided.group_by("adjudicator").len().sort("adjudicator").rows())


def _applicable(asked: Annotation) -> Iterator[Chosen]:
    """Every measure for answers of this form at each of its levels; labels have no order unless the card says so."""
    for name in measures_of(asked.answer):
        for level in levels_of(asked.answer, name) or (None,):
            if asked.answer not in LABELLED or level in (None, "nominal", asked.agreement.level):
                yield chosen(asked.answer, AgreementSpec(measure=name, level=level))


def _annotators(
    told: Sequence[Mapping[str, Any]], found: Chosen, votes: Votes, asked: Annotation
) -> list[dict[str, Any]]:
    """The annotators with, for those with the most votes, their agreement with the aggregate of the others."""
    busy = {votes.names[place]: place for place in most_busy(votes, MOST_ANNOTATORS).tolist()}
    against = {name: _against_others(found, votes, place, asked) for name, place in busy.items()}
    return [{**one, "against": against.get(one["name"])} for one in told]


def _against_others(found: Chosen, votes: Votes, place: int, asked: Annotation) -> dict[str, Any] | None:
    """What one says beside the mean or the majority of what the others say; None where answers have neither."""
    kind = AGGREGATES.get("mean" if asked.answer == "scale" else "majority")
    if votes.annotators is None or asked.answer not in kind.forms:
        return None
    answered = np.bincount(votes.items[votes.annotators == place], minlength=len(votes.counts)) > 0
    votes = votes.of_items(answered)
    own = np.asarray(votes.annotators == place)
    others = kind().combine(votes.where(~own), "drop")
    beside = np.column_stack([votes.values[own], others.values[votes.items[own]]])
    answers = votes._replace(answers=others.answers)
    pair = two_by_two(beside[~np.isnan(beside).any(axis=1)], answers, (votes.names[place], ""))
    return agreed(found.measure, pair)._asdict()


def _slices(found: Chosen, votes: Votes, by: str, known: Items, workspace: Workspace) -> dict[str, Any]:
    named = slices(_with_published(known, by, workspace), by)
    return {
        "by": by,
        "slices": by_slice(found.measure, votes, named),
        "left_out": max(0, named.n_unique() - MOST_SLICES),
    }


def _with_published(known: Items, by: str, workspace: Workspace) -> pl.DataFrame:
    """The items, with the columns of the published rows where the card is built and has to be asked for them."""
    rows = known.rows.drop("shown").sort("id")
    if by in rows.columns or by == "length":
        return rows
    try:
        published = locate(known.card.name, workspace.catalog)
    except GateError:  # the report is about a card that may not pass its gate
        published = None
    if published is None:
        return rows
    splits = [
        published.read(split).with_columns(split=pl.lit(split))
        for split in filled(published.manifest)
        if split in SPLITS
    ]
    columns = [name for name in splits[0].columns if name not in rows.columns or name == "id"]
    return rows.join(pl.concat(splits).select(columns), on="id", how="left", maintain_order="left")


def _with_texts(worst: Sequence[Mapping[str, Any]], rows: pl.DataFrame) -> list[dict[str, Any]]:
    known = rows.filter(pl.col("id").is_in([one["id"] for one in worst]))
    texts = dict(known.select("id", pl.concat_str(inputs(rows), separator=" | ", ignore_nulls=True)).iter_rows())
    return [{**one, "text": texts[one["id"]]} for one in worst]
