"""A table of answers, one row for each item and annotator: what depends on what shows that it is one."""

import re
from collections.abc import Sequence

import polars as pl

from registry.errors import clipped
from registry.infer.ballot import Ballot
from registry.infer.profile import Column, ListColumn, Profile
from registry.infer.roles import ANNOTATOR_NAMES, LABEL_NAMES, LONGEST_LABEL, NO_LABEL_NAMES, TIME, Roles, rank

VALUES = (*LABEL_NAMES, *"vote answer choice response judgment judgement".split())
SINGLE = 0.8
"""Of the answers, the share that must be the only one of its annotator on its item: several questions repeat more."""

ITEMS = re.compile(
    r"(.*[\W_])?(item|task|post|doc|document|text|sentence|comment|tweet|id)s?([ _-]?(id|key|nr|no))?", re.IGNORECASE
)
TIMES = frozenset(
    "at time timestamp date datetime when answered answered_at created_at updated_at submitted_at annotated_at".split()
)


def in_rows(found: Profile, roles: Roles) -> Ballot | None:
    """Where an item repeats with one text, and several people answered it."""
    texts = [roles.columns[role] for role in ("text", "text_pair") if role in roles.columns]
    columns = [column for column in found.columns if column not in texts and not column.is_inside]
    several = any(one.name == "question" and one.distinct > 1 for one in columns)
    if several or any(one.name == "labels" and _is_several(one) for one in found.lists):
        return None  # answers to several questions, or of several labels
    who = next((one for one in columns if one.name.lower() in ANNOTATOR_NAMES and one.filled), None)
    item = _item(columns, texts, who) if who else None
    if who is None or item is None:
        return None
    time = next((one for one in columns if one is not item and _is_time(one)), None)
    value = _value([one for one in columns if one not in (who, item, time)], item)
    if value is None:
        return None
    people = pl.DataFrame([item.values.alias("id"), who.values.alias("who"), value.values.alias("vote")]).drop_nulls()
    answers = people.height
    people = people.unique(["id", "who"], keep="last", maintain_order=True)
    if people.height < SINGLE * answers or not people["id"].is_duplicated().any():
        return None
    used = {"item": item, "value": value, "annotator": who, **({"time": time} if time else {})}
    why = (
        f'column "{clipped(who.name, 60)}" names {who.distinct:,} people, who answered '
        f'{item.distinct:,} items of column "{clipped(item.name, 60)}" in {found.rows:,} rows'
    )
    places = {key: column.name for key, column in used.items()}
    names = {column.name: column.sql for column in used.values()}
    given = people.select("id", pl.col("vote").str.strip_chars())
    return Ballot(places, given, why, names, item)


def _item(columns: Sequence[Column], texts: Sequence[Column], who: Column) -> Column | None:
    """A column that repeats, is filled in all rows, and has one text for each of its values."""
    filled = [one for one in columns if one.filled == one.rows and one.name != who.name]
    repeated = [one for one in filled if texts[0].distinct <= one.distinct < one.rows]
    keys = [one for one in repeated if all(is_fixed(text, one) for text in texts)]
    named = [one for one in keys if ITEMS.fullmatch(one.name)]
    return next(iter(named or [one for one in keys if one.distinct == texts[0].distinct]), None)


def _value(columns: Sequence[Column], item: Column) -> Column | None:
    """What was answered: by a usual name, rather than one that is the same in all rows of an item."""

    def likely(column: Column) -> tuple[bool, bool, int, int]:
        place = rank(column, VALUES)
        return place == len(VALUES), is_fixed(column, item), place, column.distinct

    fit = [one for one in columns if _answers(one) and one.name.lower() not in NO_LABEL_NAMES]
    return min(fit, key=likely, default=None)


def _is_time(column: Column) -> bool:
    """Whether later values come after earlier ones, as numbers or as text."""
    sorts = column.number or column.values.drop_nulls().str.contains(TIME).all()
    return column.name.lower() in TIMES and column.filled > 0 and sorts


def _is_several(lists: ListColumn) -> bool:
    return bool((lists.values.list.len() > 1).any())


def is_fixed(column: Column, item: Column) -> bool:
    """Whether all rows of one item have the same value."""
    pairs = pl.DataFrame([item.values.alias("item"), column.values.alias("value")])
    return pairs.unique().height == item.values.n_unique()


def _answers(column: Column) -> bool:
    return 2 <= column.distinct <= 500 and column.distinct * 2 <= column.filled and column.length <= LONGEST_LABEL
