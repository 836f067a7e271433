"""A look at data to a complete draft of its card: which column is what, the labels, languages, cleaning and split.

Every guess leaves a comment with the counts that it rests on. The draft is run through the registry's own steps
(select, cleaning, split), so that the sizes it tells are those of a build.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import polars as pl

from registry.errors import UserError, clipped, plural
from registry.infer.ballot import Ballot
from registry.infer.cleaning import suggested
from registry.infer.draft import Draft, checked
from registry.infer.language import Spoken, spoken
from registry.infer.licence import NOT_STATED, Stated, unusual
from registry.infer.look import Look
from registry.infer.profile import Profile, profiled, with_folder
from registry.infer.question import NOTHING_ASKED, asked_or_labelled, question
from registry.infer.roles import Roles, roles
from registry.infer.shapes import shaped, tongues, unit
from registry.infer.sized import sized
from registry.infer.sql import Field, fields, given_split, group_name, is_needless, items, per_item, query
from registry.kinds import TASKS
from registry.pipeline import rows as rowing

RATINGS = (
    "label: the answers are numbers; to keep every one of them and label by their mean, select one row for each item "
    "and add `annotation: {votes: {source: ..., annotator: annotator}}` with its scale, and label rules"
)
CLEANED = ("text-classification", "text-pair", "multilabel-classification", "text-regression")
"""Tasks of which cleaning is suggested: elsewhere line breaks and forms of characters may be part of what is asked."""

RATIOS = {"train": 0.8, "validation": 0.1, "test": 0.1}


class Wish(NamedTuple):
    """What the user said; the rest is guessed. Empty values say nothing."""

    name: str
    title: str = ""
    kind: str = "task"
    domain: str = ""
    languages: tuple[str, ...] = ()
    license: str = ""
    task: str = ""
    columns: Mapping[str, str] = {}
    """Column by what it is: a column of the task, `label` for what is predicted, id, group, or time."""


class Known(NamedTuple):
    """What the place where the data lie says of them."""

    license: Stated = NOT_STATED
    languages: tuple[str, ...] = ()
    title: str = ""
    url: str = ""
    notes: tuple[str, ...] = ()


def assembled(looks: Mapping[str, Look], splits: Mapping[str, str], wish: Wish, known: Known) -> Draft:
    """The draft for one source, or for several of which `splits` says where each belongs.

    UserError where no card can be made of the data: no text, no label, columns that differ between sources.
    """
    frame = _together(looks)
    source = next(iter(looks))
    found = profiled(frame, source)
    given = None if splits else given_split(found)
    found = with_folder(found.without(given), str(looks[source].entry.get("file_column", "")))
    shape = shaped(found, wish.columns, wish.task)
    chosen, votes = shape.roles, None
    if chosen is None:
        chosen, votes = asked_or_labelled(found, roles(found, wish.columns, wish.task), wish.columns, len(looks))
        chosen = chosen._replace(notes={**chosen.notes, **shape.hint})
    unanswered = _unanswered(chosen, looks, splits)
    if unanswered:
        note = f"split: {unanswered} has no {_several(chosen)} that tell rows apart, so it is left out"
        kept = {name: one for name, one in looks.items() if name != unanswered}
        where = {name: split for name, split in splits.items() if name != unanswered}
        return assembled(kept, where, wish, known._replace(notes=(*known.notes, note)))
    splits, why = _with_test(splits)
    asked = question(votes, source, looks[source].share) if votes else NOTHING_ASKED
    by_row = votes.used if votes and not votes.item else {}
    taken = fields(chosen, given, _names(chosen, looks), by_row)
    draft = Draft(
        name=wish.name,
        title=wish.title or known.title or wish.name.replace("-", " ").capitalize(),
        kind=wish.kind,
        domain=wish.domain,
        url=known.url,
        languages=wish.languages or known.languages or tongues(chosen) or ("und",),
        license={"spdx": wish.license} if wish.license else known.license.license,
        task=chosen.task,
        sources={name: look.entry for name, look in looks.items()},
        select=_select(taken, source, splits, votes, frame.columns, chosen.where),
        collection=_collection(chosen, list(looks)),
        annotation=asked.annotation,
        labels=asked.labels,
        split=_split(chosen, is_given=bool(given or splits)),
        notes={**_notes(looks, found, chosen, votes, wish, known), "split": why, **asked.notes},
    )
    tables = {name: look.table for name, look in looks.items()}
    made = rowing.selected(checked(draft), tables, "").frame
    cleaned = _cleaned(draft, made, answers=chosen.answers)
    if "reference" in chosen.notes:
        return cleaned  # nobody has said yet what a build would keep
    return sized(cleaned, made, min(look.share for look in looks.values()))


def _select(
    taken: Sequence[Field],
    source: str,
    splits: Mapping[str, str],
    votes: Ballot | None,
    columns: Sequence[str],
    where: str,
) -> str:
    if votes and votes.item:
        return per_item(taken, votes.item, source)
    if not splits and not where and is_needless(taken, columns):
        return ""
    return query(taken, source, splits, where)


def _collection(chosen: Roles, sources: Sequence[str]) -> str:
    """The items of a table of choices, by their titles where it has any."""
    if not TASKS.get(chosen.task).has_collection:
        return ""
    item = chosen.columns["item"]
    return items(item, chosen.columns.get("title", item), sources)


def _unanswered(chosen: Roles, looks: Mapping[str, Look], splits: Mapping[str, str]) -> str:
    """The source of a test split that keeps its labels to itself: all empty, or all -1. Empty where there is none."""
    target = TASKS.get(chosen.task).target
    if target not in chosen.columns:
        return ""
    start, labels = 0, chosen.columns[target].values
    for name, one in looks.items():
        told = labels.slice(start, one.table.height).drop_nulls().n_unique()
        if told < 2 and splits.get(name) == "test" and len(looks) > 1:
            return name
        start += one.table.height
    return ""


def _several(chosen: Roles) -> str:
    """What must be predicted, as a word for many."""
    target = TASKS.get(chosen.task).target
    return target if target.endswith("s") else f"{target}s"


def _with_test(splits: Mapping[str, str]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The splits, the validation rows as test where no test is given; none where one source is all there is."""
    if len(splits) < 2 or "test" in splits.values():
        return (splits if len(splits) > 1 else {}), ()
    moved = {name: "test" if split == "validation" else split for name, split in splits.items()}
    return moved, ("split: no test split is given, so the validation rows are the test rows",)


def _names(chosen: Roles, looks: Mapping[str, Look]) -> tuple[str, ...]:
    """What the numbers of the label column stand for, where all sources say the same."""
    label = chosen.columns.get("label")
    if label is None:
        return ()
    told = {one.names.get(label.name, ()) for one in looks.values()}
    return told.pop() if len(told) == 1 and label.number else ()


def _split(chosen: Roles, *, is_given: bool) -> dict[str, Any]:
    if is_given:
        return {"method": "given"}
    if time := chosen.columns.get("time"):
        return {"method": "temporal", "column": "time", **(unit(time) or {}), "ratios": RATIOS}
    group = chosen.columns.get("group")
    return {"method": "hash", **({"group": group_name(group)} if group else {})}


def _together(looks: Mapping[str, Look]) -> pl.DataFrame:
    """The tables under each other, in the columns that all of them have."""
    first, *others = (look.table for look in looks.values())
    shared = [name for name in first.columns if all(first.schema[name] == other.schema.get(name) for other in others)]
    if not shared:
        what = f"the sources {', '.join(looks)} have no column in common"
        raise UserError(what, do="Infer a card from one of them.")
    # By the columns themselves: as an expression, a name such as "*" would mean all of them.
    return pl.concat([pl.DataFrame([table.get_column(name) for name in shared]) for table in (first, *others)])


def _cleaned(draft: Draft, made: pl.DataFrame, *, answers: bool) -> Draft:
    """The draft with the languages and the cleaning that the selected rows show."""
    if draft.languages == ("und",):
        language = _language(draft, made)
        notes = {**draft.notes, "languages": (f"languages: {language.why}",)}
        draft = replace(draft, languages=language.codes, notes=notes)
    if draft.task not in CLEANED:
        return draft
    steps = suggested(made, draft.languages[0], answers=answers, votes=bool(draft.annotation))
    notes = {**draft.notes, "clean": tuple(step.why for step in steps)}
    return replace(draft, clean=tuple(step.op for step in steps), notes=notes)


def _language(draft: Draft, made: pl.DataFrame) -> Spoken:
    """Of a translation two, from the first to the second; of rows without a text, what is predicted, if anything."""
    if draft.task != "translation":
        return spoken(made["text" if "text" in made.columns else "label"])
    both = [spoken(made["text"]), spoken(made["label"])]
    return Spoken(tuple(one.codes[0] for one in both), f"{both[0].why}; of the translations, {both[1].why}")


def _notes(
    looks: Mapping[str, Look], found: Profile, chosen: Roles, votes: Ballot | None, wish: Wish, known: Known
) -> dict[str, tuple[str, ...]]:
    """Comments that do not wait for the selected rows."""
    used = {*(column.name for column in chosen.columns.values()), *(votes.used if votes else ())}
    others = [clipped(column.name, 60) for column in found.columns if column.name not in used]
    others += [
        f"{clipped(column.name, 60)} (holds {column.holds})" for column in found.unfit if column.name not in used
    ]
    label = chosen.columns.get("label")
    is_rated = label and label.name == "value" and any("annotations" in look.entry for look in looks.values())
    ratings = [RATINGS] if is_rated else []
    left = [f"not used: {', '.join(others[:30])}"] if others else []
    head = f"Guessed from {plural(found.rows, 'row')}; each comment says from what. Read it and correct it."
    return {
        "": (head, *known.notes),
        "title": () if wish.title else ("title: say what the texts are and who labelled them",),
        "license": unusual(wish.license) if wish.license else (f"license: {known.license.why}",),
        "sources": tuple(dict.fromkeys(note for look in looks.values() for note in look.notes)),
        "task": (*chosen.notes.values(), *ratings, *left),
    }
