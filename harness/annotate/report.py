"""`bench annotate report`: what the votes of a card are worth, for people and for programs.

Looks at the items as annotators see them, so the card need not be built. Texts of items are cut and made printable.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from harness.workspace import Workspace
from registry import gate
from registry.annotation.agreement import Agreement, agreed
from registry.annotation.items import Items, items
from registry.annotation.measuring import Chosen, chosen, levels_of, measured, measures_of, votes_of
from registry.annotation.pairing import MOST_ANNOTATORS, most_busy, two_by_two
from registry.annotation.slicing import MOST_SLICES, by_slice, slices
from registry.annotation.spec import LABELLED, AgreementSpec, Annotation
from registry.annotation.votes import FloatArray, Votes
from registry.build import locate
from registry.errors import GateError, UserError, clipped, plural
from registry.kinds import AGGREGATES
from registry.split import SPLITS
from registry.store import filled
from registry.text import inputs

SHOWN = 160
"""Characters of a text that are shown."""


class Reported(NamedTuple):
    """All that is told, as plain JSON."""

    card: str
    facts: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"card": self.card, **self.facts}


def reported(name: str, workspace: Workspace, by: str | None = None, measure: str | None = None) -> Reported:
    """The report on a card, in a measure of one's own if named, and by the values of a column if named.

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
    found, votes = chosen(wanted.answer, wanted.agreement), votes_of(rows, asked, labels)
    facts = measured(rows, wanted, labels)
    judged = gate.verdict(known.card, measured(rows, asked, labels) if measure else facts) or {}
    facts["worst_items"] = _with_texts(facts["worst_items"], rows)
    return Reported(
        name,
        {
            "answer": asked.answer,
            "coverage": _coverage(votes),
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
        },
    )


def _coverage(votes: Votes) -> dict[str, int]:
    return {
        "items": len(votes.counts),
        "items_with_votes": int((votes.counts > 0).sum()),
        "votes": len(votes.values),
        "annotators": len(votes.names),
    }


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
    return [{**one, "against": _plain(against.get(one["name"]))} for one in told]


def _against_others(found: Chosen, votes: Votes, place: int, asked: Annotation) -> Agreement | None:
    """What one says beside the mean or the majority of what the others say; None where answers have neither."""
    kind = AGGREGATES.get("mean" if asked.answer == "scale" else "majority")
    if votes.annotators is None or asked.answer not in kind.forms:
        return None
    answered = np.bincount(votes.items[votes.annotators == place], minlength=len(votes.counts)) > 0
    votes = votes.of_items(answered)
    own = np.asarray(votes.annotators == place)
    others = kind().combine(votes.where(~own), "drop")
    answers = tuple(dict.fromkeys([*votes.answers, *others.answers]))
    values = others.values
    if others.answers:
        where = {answer: number for number, answer in enumerate(answers)}
        values = _mapped(values, [where[answer] for answer in others.answers])
    beside = np.column_stack([votes.values[own], values[votes.items[own]]])
    pair = two_by_two(beside[~np.isnan(beside).any(axis=1)], votes._replace(answers=answers), (votes.names[place], ""))
    return agreed(found.measure, pair)


def _mapped(values: FloatArray, places: Sequence[int]) -> FloatArray:
    """Places in one list of answers as places in another; nan stays."""
    mapped = np.full(len(values), np.nan)
    there = ~np.isnan(values)
    mapped[there] = np.array(places, dtype=np.float64)[values[there].astype(np.int64)]
    return mapped


def _slices(found: Chosen, votes: Votes, by: str, known: Items, workspace: Workspace) -> dict[str, Any]:
    named = slices(_with_published(known, by, workspace), by)
    parts = [
        {"name": one.name, "rows": one.rows, **one.agreement._asdict()} for one in by_slice(found.measure, votes, named)
    ]
    return {"by": by, "slices": parts, "left_out": max(0, named.n_unique() - MOST_SLICES)}


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


def _plain(one: Agreement | None) -> dict[str, Any] | None:
    return None if one is None else one._asdict()


def lines(told: Reported) -> Iterator[str]:
    """The report in words, the measure that counts first."""
    facts = told.facts
    covered, each = facts["coverage"], facts["votes_per_item"]
    yield (
        f"{clipped(told.card)}: {covered['votes']:,} votes on {covered['items_with_votes']:,} of "
        f"{plural(covered['items'], 'item')}, {each['min']} to {each['max']} each (median {each['median']:g})"
    )
    if "ties" in facts:
        yield f"  ties: on {facts['ties']:.1%} of these items the votes decide nothing"
    yield from _gate_lines(facts["gates"])
    yield "measures"
    for one in facts["measures"]:
        counts = "*" if (one["measure"], one["level"]) == (facts["measure"], facts["level"]) else " "
        yield f"{counts} {gate.named(one):32}{_value(one)}"
    yield from _table("by label, each against all others", facts["per_label"].items())
    if facts["slices"]:
        parts = facts["slices"]
        yield from _table(f"by {clipped(parts['by'], 60)}", [(one["name"], one) for one in parts["slices"]])
        if parts["left_out"]:
            yield f"  and {parts['left_out']:,} more with fewer items"
    yield from _annotator_lines(facts)
    yield from _item_lines(facts["worst_items"])


def _gate_lines(gates: Mapping[str, Any]) -> Iterator[str]:
    if not gates["asked"]:
        yield "  gates: the card asks for nothing"
        return
    met = "met" if gates["passed"] else f"not met (on_failure: {gates['on_failure']})"
    yield f"  gates: {gates['asked']}; {met}"
    for unmet in gates["unmet"]:
        yield f"    {unmet}"


def _annotator_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    if not facts["annotators"]:
        yield "annotators: all votes are anonymous, so nothing can be said of annotators and pairs of them"
        return
    yield "annotators: votes, agreement with votes of others, and with what the others come to"
    for one in facts["annotators"]:
        against = "" if one["against"] is None else _value(one["against"])
        value = "    -" if one["value"] is None else f"{one['value']:.3f}"
        yield f"  {clipped(one['name'], 30):32}{one['votes']:>9,}  {value}   {against}".rstrip()
    left_out = facts["coverage"]["annotators"] - len(facts["annotators"])
    if left_out:
        yield f"  and {left_out:,} more with fewer votes"
    if facts["anonymous"]:
        yield f"  and {plural(facts['anonymous'], 'anonymous vote')}"
    found = facts["pairs"]
    most = "" if found["annotators"] == found["of_annotators"] else f" of the {found['annotators']} with the most votes"
    worst = [(f"{one['first']}, {one['second']}", one) for one in found["worst"]]
    yield from _table(f"pairs of annotators that agree least, of {plural(found['count'], 'pair')}{most}", worst)


def _item_lines(worst: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if worst:
        yield "items without which agreement would be highest"
    for one in worst:
        votes = ", ".join(f"{vote:g}" if isinstance(vote, float | int) else clipped(vote, 40) for vote in one["votes"])
        more = one["of_votes"] - len(one["votes"])
        yield f"  {clipped(one['id'], 60)}: {votes}{f' and {more:,} more' if more else ''}"
        yield f"    {clipped(' '.join(one['text'].split()), SHOWN)}"


def _table(title: str, found: Any) -> Iterator[str]:
    rows = list(found)
    if rows:
        yield title
    for name, one in rows:
        yield f"  {clipped(name, 30):32}{_value(one)}"


def _value(one: Mapping[str, Any]) -> str:
    if one["value"] is None:
        return f"    -  {one['reason']}"
    interval = f"({one['reason']})" if one["low"] is None else f"[{one['low']:.3f}, {one['high']:.3f}]"
    return f"{one['value']:>5.3f}  {interval}  {plural(one['items'], 'item')}, {plural(one['votes'], 'vote')}"
