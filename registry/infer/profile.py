"""What a table holds, column by column: the counts on which all guesses rest. Guesses nothing itself."""

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import polars as pl

from registry.errors import clipped
from registry.select import BARE
from registry.sqltree import parser

MOST_DEEP = 8
"""Objects inside objects are followed this far."""

MISSING = frozenset("n/a na nan null none nil - -- ? . #n/a undefined 无 空".split())
"""What people and programs write where a value is missing, in small letters."""

MOST_COLUMNS = 2_000


class Column(NamedTuple):
    """One column, or one field inside a column of objects. Values are counted as the text that they become."""

    name: str
    sql: str
    """How `select:` calls it."""
    values: pl.Series
    """As text, blanks as null."""
    rows: int
    filled: int
    """Rows that are neither null nor blank."""
    distinct: int
    """Different values among the filled ones."""
    length: float
    """Mean characters of the different values."""
    spaces: float
    """Share of the different values with white space inside, or longer than a word: they read as text."""
    number: bool

    @property
    def unique(self) -> bool:
        return self.filled == self.rows == self.distinct and self.rows > 0

    @property
    def is_inside(self) -> bool:
        """Whether it is a field of a column of objects."""
        return self.sql.startswith("struct_extract(")


class ListColumn(NamedTuple):
    """A column of lists of texts or numbers."""

    name: str
    sql: str
    values: pl.Series


class Unfit(NamedTuple):
    """A column that cannot be taken as text, and why."""

    name: str
    holds: str
    sql: str
    """How `select:` calls it; empty where it cannot."""
    values: pl.Series


class Profile(NamedTuple):
    rows: int
    columns: tuple[Column, ...]
    unfit: tuple[Unfit, ...]
    lists: tuple[ListColumn, ...] = ()
    """Those of the unfit ones that may hold votes."""

    def named(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def without(self, one: Column | None) -> "Profile":
        return self._replace(columns=tuple(column for column in self.columns if column is not one))


def profiled(frame: pl.DataFrame, table: str) -> Profile:
    """Every column of a table; objects are taken apart, lists, bytes and what SQL cannot name set aside."""
    columns, unfit, lists = [], [], []
    seen: set[str] = {"rowid"}
    for name, sql, values in _leaves(frame, table):
        if name.lower() in seen:
            unfit.append(Unfit(name, "a name that SQL cannot tell from another", "", values))
        elif values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object):
            holds = "lists" if isinstance(values.dtype, pl.List | pl.Array) else str(values.dtype)
            unfit.append(Unfit(name, holds, sql, values))
            if isinstance(values.dtype, pl.List) and (
                values.dtype.inner == pl.String or values.dtype.inner.is_numeric()
            ):
                lists.append(ListColumn(name, sql, values))
        else:
            columns.append(_column(name, sql, values))
        seen.add(name.lower())
    return Profile(frame.height, tuple(columns), tuple(unfit), tuple(lists))


def with_folder(found: Profile, file_column: str) -> Profile:
    """With one column more: the folder in which the file of each row lies, by the names in `file_column`."""
    files = found.named(file_column)
    depth = 0 if files is None else min(name.count("/") for name in files.values)
    if files is None or not depth:
        return found
    folder = files.values.str.split("/").list.get(depth - 1)
    column = _column("folder", f"split_part({files.sql}, '/', {depth})", folder)
    return found._replace(columns=(*found.columns, column))


def identifier(name: str, table: str = "") -> str:
    """A column's name as SQL takes it: bare where it is a plain word of no meaning, else in double quotes."""
    if re.fullmatch("[a-z_][a-z0-9_]*", name) and name not in reserved():
        return name
    quoted = '"' + name.replace('"', '""') + '"'
    # `user` and its like could mean the session's own.
    return f"{table}.{quoted}" if table and name.lower() in BARE else quoted


def literal(text: str) -> str:
    """A string as SQL takes it."""
    return "'" + text.replace("'", "''") + "'"


@cache
def reserved() -> frozenset[str]:
    """Words that mean something of their own in SQL."""
    words = parser().sql("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'")
    return BARE | {word for (word,) in words.fetchall()}


def _leaves(frame: pl.DataFrame, table: str) -> Iterator[tuple[str, str, pl.Series]]:
    for name in frame.columns[:MOST_COLUMNS]:
        yield from _inside(name, identifier(name, table), frame[name], MOST_DEEP)


def _inside(name: str, sql: str, values: pl.Series, deep: int) -> Iterator[tuple[str, str, pl.Series]]:
    if not isinstance(values.dtype, pl.Struct) or not deep:
        yield name, sql, values
        return
    for field in values.dtype.fields:
        inner = values.struct.field(field.name)
        yield from _inside(f"{name}.{field.name}", f"struct_extract({sql}, {literal(field.name)})", inner, deep - 1)


def _column(name: str, sql: str, values: pl.Series) -> Column:
    text = values.cast(pl.String)
    text = text.set(text.str.strip_chars() == "", None)
    different = text.drop_nulls().unique()
    lengths = different.str.len_chars()
    wordy = different.str.strip_chars().str.contains(r"\s") | (lengths > 20)
    return Column(
        name=name,
        sql=sql,
        values=text,
        rows=len(text),
        filled=len(text) - text.null_count(),
        distinct=len(different),
        length=int(lengths.sum()) / max(1, len(different)),
        spaces=int(wordy.sum()) / max(1, len(different)),
        number=len(different) > 0 and different.cast(pl.Float64, strict=False).null_count() == 0,
    )


def by_value(label: str) -> tuple[float, str]:
    """A key that puts numbers in order of value, before all words."""
    number = re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", label)
    return (float(label) if number else math.inf, label)


def counted(column: Column, most: int = 8) -> str:
    """The commonest values with their counts, for a comment."""
    counts = column.values.drop_nulls().alias("value").value_counts(name="rows")
    counts = counts.sort("rows", "value", descending=[True, False])
    shown = ", ".join(f"{clipped(value, 30)} ({count:,})" for value, count in counts.head(most).rows())
    return shown + (", ..." if counts.height > most else "")
