"""Tasks whose rows are no text with one label: which of them a table fits, by what its columns are called and hold.

Owns the usual names of each task's columns, and what a column must hold to be taken for one unasked. A label column of
a usual name goes before all of them: then the table is one of classification, and a comment tells of the other task.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from registry.errors import UserError, clipped, nearest, plural
from registry.infer.answered import TIMES
from registry.infer.language import WRITTEN_IN
from registry.infer.profile import Column, Profile, Unfit, literal
from registry.infer.roles import (
    ANNOTATOR_NAMES,
    FEWEST_GROUPS,
    ID_NAME,
    LABEL_NAMES,
    PAIRS,
    TEXT_NAMES,
    Roles,
    Wished,
    can_label,
    columns_told,
    groups,
    ids,
    rank,
    text_columns,
)
from registry.infer.votes import RATER, VOTES
from registry.kinds import TASKS
from registry.placing.timestamps import Unit as Counting
from registry.placing.timestamps import moments
from registry.task import Task

LABELLED = ("text-classification", "text-pair")
"""Tasks whose columns `registry.infer.roles` finds."""

USUAL: Mapping[str, Mapping[str, str]] = {
    "token-classification": {
        "tokens": "tokens words token word 词 字",
        "tags": "tags ner_tags pos_tags labels tag ner pos upos 标签",
    },
    "question-answering": {
        "question": "question query 问题",
        "text": "context passage text paragraph article document 段落 文章",
        "answers": "answers.text answers answer_text answer 答案",
    },
    "translation": {
        "text": "msgid source_text source src 原文",
        "reference": "msgstr target_text target tgt translation 译文",
    },
    "summarisation": {
        "text": "document article text body content dialogue 正文 原文 文章 内容",
        "reference": "summary highlights abstract tldr summaries 摘要",
    },
    "text-generation": {
        "text": "instruction prompt 指令",
        "reference": "response output completion reply 回复 输出",
    },
    "recommendation": {
        "user": "user user_id userid uid customer customer_id reviewer_id visitor 用户 用户id",
        "item": "item item_id itemid movie_id movieid product_id productid book_id song_id asin 商品 物品",
        "rating": "rating stars score 评分",
    },
    "speech-recognition": {
        "audio": "audio.bytes audio sound recording",
        "reference": "transcript transcription sentence text",
    },
    "multilabel-classification": {"labels": "labels tags topics categories genres emotions intents label 标签 类别"},
    "text-similarity": {"text_pair": "", "score": "score similarity relatedness_score relatedness label 分数"},
    "text-regression": {"score": "score rating stars grade price value valence points label 评分 分数"},
    "language-modelling": {},
}
"""The usual names of columns, the likeliest first, in the order in which tasks are tried. A text that has none here is
found as in classification."""

LISTS = ("tokens", "tags", "labels")
DELIMITERS = ("; ", ";", " | ", "|", ", ", ",", " ")
FEWEST_STEPS = 10
"""More different numbers than this, with fractions among them, are no classes; twice as many where all are whole."""

FEWEST_TIMES = 10
READY = "NOT fuzzy AND NOT obsolete AND msgstr <> ''"
LATEST_SECOND = 1e11
"""Numbers above it count milliseconds since 1970."""

UNHEARD = (
    "reference: what is said stands nowhere in these data, so no row can stay yet. Take it from the names of the files, "
    "as in regexp_extract(file, '([a-z]+)_', 1) AS reference, or join a source of transcripts: docs/tasks.md"
)


class Shape(NamedTuple):
    """The columns of a table of such a task, or a comment on the one that it might be of besides."""

    roles: Roles | None = None
    hint: Mapping[str, str] = {}


def shaped(found: Profile, wished: Wished, task: str) -> Shape:
    """The task that the user asked for, or the first that fits. UserError where what was asked for lacks a column."""
    if task and task not in LABELLED:
        return Shape(_asked(found, wished, task))
    other = next((role for role in wished if role not in ("text", "text_pair", "label", "id", "group")), None)
    if other is not None:
        what = f'{task or "a card without `--task`"} has no column "{clipped(other, 40)}"'
        raise UserError(what, do="Name the task with --task; it has the columns in docs/tasks.md.")
    if task or {"label", "text_pair"} & set(wished) or _is_voted(found):
        return Shape()
    fits = next(filter(None, (_guessed(found, wished, name) for name in USUAL)), None)
    if fits is None:
        return Shape()
    used = {column.name for column in fits.columns.values()}
    if any(
        can_label(one) and rank(one, LABEL_NAMES) < len(LABEL_NAMES) and one.name not in used for one in found.columns
    ):
        return Shape(hint={"task": f"{fits.notes['task']}, too: `--task {fits.task}` makes such a card"})
    return Shape(fits)


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
    named = {task.target if role == "label" else role: column for role, column in wished.items()}
    known = [*_needed(task), *task.optional, "id", "group"]
    for role in named:
        if role not in known:
            what = (
                f"{name} has no label to name" if not role else f'{name} has no column "{role}"{nearest(role, known)}'
            )
            raise UserError(what, do=f"It has: {', '.join(known)}; `--column NAME=COLUMN` names any of them.")
    columns = _columns(found, named, name, guess=False)
    lacking = [role for role in _needed(task) if role not in columns and role not in task.derived]
    if lacking:
        flag = "--label COLUMN" if lacking[0] == task.target else f"--column {lacking[0]}=COLUMN"
        what = (
            f'{name} needs a column "{lacking[0]}", and none has a usual name of it ({plural(found.rows, "row")} seen)'
        )
        do = (
            f"Name it: bench card infer ... --task {name} {flag}. Where it is made of several, or lies elsewhere, write"
        )
        raise UserError(what, do=f"{do} the SELECT: `bench card new --task {name} --name NAME`. {columns_told(found)}")
    return _roles(found, columns, name, named)


def _guessed(found: Profile, wished: Wished, name: str) -> Roles | None:
    """None where a column of the task is missing or holds something else."""
    task = TASKS.get(name)
    if not set(wished) <= {*_needed(task), "id", "group"}:
        return None
    columns = _columns(found, wished, name, guess=True)
    if any(role not in columns and role not in task.derived for role in _needed(task)):
        return None
    others = _free(found.columns, columns)
    if name == "language-modelling" and (
        found.unfit or not all(one.unique and ID_NAME.search(one.name) for one in others)
    ):
        return None
    if name == "recommendation" and any(rank(one, TEXT_NAMES) < len(TEXT_NAMES) for one in others):
        return None
    return _roles(found, columns, name, wished)


def _needed(task: type[Task]) -> list[str]:
    return [name for name in (*task.carried, *task.inputs, task.target) if name]


def _columns(found: Profile, named: Wished, name: str, *, guess: bool) -> dict[str, Column]:
    """The columns that are named, and by role those that have a usual name and hold what it asks for."""
    task, usual = TASKS.get(name), USUAL.get(name, {})
    everything = [*found.columns, *(_nested(one, found.rows) for one in found.unfit if one.sql)]
    columns = {role: _named(everything, column) for role, column in named.items()}
    if name in ("text-similarity", "translation") and not {"text", "text_pair", "reference"} & set(columns):
        columns |= (
            _pair(found)
            if name == "text-similarity"
            else dict(zip(("text", "reference"), _tongues(found), strict=False))
        )
    for role in (*_needed(task), *task.optional):
        names = usual.get(role, "").split()
        names = names if guess else [role, *names]
        fit = [one for one in _free(everything, columns) if rank(one, names) < len(names)]
        best = min(
            (one for one in fit if _holds(one, role, guess=guess)), key=lambda one: rank(one, names), default=None
        )
        if role not in columns and best:
            columns[role] = best
    if "text" in task.inputs and "text" not in columns and not (guess and "text" in usual):
        columns |= {"text": one for one in text_columns(_free(found.columns, columns))[:1]}
    if "audio" in columns and "reference" not in columns:
        columns["reference"] = _nested(
            Unfit("", "", "CAST(NULL AS VARCHAR)", pl.repeat(None, found.rows, eager=True)), found.rows
        )
    return columns


def _free(columns: Sequence[Column], taken: Mapping[str, Column]) -> list[Column]:
    used = {one.name for one in taken.values()}
    return [one for one in columns if one.name not in used]


def _named(columns: Sequence[Column], name: str) -> Column:
    one = next((column for column in columns if column.name == name), None)
    if one is None:
        names = [column.name for column in columns]
        what = f'there is no column "{clipped(name, 60)}"{nearest(name, names)}'
        raise UserError(what, do=f"Columns: {', '.join(clipped(one, 40) for one in names[:20])}.")
    return one


def _nested(one: Unfit, rows: int) -> Column:
    """Lists and bytes as a column; of a list of objects with a text each, their texts."""
    sql, values = one.sql, one.values
    inner = values.dtype.inner if isinstance(values.dtype, pl.List) else None
    if isinstance(inner, pl.Struct) and any(
        field.name == "text" and field.dtype == pl.String for field in inner.fields
    ):
        sql, values = (
            f"list_transform({sql}, lambda one: one.text)",
            values.list.eval(pl.element().struct.field("text")),
        )
    return Column(one.name, sql, values, rows, rows - values.null_count(), 0, 0.0, 0.0, number=False)


def _holds(one: Column, role: str, *, guess: bool) -> bool:
    """Whether a column can be what it is called; unasked, whether it can be nothing else."""
    dtype = one.values.dtype
    if role == "audio":
        return dtype == pl.Binary
    if role in LISTS and isinstance(dtype, pl.List) and not dtype.inner.is_nested():
        return not guess or role != "labels" or bool((one.values.list.n_unique() == one.values.list.len()).all())
    if role == "answers" and dtype == pl.List(pl.String):
        return True
    if dtype != pl.String or role in LISTS:
        return dtype == pl.String and not guess
    if role in ("user", "item"):
        return one.filled == one.rows > one.distinct
    if role in ("score", "rating", "seconds"):
        return one.number and (role != "score" or not guess or _is_measured(one))
    return not one.number and not (guess and role in ("reference", "answers") and can_label(one))


def _is_measured(one: Column) -> bool:
    """Whether numbers are too many to be classes."""
    fractions = (one.values.cast(pl.Float64) % 1 != 0).any()
    return one.distinct > (FEWEST_STEPS if fractions else 2 * FEWEST_STEPS)


def _pair(found: Profile) -> dict[str, Column]:
    by_name = {column.name.lower(): column for column in found.columns if not column.number}
    pair = next((pair for pair in PAIRS if all(name in by_name for name in pair)), ())
    return {role: by_name[name] for role, name in zip(("text", "text_pair"), pair, strict=False)}


def _tongues(found: Profile) -> list[Column]:
    """Two columns of words that are called after languages; else none."""
    called = [
        one for one in found.columns if tongue(one) and not one.number and one.distinct > 1 and not can_label(one)
    ]
    return called if len(called) == 2 else []


def tongue(column: Column) -> str:
    """The language that a column is called after, as zh of `zh` or `translation.zh_CN`; empty for none."""
    code = column.name.lower().rsplit(".", 1)[-1].replace("_", "-").split("-")[0]
    return code if code in WRITTEN_IN and code != "id" else ""


def tongues(chosen: Roles) -> tuple[str, ...]:
    """The two languages of a translation, where its columns are called after them."""
    both = [tongue(chosen.columns[role]) for role in ("text", "reference") if chosen.task == "translation"]
    return tuple(both) if all(both) else ()


def _roles(found: Profile, columns: dict[str, Column], name: str, named: Wished) -> Roles:
    told = [
        f'"{clipped(one.name, 60)}" ({role}{", as asked" if role in named else ""})'
        for role, one in columns.items()
        if one.name and role not in ("id", "group")
    ]
    notes = {"task": f"task: what the columns are called and hold fits {name}: {', '.join(told)}"}
    if "reference" in columns and not columns["reference"].name:
        notes["reference"] = UNHEARD
    free = _free(found.columns, columns)
    columns = {**{"id": one for one in ids(free)[:1]}, **columns}
    columns |= _time(free) if name == "recommendation" else _group(free, columns)
    is_gettext = (
        columns.get("text", free[:1]) is found.named("msgid") and found.named("fuzzy") and found.named("obsolete")
    )
    listed = {role: _in_lists(one) if role in LISTS else one for role, one in columns.items()}
    return Roles(name, listed, notes, where=READY if is_gettext else "")


def _group(free: Sequence[Column], columns: Mapping[str, Column]) -> dict[str, Column]:
    """What belongs together by its name, or the questions about one passage."""
    passage = [columns["text"]] if "question" in columns and "group" not in columns else []
    repeated = [one for one in passage if FEWEST_GROUPS <= one.distinct < one.filled == one.rows]
    found = [] if "group" in columns else [*groups([*free, *passage]), *repeated]
    return {"group": one for one in found[:1]}


def _time(free: Sequence[Column]) -> dict[str, Column]:
    """When each choice was made, where a column says so."""
    named = [
        one for one in free if one.name.lower() in TIMES and one.filled == one.rows and one.distinct >= FEWEST_TIMES
    ]
    return {"time": one for one in named[:1] if unit(one) is not None}


def unit(time: Column) -> Mapping[str, str] | None:
    """`unit:` of a temporal split, where one is needed; None for values that are no times."""
    latest = time.values.cast(pl.Float64, strict=False).max() if time.number else None
    counted: Counting | None = (
        None if latest is None else "milliseconds" if float(str(latest)) > LATEST_SECOND else "seconds"
    )
    try:
        moments(time.values, time.name, counted)
    except UserError:
        return None
    return {"unit": counted} if counted else {}


def _in_lists(column: Column) -> Column:
    """A text that holds several values, cut where they are parted."""
    if column.values.dtype != pl.String:
        return column
    held = column.values.drop_nulls()
    between = next((mark for mark in DELIMITERS if held.str.contains(mark, literal=True).any()), DELIMITERS[1])
    return column._replace(sql=f"string_split({column.sql}, {literal(between)})")
