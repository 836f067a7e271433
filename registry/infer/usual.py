"""Which columns of a table are those of a named task, by their usual names and by what they hold.

Owns the table of names. Knows the tasks whose rows are no text with one label; those are in `registry.infer.roles`.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from registry.errors import UserError, clipped, nearest
from registry.infer.language import WRITTEN_IN
from registry.infer.profile import Column, Profile, Unfit
from registry.infer.roles import PAIRS, Wished, can_label, rank, text_columns
from registry.kinds import TASKS

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
    "text-similarity": {"score": "score similarity relatedness_score relatedness label 分数"},
    "text-regression": {"score": "score rating stars grade price value valence points label 评分 分数"},
    "language-modelling": {},
}
"""The likeliest names first, in the order in which tasks are tried. A text that has none here is found as in
classification."""

LISTS = ("tokens", "tags", "labels")
MEASURED = ("score", "rating", "seconds")
FEWEST_STEPS = 10
"""More different numbers than this, with fractions among them, are no classes; twice as many where all are whole."""

NOT_THERE = "CAST(NULL AS VARCHAR)"


def needed(name: str) -> list[str]:
    """The columns that every row of a task has but for those that can be made of others."""
    task = TASKS.get(name)
    return [role for role in (*task.carried, *task.inputs, task.target) if role and role not in task.derived]


def usual_columns(found: Profile, named: Wished, name: str, *, guess: bool) -> dict[str, Column]:
    """The columns that are named, and those that have a usual name of theirs and hold what it asks for.

    With `guess` nobody said which task it is: then a column must be able to be nothing else. What is said in recordings
    is NOT_THERE where no column says it. UserError for a named column that is not there.
    """
    task, usual = TASKS.get(name), USUAL.get(name, {})
    everything = [*found.columns, *(_nested(one) for one in found.unfit if one.sql)]
    columns = {role: _named(everything, column) for role, column in named.items()}
    if not {"text", "text_pair", "reference"} & set(columns):
        columns |= _pair(found) if name == "text-similarity" else _tongues(found) if name == "translation" else {}
    for role in (*needed(name), *task.optional):
        names = [*([] if guess else [role]), *usual.get(role, "").split()]
        fit = [one for one in free(everything, columns) if rank(one, names) < len(names) and _holds(one, role, guess)]
        if role not in columns and fit:
            columns[role] = min(fit, key=lambda one: rank(one, names))
    if "text" in needed(name) and "text" not in columns and not (guess and "text" in usual):
        columns |= first("text", text_columns(free(found.columns, columns)))
    if "audio" in columns and "reference" not in columns:
        columns["reference"] = _nested(Unfit("", "", NOT_THERE, pl.repeat(None, found.rows, eager=True)))
    order = (*needed(name), *task.optional, *columns)
    return {role: columns[role] for role in dict.fromkeys(order) if role in columns}


def free(columns: Sequence[Column], taken: Mapping[str, Column]) -> list[Column]:
    """Those that nothing is taken for."""
    used = {one.name for one in taken.values()}
    return [one for one in columns if one.name not in used]


def first(role: str, columns: Sequence[Column]) -> dict[str, Column]:
    """The first, if there is one, for a role."""
    return dict(zip((role,), columns, strict=False))


def tongue(column: Column) -> str:
    """The language that a column is called after, as zh of `zh` or `translation.zh_CN`; empty for none."""
    code = column.name.lower().rsplit(".", 1)[-1].replace("_", "-").split("-")[0]
    return code if code in WRITTEN_IN and code != "id" else ""


def _named(columns: Sequence[Column], name: str) -> Column:
    one = next((column for column in columns if column.name == name), None)
    if one is None:
        names = [column.name for column in columns]
        what = f'there is no column "{clipped(name, 60)}"{nearest(name, names)}'
        raise UserError(what, do=f"Columns: {', '.join(clipped(one, 40) for one in names[:20])}.")
    return one


def _nested(one: Unfit) -> Column:
    """Lists and bytes as a column; of lists of objects with a text each, their texts."""
    sql, values = one.sql, one.values
    inner = values.dtype.inner if isinstance(values.dtype, pl.List) else None
    if isinstance(inner, pl.Struct) and pl.Field("text", pl.String) in inner.fields:
        sql = f"list_transform({sql}, lambda one: one.text)"
        values = values.list.eval(pl.element().struct.field("text"))
    rows = len(values)
    return Column(one.name, sql, values, rows, rows - values.null_count(), 0, 0.0, 0.0, number=False)


def _holds(one: Column, role: str, guess: bool) -> bool:
    """Whether a column can be what it is called."""
    dtype = one.values.dtype
    if dtype != pl.String:
        texts = role == "answers" and dtype == pl.List(pl.String)
        return texts or (role == "audio" and dtype == pl.Binary) or (role in LISTS and _is_list(one, role, guess=guess))
    if role in LISTS or role == "audio":
        return role != "audio" and not guess
    if role in ("user", "item"):
        return one.filled == one.rows > one.distinct
    if role in MEASURED:
        return one.number and not (guess and role == "score" and _is_classes(one))
    return not one.number and not (guess and role in ("reference", "answers") and can_label(one))


def _is_list(one: Column, role: str, *, guess: bool) -> bool:
    """Lists of plain values; votes may name a label several times, sets of labels do not."""
    plain = isinstance(one.values.dtype, pl.List) and not one.values.dtype.inner.is_nested()
    once = plain and not (one.values.list.n_unique() != one.values.list.len()).any()
    return plain and (once or not guess or role != "labels")


def _is_classes(one: Column) -> bool:
    """Whether numbers are so few that they may be classes."""
    fractions = (one.values.cast(pl.Float64) % 1 != 0).any()
    return one.distinct <= (FEWEST_STEPS if fractions else 2 * FEWEST_STEPS)


def _pair(found: Profile) -> dict[str, Column]:
    by_name = {column.name.lower(): column for column in found.columns if not column.number}
    pair = next((pair for pair in PAIRS if all(name in by_name for name in pair)), ())
    return {role: by_name[name] for role, name in zip(("text", "text_pair"), pair, strict=False)}


def _tongues(found: Profile) -> dict[str, Column]:
    """Two columns of words that are called after languages."""
    called = [one for one in found.columns if tongue(one) and not one.number and not can_label(one)]
    return dict(zip(("text", "reference"), called, strict=True)) if len(called) == 2 else {}
