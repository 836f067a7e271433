"""Delimited text: CSV, TSV and their kin.

Types are declared, never inferred: without `columns` all is text, because a guess loses the zeros of 007.
An empty field is empty text, or a missing value in a column of another type. A blank line is no row, unless
there is only one column. Arrow parses, because it refuses ragged rows and knows that a quote inside an
unquoted field is only a quote; polars would pad the one and merge rows over the other.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, Self

import polars as pl
from pydantic import Field, field_serializer, field_validator, model_validator

from registry.errors import UserError, clipped, nearest, plural
from registry.frozen import Frozen
from registry.reading.formats import utf8

ColumnType = Literal["text", "integer", "number", "boolean"]
BLOCK = 8 << 20
LARGEST_BLOCK = 2**31 - 1
END = "\0end of file\0"


class Csv(Frozen):
    """A file of rows with the same number of fields."""

    version: ClassVar[int] = 1
    delimiter: str = Field(default=",", description="one character between fields")
    quote: str | None = Field(default='"', description="the character around a field; none: no quoting")
    header: bool = Field(default=True, description="the first row names the columns")
    columns: dict[str, ColumnType] | None = Field(
        default=None, description="types by name; without a header also the names, in order"
    )

    @field_validator("delimiter", "quote")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        if value is not None and (len(value) != 1 or not value.isascii() or value in "\r\n\0"):
            raise ValueError('must be one ASCII character; a tab is "\\t" in double quotes')
        return value

    @field_validator("quote", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return None if value == "none" else value

    @field_validator("columns", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        return dict(value) if isinstance(value, list) and all(_is_pair(item) for item in value) else value

    @field_serializer("columns")
    def _in_order(self, columns: dict[str, str] | None) -> list[list[str]] | None:
        """Pairs, because canonical JSON sorts mappings and here the order is the meaning."""
        return None if columns is None else [[name, kind] for name, kind in columns.items()]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.delimiter == self.quote:
            raise ValueError("delimiter and quote must differ")
        if not self.header and not self.columns:
            raise ValueError("header: false needs `columns`, which name the columns in order")
        return self

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All rows in order. UserError names the line that has too many or too few fields, or a bad value."""
        with utf8(path, encoding) as text:
            source = _Source(self, text, path)
            names = source.names()
            frame = source.parse(names)
            if self.header:
                frame = frame.slice(1)
            return frame.with_columns(
                source.typed(frame[name], kind, len(names))
                for name, kind in (self.columns or {}).items()
                if kind != "text"
            )

    def line(self, path: Path, encoding: str, row: int) -> int | None:
        """Reads the file again, slowly: only people who ask need it."""
        with utf8(path, encoding) as text:
            source = _Source(self, text, path)
            return source.line(row + self.header, len(source.names()))


class _Record(NamedTuple):
    line: int
    fields: list[str]


class _Source(NamedTuple):
    """One file under one dialect. `text` is read, `path` is what the user calls it."""

    dialect: Csv
    text: Path
    path: Path

    def names(self) -> list[str]:
        """The columns, from the header or the card."""
        if not self.text.stat().st_size:
            raise UserError("is empty", where=str(self.path), do="Check the source; a table needs a row.")
        if not self.dialect.header:
            return list(self.dialect.columns or {})
        first = next(self.records(width=1), _Record(1, [""]))
        if first.fields == [""]:
            do = "Begin the file with the names of its columns, or set `header: false` and `columns`."
            raise UserError("has no header that can be read", where=self.at(1), do=do)
        doubled = sorted(name for name, times in Counter(first.fields).items() if times > 1)
        if doubled:
            what = f'the header names "{clipped(doubled[0])}" more than once'
            raise UserError(what, where=self.at(first.line), do="Rename it, or set `header: false` and `columns`.")
        self._refuse_unknown(first)
        return first.fields

    def _refuse_unknown(self, header: _Record) -> None:
        for name in self.dialect.columns or {}:
            if name not in header.fields:
                there = ", ".join(clipped(field, 40) for field in header.fields[:20])
                what = f'has no column "{name}"{nearest(name, header.fields)}'
                raise UserError(what, where=self.at(header.line), do=f"Its header has: {there}.")

    def parse(self, names: Sequence[str]) -> pl.DataFrame:
        """Every row as text, the header too."""
        import pyarrow as pa

        size = self.text.stat().st_size
        self._refuse_stray_quotes()
        try:
            frame = self._arrow(names, BLOCK)
        except pa.ArrowInvalid as error:
            self._refuse_ragged(len(names))
            if size < BLOCK:
                raise UserError(f"cannot be read: {clipped(str(error))}", where=str(self.path)) from None
            frame = self._arrow(names, min(size * 2, LARGEST_BLOCK))  # a row longer than a block
        if frame.row(-1) != (END,) * len(names):
            raise self._unclosed(self.line(frame.height - 1, len(names)))
        return frame.head(-1)

    def _arrow(self, names: Sequence[str], block: int) -> pl.DataFrame:
        import pyarrow as pa
        import pyarrow.csv

        quote = self.dialect.quote
        end = self.dialect.delimiter.join([END] * len(names)) + "\n"
        data = self.text.read_bytes()
        # One more row, which comes out whole unless a quote before it was never closed. Arrow reads from memory: its
        # threads outlive an error, and one that holds a Python file aborts the process at exit.
        whole = pa.py_buffer(data + (b"" if data.endswith((b"\r", b"\n")) else b"\n") + end.encode())
        table = pa.csv.read_csv(
            pa.BufferReader(whole),
            read_options=pa.csv.ReadOptions(column_names=list(names), block_size=block),
            parse_options=pa.csv.ParseOptions(
                delimiter=self.dialect.delimiter,
                quote_char=quote or False,
                newlines_in_values=quote is not None,
                ignore_empty_lines=len(names) > 1,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
        return pl.DataFrame(table)

    def _refuse_ragged(self, width: int) -> None:
        for record in self.records(width):
            if len(record.fields) != width:
                what = f"has {plural(len(record.fields), 'field')}, but {width} are named"
                do = "Quote fields that hold the delimiter, or check `delimiter`, `quote` and `columns`."
                raise UserError(what, where=self.at(record.line), do=do)

    def _refuse_stray_quotes(self) -> None:
        """A quote in a quoted field must be doubled or end it; Arrow would run on into the rows that follow."""
        quote = self.dialect.quote
        if quote is None or quote.encode() not in self.text.read_bytes():
            return
        with self.text.open(encoding="utf-8-sig", newline="") as file:
            reader, begins = csv.reader(file, delimiter=self.dialect.delimiter, quotechar=quote, strict=True), 1
            try:
                for _ in reader:
                    begins = reader.line_num + 1
            except csv.Error as error:
                if "expected after" in str(error):
                    what = f"the {quote} in line {reader.line_num} neither ends its field nor is doubled"
                    do = f"Double it, check `delimiter`, or set `quote: none` where {quote} is an ordinary character."
                    raise UserError(what, where=self.at(begins), do=do) from None
                if "unexpected end" in str(error):
                    raise self._unclosed(begins) from None

    def _unclosed(self, line: int | None) -> UserError:
        do = f"Close it, or set `quote: none` where {self.dialect.quote} is an ordinary character."
        return UserError("a quoted field is never closed", where=self.at(line), do=do)

    def typed(self, raw: pl.Series, kind: ColumnType, width: int) -> pl.Series:
        """A column of the declared type; empty fields are missing."""
        value = raw.str.strip_chars()
        cast = _CASTS[kind](value)
        bad = (cast.is_null() & (value != "")).arg_true()
        if len(bad):
            row = bad[0] + self.dialect.header
            what = f'column "{clipped(raw.name)}": "{clipped(raw[bad[0]], 60)}" is no {kind}'
            do = f"{plural(len(bad), 'value')} of this column cannot be read so; text keeps them."
            raise UserError(what, where=self.at(self.line(row, width)), do=do)
        return cast

    def line(self, row: int, width: int) -> int | None:
        """The line on which a row starts, found by reading again: only errors need it."""
        return next((record.line for index, record in enumerate(self.records(width)) if index == row), None)

    def at(self, line: int | None) -> str:
        return f"{self.path}:{line}" if line else str(self.path)

    def records(self, width: int) -> Iterator[_Record]:
        """Rows as Python's own parser sees them, with the lines on which they start. Slow."""
        quoting: Any = csv.QUOTE_NONE if self.dialect.quote is None else csv.QUOTE_MINIMAL
        with self.text.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=self.dialect.delimiter, quotechar=self.dialect.quote, quoting=quoting)
            line = 1
            try:
                for fields in reader:
                    if fields or width == 1:
                        yield _Record(line, fields or [""])
                    line = reader.line_num + 1
            except csv.Error:
                return  # a field above Python's limit: the error is then told without its line


def _is_pair(item: object) -> bool:
    return isinstance(item, list | tuple) and len(item) == 2


def _integer(raw: pl.Series) -> pl.Series:
    return raw.cast(pl.Int64, strict=False)


def _number(raw: pl.Series) -> pl.Series:
    """Finite numbers: one "nan" would make every mean a nan."""
    cast = raw.cast(pl.Float64, strict=False)
    return cast.set(~cast.is_finite(), None)


def _boolean(raw: pl.Series) -> pl.Series:
    words = {"true": True, "false": False, "1": True, "0": False}
    return raw.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)


_CASTS = {"integer": _integer, "number": _number, "boolean": _boolean}
