"""Tasks whose rows are no text with one label: which of them a table is of, and what its rows need besides columns.

A label column of a usual name goes before all of them but recordings: then the table is one of classification, as are
answers of annotators, and a comment tells of the other task.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from registry.errors import UserError, clipped, nearest, plural
from registry.infer.answered import TIMES, is_fixed
from registry.infer.profile import Column, Profile, literal
from registry.infer.roles import (
    ANNOTATOR_NAMES,
    FEWEST_GROUPS,
    ID_NAME,
    LABEL_NAMES,
    TEXT_NAMES,
    UNLABELLED,
    Roles,
    Wished,
    can_label,
    columns_told,
    groups,
    ids,
    rank,
)
from registry.infer.usual import LISTS, NOT_THERE, USUAL, first, free, needed, tongue, usual_columns
from registry.infer.votes import RATER, VOTES
from registry.kinds import TASKS
from registry.placing.timestamps import Unit, moments

LABELLED = ("text-classification", "text-pair")
"""Tasks whose columns `registry.infer.roles` finds."""

OPTIONS = ("text", "text_pair", "label", "id", "group")
DELIMITERS = ("; ", ";", " | ", "|", ", ", ",", " ")
TITLES = ("title", "name", "item_name", "item_title", "movie_title", "product_name", "标题", "名称")
FEWEST_TIMES = 10
SINCE_1970 = 1e8
"""Smaller numbers are years, days or counts; a thousand times as large ones are milliseconds."""

READY = "NOT fuzzy AND NOT obsolete AND msgstr <> ''"
UNHEARD = (
    "reference: what is said stands nowhere in these data, so no row can stay yet. Take it from the names of the "
    "files, as in regexp_extract(file, '([a-z]+)_', 1) AS reference, or join a source of transcripts: docs/tasks.md"
)


class Shape(NamedTuple):
    """The columns of a table of such a task, or a comment on the one that it might be of besides."""

    roles: Roles | None = None
    hint: Mapping[str, str] = {}


def shaped(found: Profile, wished: Wished, task: str) -> Shape:
    """The task that the user asked for, or the first that fits. UserError where what was asked for lacks a column."""
    if task and task not in LABELLED:
        return Shape(_asked(found, wished, task))
    other = next((role for role in wished if role not in OPTIONS), None)
    if other is not None:
        what = f'{task or "a card without --task"} has no column "{clipped(other, 40)}"'
        raise UserError(what, do="Name with --task the task that has it; docs/tasks.md has the columns of each.")
    if task or {"label", "text_pair"} & set(wished) or _is_voted(found):
        return Shape()
    fits = next(filter(None, (_guessed(found, wished, name) for name in USUAL)), None)
    if fits is None or "audio" in fits.columns:
        return Shape(fits)
    others = free(found.columns, fits.columns)
    if any(can_label(one) and rank(one, LABEL_NAMES) < len(LABEL_NAMES) for one in others):
        return Shape(hint={"task": f"{fits.notes['task']}; `--task {fits.task}` makes a card of that"})
    return Shape(fits)


def tongues(chosen: Roles) -> tuple[str, ...]:
    """The two languages of a translation, where its columns are called after them."""
    both = [tongue(chosen.columns[role]) for role in ("text", "reference") if chosen.task == "translation"]
    return tuple(both) if all(both) else ()


def unit(time: Column) -> Mapping[str, str] | None:
    """`unit:` of a temporal split, where one is needed; None for values that are no times."""
    counted: Unit | None = None
    if time.number:
        earliest = time.values.cast(pl.Float64).drop_nulls().sort()[0]
        counted = "milliseconds" if earliest >= SINCE_1970 * 1000 else "seconds"
        if earliest < SINCE_1970:
            return None
    try:
        moments(time.values, time.name, counted)
    except UserError:
        return None
    return {"unit": counted} if counted else {}


def _is_voted(found: Profile) -> bool:
    """Whether columns are called after annotators, or lists after votes."""
    named = any(one.name.lower() in ANNOTATOR_NAMES or RATER.fullmatch(one.name) for one in found.columns)
    return named or any(VOTES.fullmatch(one.name) for one in found.lists)


def _asked(found: Profile, wished: Wished, name: str) -> Roles:
    task = TASKS.get(name)
    if task.has_collection and name != "recommendation":
        what = f"{name} needs queries, documents, and which of them belong together: no one table is all of these"
        do = f"`bench card new --task {name} --name NAME` writes a card with a source for each."
        raise UserError(what, do=do)
    if "label" in wished and not task.target:
        raise UserError(f"{name} has no column that is predicted", do=f"It has: {', '.join(needed(name))}.")
    named = {task.target if role == "label" else role: column for role, column in wished.items()}
    more = ("time",) if name == "recommendation" else ("group",)
    known = [*dict.fromkeys((*needed(name), *task.inputs, *task.optional)), "id", *more]
    unknown = next((role for role in named if role not in known), None)
    if unknown is not None:
        what = f'{name} has no column "{clipped(unknown, 40)}"{nearest(unknown, known)}'
        raise UserError(what, do=f"It has: {', '.join(known)}; `--column NAME=COLUMN` names any of them.")
    columns = usual_columns(found, named, name, guess=False)
    lacking = next((role for role in needed(name) if role not in columns), None)
    if lacking:
        flag = "--label COLUMN" if lacking == task.target else f"--column {lacking}=COLUMN"
        what = f'{name} needs a column "{lacking}", and none is called so ({plural(found.rows, "row")} looked at)'
        do = f"Say which one: bench card infer ... --task {name} {flag}. Where it is made of several columns or sources"
        do = f"{do}, write the SELECT into what `bench card new --task {name} --name NAME` writes."
        raise UserError(what, do=f"{do} {columns_told(found)}")
    return _roles(found, columns, name, named)


def _guessed(found: Profile, wished: Wished, name: str) -> Roles | None:
    """None where a column of the task is missing or holds something else."""
    if not set(wished) <= {*needed(name), "id", "group"}:
        return None
    columns = usual_columns(found, wished, name, guess=True)
    others = free(found.columns, columns)
    if any(role not in columns for role in needed(name)):
        return None
    if name == "recommendation" and any(rank(one, TEXT_NAMES) < len(TEXT_NAMES) for one in others):
        return None  # what users wrote is there to be read
    if name == "language-modelling" and (
        found.unfit or not all(one.unique and ID_NAME.search(one.name) for one in others)
    ):
        return None
    return _roles(found, columns, name, wished)


def _roles(found: Profile, columns: dict[str, Column], name: str, named: Wished) -> Roles:
    others = free(found.columns, columns)
    columns = {**first("id", ids(others)), **columns}
    if name == "recommendation":
        columns = {**_time(others), **columns, **_title(others, columns["item"])}
    elif "group" not in columns:
        columns |= _group(others, columns)
    if name == "text-generation":
        columns |= _input(columns["text"], others)
    if "input" in columns:
        text, about = columns["text"], columns["input"]
        columns["text"] = text._replace(sql=f"concat_ws(chr(10), {text.sql}, nullif({about.sql}, ''))")
    notes = {"task": f"task: by name and content the columns fit {name}: {', '.join(_told(columns, named))}"}
    if name == "language-modelling":
        notes["label"] = f"task: there is no label. {UNLABELLED}"
    if any(one.sql == NOT_THERE for one in columns.values()):
        notes["reference"] = UNHEARD
    is_gettext = name == "translation" and {"msgid", "fuzzy", "obsolete"} <= {one.name for one in found.columns}
    listed = {role: _in_lists(one) if role in LISTS else one for role, one in columns.items()}
    return Roles(name, listed, notes, where=READY if is_gettext else "")


def _told(columns: Mapping[str, Column], named: Wished) -> list[str]:
    """Each column with what it is taken for."""
    return [
        f'"{clipped(one.name, 60)}" ({role}{", as asked" if role in named else ""})'
        for role, one in columns.items()
        if one.name
    ]


def _group(others: Sequence[Column], columns: Mapping[str, Column]) -> dict[str, Column]:
    """What belongs together by its name, or the questions about one passage."""
    passage = [columns["text"]] if "question" in columns else []
    repeated = [one for one in passage if FEWEST_GROUPS <= one.distinct < one.filled == one.rows]
    return first("group", [*groups([*others, *passage]), *repeated])


def _time(others: Sequence[Column]) -> dict[str, Column]:
    """When each choice was made, where a column says so."""
    named = [one for one in others if one.name.lower() in TIMES and one.filled == one.rows]
    return first("time", [one for one in named if one.distinct >= FEWEST_TIMES and unit(one) is not None])


def _title(others: Sequence[Column], item: Column) -> dict[str, Column]:
    """What each item is called, where that is the same in all rows."""
    named = [one for one in others if one.name.lower() in TITLES and one.filled == one.rows]
    return first("title", [one for one in named if is_fixed(one, item)])


def _input(text: Column, others: Sequence[Column]) -> dict[str, Column]:
    """What an instruction is about, where a column beside it says that."""
    named = [one for one in others if one.name.lower() in ("input", "context") and not one.number]
    return first("input", named) if text.name.lower() == "instruction" else {}


def _in_lists(column: Column) -> Column:
    """A text that holds several values, cut where they are parted."""
    if column.values.dtype != pl.String:
        return column
    held = column.values.drop_nulls()
    between = next((mark for mark in DELIMITERS if held.str.contains(mark, literal=True).any()), DELIMITERS[1])
    return column._replace(sql=f"string_split({column.sql}, {literal(between)})")
