"""Which items an annotator is asked about, in which order, and what is asked of them.

Nothing that others answered, nor a label that an item has, shows in what is asked or in its order, except where
disagreement is adjudicated: there the votes are shown, without names and shuffled.
"""

import hashlib
import json
from collections.abc import Mapping, Set
from typing import Any, Literal, NamedTuple

import polars as pl
from pydantic import JsonValue

from harness.annotate.replies import MOST_LABELS
from harness.annotate.session import Guide, Item, Question
from registry.annotation.answers import labels as labels_of
from registry.annotation.answers import spans, spelled
from registry.annotation.guidelines import Guidelines
from registry.annotation.items import Items
from registry.annotation.layers import Entry
from registry.annotation.spec import Annotation, Form
from registry.annotation.takes import Ranked, Take, disputed, taken
from registry.digest import hashed
from registry.errors import UserError, clipped, nearest, plural, printable
from registry.source import FetchContext, Pin
from registry.text import inputs

Mode = Literal["vote", "double", "adjudicate"]
REVIEW = "Which label is right?"


class Asked(NamedTuple):
    """What round an annotator asked for."""

    annotator: str
    mode: Mode = "vote"
    limit: int = 100
    """The most items of a round."""
    seed: int = 0
    take: Take | None = None
    """Of what is adjudicated; None for what is disputed, or all rows of a card without votes."""


def question(items: Items, asked: Asked, context: FetchContext) -> Question:
    """What is asked of each item. UserError where the card asks nothing, or not this annotator, or not so."""
    card, annotation = items.card, items.card.annotation
    _check_name(asked.annotator, annotation)
    if annotation is None:
        if asked.mode != "adjudicate":
            do = "Write `annotation: {question: ...}` in the card, or review its labels with --adjudicate."
            raise UserError("asks nothing of annotators: it has no `annotation:`", where=card.name, do=do)
        return Question(card.name, asked.annotator, REVIEW, "single", _labels(items, "single"), reviews=True)
    form = annotation.answer
    if form == "relations":
        do = f"`bench annotate export {card.name} --tool label-studio` writes tasks for a tool that has."
        raise UserError("asks for relations, for which a terminal has no room", where=card.name, do=do)
    return Question(
        card.name,
        asked.annotator,
        annotation.question,
        form,
        () if form in ("scale", "text") else _labels(items, form),
        (annotation.scale.min, annotation.scale.max) if annotation.scale else None,
        annotation.examples,
        _guide(annotation, context),
    )


def waiting(
    found: tuple[Item, ...], drafted: Mapping[str, Entry], asked: Question, annotation: Annotation | None
) -> dict[str, JsonValue]:
    """The answers that a draft has to items of a round, about texts that still read so.

    UserError where the draft holds what is no answer to the question: a layer is never changed, and no build takes it.
    """
    known = {*asked.labels, *(annotation.migrations if annotation else ())}
    wrong = [entry for entry in drafted.values() if not _fits(entry.answer, asked, known)]
    if wrong:
        shown = ", ".join(clipped(json.dumps(entry.answer, ensure_ascii=False), 40) for entry in wrong[:3])
        what = f"{plural(len(wrong), 'answer')} of an earlier round cannot be given to the card as it is now: {shown}"
        do = "Restore the card and end that round with q, or name old labels under `annotation: migrations:`."
        raise UserError(what, where=asked.card, do=do)
    return {
        item.id: drafted[item.id].answer
        for item in found
        if item.id in drafted and drafted[item.id].shown == item.shown
    }


def _fits(answer: JsonValue, asked: Question, known: Set[str]) -> bool:
    try:
        spelling = spelled(asked.form, answer)
    except ValueError:
        return False
    if asked.scale is not None:
        return asked.scale[0] <= float(spelling) <= asked.scale[1]
    if asked.form == "spans":
        return {label for _, _, label in spans(str(spelling))} <= known
    if asked.form == "multi":
        return set(labels_of(str(spelling))) <= known
    return asked.form == "text" or spelling in known


def queue(items: Items, asked: Asked, drafted: Mapping[str, Entry], ranked: Ranked) -> tuple[Item, ...]:
    """The items of a round: those that a draft has answers to, in its order, then others up to `limit`.

    An answer in the draft does not count where its item reads otherwise by now. `ranked` is called for a take that
    follows a model.
    """
    rows, annotation = items.rows, items.card.annotation
    kind = {"id": pl.String, "shown": pl.String}
    draft = pl.DataFrame([(entry.item, entry.shown) for entry in drafted.values()], kind, orient="row")
    known = draft.join(rows, on=["id", "shown"], how="inner", maintain_order="left")
    if asked.take is None:
        others = _due(rows, asked, annotation)
        others = others.sort(hashed(others["id"], f"{asked.seed}\x1f{asked.annotator}"))
        others = disputed(others) if asked.mode == "adjudicate" and annotation else others
    else:
        per_item = annotation.votes_per_item if annotation else 1
        others = taken(rows, asked.take, "adjudication", per_item=per_item, seed=asked.seed, ranked=ranked)
    others = others.filter(~pl.col("id").is_in(known["id"].implode()))
    found = [*known.to_dicts(), *others.head(max(0, asked.limit - known.height)).to_dicts()]
    form = annotation.answer if annotation else "single"
    given = [_item(row, inputs(rows), form, asked) for row in found]
    return tuple(given if annotation is None else (item._replace(present=None) for item in given))


def _due(rows: pl.DataFrame, asked: Asked, annotation: Annotation | None) -> pl.DataFrame:
    """The rows that this annotator may be asked about."""
    if asked.mode == "adjudicate":
        return rows.filter(pl.col("adjudicated").is_null()) if "adjudicated" in rows.columns else rows
    count = pl.col("votes").list.len().fill_null(0) if "votes" in rows.columns else pl.lit(0)
    due = count < (annotation.votes_per_item if annotation else 1) if asked.mode == "vote" else count > 0
    if "annotators" in rows.columns:
        due &= ~pl.col("annotators").list.contains(asked.annotator).fill_null(value=False)
    return rows.filter(due)


def _item(row: Mapping[str, Any], texts: list[str], form: Form, asked: Asked) -> Item:
    given = [_worded(form, vote, row["text"]) for vote in row.get("votes") or ()] if asked.mode == "adjudicate" else []
    votes = [vote for _, vote in sorted(enumerate(given), key=lambda one: _draw(asked, row["id"], one[0]))]
    present = row.get("label")
    return Item(
        row["id"],
        tuple(row[name] or "" for name in texts),
        row["shown"],
        tuple(votes),
        None if present is None else str(present),
    )


def _draw(asked: Asked, item: str, number: int) -> str:
    return hashlib.sha256(f"{asked.seed}\x1f{asked.annotator}\x1f{item}\x1f{number}".encode()).hexdigest()


def _worded(form: Form, vote: Any, text: str) -> str:
    """A vote as people read it."""
    if form == "scale":
        return f"{vote:g}"
    if form == "multi":
        return ", ".join(json.loads(vote)) or "none of them"
    if form == "spans":
        spans = sorted(json.loads(vote))
        return "; ".join(f'{label} "{text[start:end]}" ({start}-{end})' for start, end, label in spans) or "none"
    return str(vote)


def _check_name(annotator: str, annotation: Annotation | None) -> None:
    if not annotator.strip() or annotator != printable(annotator):
        raise UserError("--as needs a name that can be read", do="Names stand in the layers, so pick one that may.")
    roster = annotation.annotators if annotation else ()
    if roster and annotator not in roster:
        what = f'"{clipped(annotator, 60)}" is not among the `annotators:` of the card{nearest(annotator, roster)}'
        raise UserError(what, do=f"They are: {', '.join(clipped(name, 60) for name in roster)}.")


def _labels(items: Items, form: Form) -> tuple[str, ...]:
    """The label set: that of the card, or the labels that its rows have."""
    if items.card.labels is not None:
        found = items.card.labels.names
    elif "label" in items.rows.columns and items.rows["label"].dtype == pl.String:
        found = tuple(items.rows["label"].drop_nulls().unique().sort().to_list())
    else:
        found = ()
    if not 1 <= len(found) <= MOST_LABELS:
        what = f"has {len(found)} labels to choose from; a terminal has keys for 1 to {MOST_LABELS}"
        raise UserError(what, where=items.card.name, do=f"Name them under `labels:`, for `answer: {form}` above all.")
    return found


def _guide(annotation: Annotation, context: FetchContext) -> Guide | None:
    if annotation.guidelines is None:
        return None
    (file,) = Guidelines(path=annotation.guidelines).fetch(context, Pin()).files
    digest = file.sha256[:12]
    version = f"version {annotation.guidelines_version} ({digest})" if annotation.guidelines_version else digest
    return Guide(f"{annotation.guidelines}, {version}", file.path.read_text("utf-8", errors="replace"), digest)
