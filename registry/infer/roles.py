"""Which column is the text, the label, the id, the group. Every choice says what it rests on.

The rules, in this order; a wish of the user comes before all of them:
- text: a column of text by a usual name, else the one whose different values are longest on average;
- a second text: only where both columns have names that usually go together, such as premise and hypothesis;
- label: a column by a usual name with repeated values, else the one with the fewest different values;
- id: different in every row and filled in all, and called like an id or looking like a code; not one that a build
  made from the content, since there the text decides the split;
- group: called like an author or a document, filled in all rows, and repeated.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from registry.errors import UserError, clipped, nearest, plural
from registry.infer.profile import Column, Profile, counted
from registry.kinds import TASKS
from registry.versions.diff import HASHED

MOST_LABELS = 500
LONGEST_LABEL = 60
"""Characters on average: beyond this a column is text, however few its values."""

FEWEST_GROUPS = 10
"""Fewer groups than this cannot be shared out among three splits."""

TEXT_NAMES = tuple(
    "text sentence review content comment body tweet message document utterance query question "
    "文本 内容 评论 句子 正文 评价 微博 问题 text_a".split()
)
LABEL_NAMES = tuple(
    "label_text label_name label labels class category sentiment polarity intent topic emotion stance target gold "
    "rating stars score tag value folder 标签 类别 分类 情感 情绪 意图 类型 星级 评分".split()
)
NO_LABEL_NAMES = frozenset(
    "split set fold partition lang language year month date time source url index 语言 日期 年份 来源 "
    "cancelled was_cancelled ground_truth skipped answered".split()
)
ANNOTATOR_NAMES = frozenset(
    "annotator annotator_id annotatorid annotator_name worker worker_id workerid rater rater_id coder labeler labeller "
    "completed_by _annotator_id who 标注者 标注员 标注人".split()
)
ID_NAME = re.compile(r"(^|[_ -])(id|ids|idx|guid|uuid|uid|key|qid|docid)$|编号|序号", re.IGNORECASE)
GROUP_NAMES = tuple(
    "group author user author_id user_id userid username speaker doc document doc_id document_id docid article "
    "article_id thread thread_id session session_id dialogue_id patient patient_id customer product product_id "
    "作者 用户 用户id 文档 文章 会话 患者 商品".split()
)
PAIRS = (
    ("text", "text_pair"),
    ("sentence1", "sentence2"),
    ("sentence_a", "sentence_b"),
    ("text_a", "text_b"),
    ("text1", "text2"),
    ("premise", "hypothesis"),
    ("question1", "question2"),
    ("question", "passage"),
    ("question", "sentence"),
    ("question", "context"),
    ("query", "document"),
    ("query", "passage"),
    ("句子1", "句子2"),
    ("问题", "答案"),
)
HASHED_IDS = (
    "id: the ids are made from the content, so they are left out: the text decides the split again, as in the card "
    "that the rows come from. Texts that were cleaned there may fall elsewhere; of a whole version, "
    "`file_column: split` with `split: {method: given}` leaves every row where it was"
)
CODE = re.compile(r"[\w.:/-]*\d[\w.:/-]*")
TIME = r"^\d{4}-\d\d?-\d\d?([T ]\d.*)?$"
UNLABELLED = (
    "Where nobody has said yet what the label is, write a card with `annotation:` (a question) and `labels:`, and "
    "`bench annotate label` asks people; docs/annotation.md has an example."
)
ELSEWHERE = (
    "Where these rows are answers about texts that stand in another file, infer the card from that file, add this one "
    "to its `sources:`, and name it in `annotation: {votes: {source: ..., item: ..., value: ...}}`: docs/annotation.md."
)
Wished = Mapping[str, str]
"""Column by role, where the user says it."""


class Roles(NamedTuple):
    """`notes` hold the evidence by role."""

    task: str
    columns: Mapping[str, Column]
    notes: Mapping[str, str]
    answers: bool = False
    """Whether rows are answers of annotators, several to a text."""
    where: str = ""
    """A condition on the rows to select; empty for all."""


def roles(found: Profile, wished: Wished, task: str = "") -> Roles:
    """UserError where no column can be the text, or where a wished one is not there. A label may be missing."""
    columns = {role: _wished(found, name) for role, name in wished.items()}
    columns |= _texts(found, columns, task)
    columns |= _one("label", _labels, found, columns)
    columns |= _one("id", ids, found, columns)
    columns |= _one("group", groups, found, columns)
    task = task or ("text-pair" if "text_pair" in columns else "text-classification")
    require(TASKS.get(task).inputs, columns, found)
    hashed = next((one for one in found.columns if one.name == "id" and _is_hashed(one) and "id" not in columns), None)
    annotator = _annotator(found, columns["text"])
    if annotator and "id" not in wished:
        # An answer of its own id would fall into a split of its own.
        columns.pop("id", None)
    notes = {role: noted(role, column, asked=role in wished) for role, column in columns.items()}
    if hashed:
        notes["id"] = HASHED_IDS
    if annotator:
        notes["annotator"] = (
            f'annotator: column "{clipped(annotator.name, 60)}", {plural(annotator.distinct, "different value")}; '
            f"{columns['text'].distinct:,} texts have {found.rows:,} answers, so the text tells items apart"
        )
    return Roles(task, columns, notes, answers=annotator is not None)


def require(roles: Iterable[str], columns: Mapping[str, Column], found: Profile) -> None:
    """UserError for the first role that no column has."""
    for role in roles:
        if role not in columns:
            raise _nothing(role, found)


def _annotator(found: Profile, text: Column) -> Column | None:
    """Who answered, where texts have several answers."""
    named = (column for column in found.columns if column.name.lower() in ANNOTATOR_NAMES and column.filled)
    return next(named, None) if text.distinct < text.filled else None


def _is_hashed(column: Column) -> bool:
    return column.filled == column.rows and bool(column.values.str.contains(HASHED).all())


def _wished(found: Profile, name: str) -> Column:
    column = found.named(name)
    if column is None:
        names = [column.name for column in found.columns]
        what = f'there is no column "{clipped(name, 60)}"{nearest(name, names)} that can be taken as text'
        raise UserError(what, do=f"Columns: {_names(names)}.")
    return column


def _one(
    role: str, candidates: "Callable[[list[Column]], Iterable[Column]]", found: Profile, taken: Mapping[str, Column]
) -> dict[str, Column]:
    """The first candidate that no other role has."""
    if role in taken:
        return {}
    used = {column.name for column in taken.values()}
    first = next(iter(candidates([column for column in found.columns if column.name not in used])), None)
    return {role: first} if first else {}


def _texts(found: Profile, taken: Mapping[str, Column], task: str) -> dict[str, Column]:
    by_name = {column.name.lower(): column for column in found.columns if not column.number}
    pair = next((pair for pair in PAIRS if all(name in by_name for name in pair)), None)
    if pair and "text" not in taken and task in ("", "text-pair") and "text-pair" in TASKS.names():
        return {"text": by_name[pair[0]], "text_pair": by_name[pair[1]]}
    return _one("text", text_columns, found, taken)


def text_columns(columns: list[Column]) -> list[Column]:
    """Those that read as text, best first; where none does, any words."""
    words = [column for column in columns if not column.number and column.distinct > 1 and not _is_other(column)]
    reading = [column for column in words if column.spaces > 0.2] or [
        column for column in words if column.distinct > column.filled / 2
    ]
    return sorted(reading, key=lambda column: (rank(column, TEXT_NAMES) == len(TEXT_NAMES), -column.length))


def _labels(columns: list[Column]) -> list[Column]:
    return sorted(filter(can_label, columns), key=lambda column: (rank(column, LABEL_NAMES), column.distinct))


def can_label(column: Column) -> bool:
    """Few values, repeated. A column without a telling name must repeat them often."""
    repeats = 2 if column.rows < 50 or rank(column, LABEL_NAMES) < len(LABEL_NAMES) else 10
    few = 2 <= column.distinct <= MOST_LABELS and column.distinct < column.filled
    often = column.distinct * repeats <= column.filled or column.distinct == 2
    names = NO_LABEL_NAMES | ANNOTATOR_NAMES
    return few and often and column.length <= LONGEST_LABEL and column.name.lower() not in names


def ids(columns: list[Column]) -> list[Column]:
    """Row numbers without an id's name do not count: they change when a row is put in between."""
    named = [column for column in columns if column.name.lower() not in NO_LABEL_NAMES and not _is_hashed(column)]
    unique = [column for column in named if column.unique and column.spaces == 0]
    called = [column for column in unique if ID_NAME.search(column.name)]
    return called or [column for column in unique if not column.number and _codes(column)]


def groups(columns: list[Column]) -> list[Column]:
    full = [column for column in columns if column.filled == column.rows]
    repeated = [column for column in full if FEWEST_GROUPS <= column.distinct < column.rows]
    named = [column for column in repeated if rank(column, GROUP_NAMES) < len(GROUP_NAMES)]
    return sorted(named, key=lambda column: rank(column, GROUP_NAMES))


def rank(column: Column, names: Sequence[str]) -> int:
    """The place of a column's name, or of the field's own, among the usual ones; their number where it has none."""
    name = column.name.lower()
    last = name.rsplit(".", 1)[-1]
    return min((names.index(one) for one in (name, last) if one in names), default=len(names))


def _is_other(column: Column) -> bool:
    """Whether most values are links, or times."""
    some = column.values.drop_nulls().head(100)
    return some.str.contains(rf"^https?://\S+$|{TIME}").sum() * 2 > len(some)


def _codes(column: Column) -> bool:
    return all(CODE.fullmatch(value) for value in column.values.head(100))


def noted(role: str, column: Column, *, asked: bool = False) -> str:
    """The evidence for a choice, as a comment."""
    called = f'"{clipped(column.name, 60)}"' + (" (as asked)" if asked else "")
    values = plural(column.distinct, "different value")
    blank = f"; {plural(column.rows - column.filled, 'row')} without one" if column.filled < column.rows else ""
    facts = {
        "text": f"{values} of {column.length:.0f} characters on average{blank}",
        "text_pair": f"{values} of {column.length:.0f} characters on average{blank}",
        "label": f"{values}: {counted(column)}{blank}",
        "id": f"different in all {column.rows:,} rows",
        "group": f"{values} in {plural(column.rows, 'row')}, so that rows belong together",
    }
    return f"{role}: column {called}, {facts[role]}"


def _nothing(role: str, found: Profile) -> UserError:
    why = {
        "text": "no column can be the text: none holds words that differ from row to row",
        "text_pair": "no column can be the second text by its name",
        "label": f"no column can be the label: none holds 2 to {MOST_LABELS} short values that repeat",
    }[role]
    flag = f"--{role.replace('_', '-')} COLUMN"
    do = f"Say which one with `bench card infer` and {flag}, or add it to the data."
    answers = any(column.name.lower() in ANNOTATOR_NAMES for column in found.columns)
    more = {"label": f" {UNLABELLED}", "text": f" {ELSEWHERE}" if answers else ""}.get(role, "")
    return UserError(f"{why} ({plural(found.rows, 'row')} looked at)", do=f"{do} {columns_told(found)}{more}")


def columns_told(found: Profile) -> str:
    """What columns there are, for an error."""
    shown = [f"{clipped(column.name, 40)} ({column.distinct:,} different)" for column in found.columns[:20]]
    shown += [f"{clipped(column.name, 40)} ({column.holds})" for column in found.unfit[:20]]
    return f"Columns: {', '.join(shown) or 'none'}."


def _names(names: Iterable[str]) -> str:
    shown = [clipped(name, 40) for name in names]
    return ", ".join(shown[:20]) + (", ..." if len(shown) > 20 else "")
