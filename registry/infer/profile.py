"""What a table holds, column by column: the counts on which all guesses rest. Guesses nothing itself."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from registry.errors import clipped

MOST_DEEP = 8
"""Objects inside objects are followed this far."""

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


class Unfit(NamedTuple):
    """A column that cannot be taken as text, and why."""

    name: str
    holds: str


class Profile(NamedTuple):
    rows: int
    columns: tuple[Column, ...]
    unfit: tuple[Unfit, ...]

    def named(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


def profiled(frame: pl.DataFrame) -> Profile:
    """Every column of a table; objects are taken apart, lists and bytes set aside."""
    columns, unfit = [], []
    for name, sql, values in _leaves(frame):
        if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object):
            unfit.append(Unfit(name, "lists" if values.dtype in (pl.List, pl.Array) else f"{values.dtype}"))
        else:
            columns.append(_column(name, sql, values))
    return Profile(frame.height, tuple(columns), tuple(unfit))


def identifier(name: str) -> str:
    """A name as SQL takes it: bare where it is a plain lower-case word, else in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def _leaves(frame: pl.DataFrame) -> Iterator[tuple[str, str, pl.Series]]:
    for name in frame.columns[:MOST_COLUMNS]:
        yield from _inside(name, identifier(name), frame[name], MOST_DEEP)


def _inside(name: str, sql: str, values: pl.Series, deep: int) -> Iterator[tuple[str, str, pl.Series]]:
    if not isinstance(values.dtype, pl.Struct) or not deep:
        yield name, sql, values
        return
    for field in values.dtype.fields:
        inner = values.struct.field(field.name)
        key = field.name.replace("'", "''")
        yield from _inside(f"{name}.{field.name}", f"struct_extract({sql}, '{key}')", inner, deep - 1)


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
        length=float(lengths.mean() or 0.0),
        spaces=float(wordy.mean() or 0.0),
        number=len(different) > 0 and different.cast(pl.Float64, strict=False).null_count() == 0,
    )


def counted(column: Column, most: int = 8) -> str:
    """The commonest values with their counts, for a comment."""
    counts = column.values.drop_nulls().value_counts(sort=True, name="n").sort("n", column.values.name, descending=[True, False])
    shown = ", ".join(f"{clipped(value, 30)} ({count:,})" for value, count in counts.head(most).rows())
    return shown + (", ..." if counts.height > most else "")
