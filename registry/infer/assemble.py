"""A look at data to a complete draft of its card: which column is what, the labels, languages, cleaning and split.

Every guess leaves a comment with the counts that it rests on. The draft is run through the registry's own steps
(select, cleaning, split), so that the sizes it tells are those of a build.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import polars as pl

from registry import power
from registry.card import DatasetCard
from registry.errors import UserError, clipped, plural
from registry.infer.ballot import Ballot
from registry.infer.cleaning import suggested
from registry.infer.draft import Draft, checked
from registry.infer.language import Spoken, spoken
from registry.infer.licence import NOT_STATED, Stated, unusual
from registry.infer.look import Look
from registry.infer.profile import MISSING, Profile, by_value, profiled, with_folder
from registry.infer.question import NOTHING_ASKED, asked_or_labelled, question
from registry.infer.roles import Roles, roles
from registry.infer.shapes import LABELLED, shaped, tongues, unit
from registry.infer.sql import Field, fields, given_split, group_name, is_needless, items, per_item, query
from registry.kinds import TARGETS, TASKS
from registry.op import staying
from registry.pipeline import rows as rowing
from registry.pipeline.fates import of_frame
from registry.pipeline.labelling import SCARCE
from registry.progress import Silent
from registry.split import SPLITS
from registry.target import Target

RATINGS = (
    "label: the answers are numbers; to keep every one of them and label by their mean, select one row for each item "
    "and add `annotation: {votes: {source: ..., annotator: annotator}}` with its scale, and label rules"
)
RULES = "Add votes on other texts, or write a card by hand with other bounds between the labels: docs/annotation.md."
CONFLICT = (
    "Equal texts bear different labels: mend them in the data. Where rows are answers of several people, select one "
    "row for each text and name their table in `annotation: {votes: {source: ..., item: ..., value: ...}}`: "
    "docs/annotation.md."
)
WIDEST_MARGIN = 0.25
"""A test split that tells only larger differences gets no margin: it claims nothing worth saying."""


CLEANED = ("text-classification", "text-pair", "multilabel-classification", "text-regression")
"""Tasks of which cleaning is suggested: elsewhere line breaks and forms of characters may be part of what is asked."""

RATIOS = {"train": 0.8, "validation": 0.1, "test": 0.1}
OTHER_SEED = 14
"""For rows that the usual seed, 13, once put into one split: under it they would all fall there again."""


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
    """Column by role: text, text_pair, label, id, group."""


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
        note = f"split: {unanswered} has no labels that tell rows apart, so it is left out"
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
    return _sized(cleaned, made, min(look.share for look in looks.values()))


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
    if "label" not in chosen.columns:
        return ""
    start, labels = 0, chosen.columns["label"].values
    for name, one in looks.items():
        told = labels.slice(start, one.table.height).drop_nulls().n_unique()
        if told < 2 and splits.get(name) == "test" and len(looks) > 1:
            return name
        start += one.table.height
    return ""


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


def _sized(draft: Draft, made: pl.DataFrame, share: float) -> Draft:
    """The draft with labels, a split that leaves none empty, and the margin that its test split allows."""
    card = checked(draft)
    rows, why = _fates(made, card), draft.notes.get("split", ())
    if draft.split["method"] == "hash" and not _fills(card, rows):
        draft, why = _otherwise(draft, made, rows)
        rows = _fates(made, checked(draft))
    kept = rows.filter(staying())
    target = TARGETS.get(TASKS.get(draft.task).answer)()
    labels, told = _labels(rows, target) if target.closed else ((), ())
    told = (*draft.notes.get("labels", ()), *told)
    if share < 1 and target.closed:
        told += ("labels: the rows that were not looked at may bear others; add them where `bench build` names any",)
    sizes = {name: kept.filter(pl.col("_split") == name).height for name in SPLITS}
    shown = ", ".join(f"{name} {size:,}" for name, size in sizes.items() if size)
    tested = round(sizes["test"] / share)
    margin, claim = _margin(tested, exact=share >= 1) if draft.task in LABELLED else (None, ())
    split = (*why, f"split: of the rows looked at, {shown}", *(() if margin else claim))
    notes = {**draft.notes, "labels": told, "split": split, "margin": claim}
    return replace(draft, labels=draft.labels or labels, margin=margin, notes=notes)


def _fills(card: DatasetCard, rows: pl.DataFrame) -> bool:
    """Whether no split that the card promises comes out empty."""
    return set(card.split.split.promised) <= set(rows.filter(staying())["_split"].unique())


def _otherwise(draft: Draft, made: pl.DataFrame, rows: pl.DataFrame) -> tuple[Draft, tuple[str, ...]]:
    """Another seed where the rows are one split of another card, cut with the usual seed; else all rows to test."""
    kept = rows.filter(staying())
    entry = next(iter(draft.sources.values()))
    part = entry["version"].get("split") if isinstance(entry.get("version"), Mapping) else None
    reseeded = replace(draft, split={**draft.split, "seed": OTHER_SEED})
    if part and kept["_split"].unique().to_list() == [part]:
        card = checked(reseeded)
        if _fills(card, _fates(made, card)):
            why = f"split: the usual seed puts all of these rows into {part} again, as in the card that they come from"
            return reseeded, (f"{why}; another seed parts them",)
    why = f"split: {plural(kept.height, 'row')} are too few for three splits, so all are test rows"
    return replace(draft, split={**draft.split, "method": "all-test"}), (why,)


def _fates(made: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """What a build would make of every row: whether it stays, its split and its label."""
    with Silent().step("") as step:
        return of_frame(made, card, "data", step)


def _labels(rows: pl.DataFrame, target: Target) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of the rows that stay, numbers by value, and how many rows bear each."""
    borne = target.labels(rows.filter(staying())["label"]).explode().drop_nulls()
    counts = dict(borne.value_counts().rows())
    if len(counts) < 2:
        raise _too_few_labels(rows, list(counts))
    names = tuple(sorted(counts, key=by_value))
    shown = ", ".join(f"{clipped(name, 40)} {counts[name]:,}" for name in names[:20])
    told = [f"labels: rows that stay after cleaning: {shown}{', ...' if len(names) > 20 else ''}"]
    scarce = [clipped(name, 40) for name in names if counts[name] < SCARCE]
    if scarce:
        told.append(f"labels: fewer than {SCARCE} rows: {', '.join(scarce[:20])}")
    blank = [f'"{clipped(name, 40)}" ({plural(counts[name], "row")})' for name in names if name.lower() in MISSING]
    if blank and "decided_by" not in rows.columns:
        told.append(f"labels: {', '.join(blank)} may stand for a missing label; if so, make it NULL in `select:`")
    return names, tuple(told)


def _too_few_labels(rows: pl.DataFrame, labels: list[str]) -> UserError:
    """Says by which steps rows leave, since the column itself may have labels enough."""
    there = f'only "{clipped(labels[0], 60)}"' if labels else "none"
    left = rows.filter(~staying()).group_by("_op", "_reason").len().sort("len", "_op", "_reason", descending=True)
    shown = ", ".join(f"{count:,} by {op} ({reason})" for op, reason, count in left.rows())
    what = f"at least two labels are needed; the rows that stay have {there}"
    do = "Add rows of other labels, or take another label column."
    if "decided_by" in rows.columns:
        do = RULES
    elif "label conflict" in left["_reason"]:
        do = CONFLICT
    gone = plural(rows.height - rows.filter(staying()).height, "row")
    return UserError(f"{what}. Of {rows.height:,}, {gone} leave: {shown}" if shown else what, do=do)


def _margin(test: int, *, exact: bool) -> tuple[float | None, tuple[str, ...]]:
    """The smallest difference that the test split can tell, rounded up so that it holds, and a comment on it."""
    smallest = power.smallest_difference(test) or 1.0
    rows = f"margin: {'' if exact else 'about '}{plural(test, 'test row')}"
    if smallest > WIDEST_MARGIN:
        needed = power.rows_needed(0.05)
        why = f"{rows} tell only models apart that differ by more than {WIDEST_MARGIN:g}; {needed:,} tell 0.05"
        return None, (why,)
    why = f"{rows} tell two models apart that differ by this much in accuracy ({power.ASSUMED})"
    # What was only looked at in part may come out a little smaller.
    return math.ceil(smallest * 1000 * (1 if exact else 1.1)) / 1000, (why,)


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
