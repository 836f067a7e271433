"""A source's raw files to one table: members taken out of archives, files unpacked, decoded and read.

Owns what a source may hold: files of one shape, in order of name. A single compressed file, such as x.csv.gz,
counts as the file inside it wherever it lies.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.card import SourceSpec
from registry.errors import UserError, clipped
from registry.pipeline.parts import Parts, gathered, in_memory
from registry.reader import Streamed, UnevenError
from registry.reading.archives import extract
from registry.reading.encodings import chosen
from registry.reading.formats import is_compressed
from registry.source import RawFile

Types = dict[str, pl.DataType]
SHOWN = 12
"""Columns that an error names."""


class Table(NamedTuple):
    """The rows of all files. `encodings` counts files by the encoding they were read with."""

    frame: pl.DataFrame
    encodings: dict[str, int]


def read_table(spec: SourceSpec, files: tuple[RawFile, ...], home: Path) -> Table:
    """One table of all members of all files. UserError where a file cannot be read, or has other columns."""
    members = opened(spec, files, home)
    encodings = [chosen(member.path, spec.encoding) for member in members]
    frames = [_read(spec, *one) for one in zip(members, encodings, strict=True)]
    first = frames[0].schema
    try:
        frame = pl.concat(frames, how="vertical", rechunk=True)
    except (pl.exceptions.SchemaError, pl.exceptions.ShapeError):
        other = next(place for place, one in enumerate(frames) if list(one.schema.items()) != list(first.items()))
        raise _differs(members[other], frames[other], members[0], frames[0]) from None
    return Table(frame, dict(sorted(Counter(encodings).items())))


class PartedTable(NamedTuple):
    """A table of which not all rows need to be in memory."""

    parts: Parts
    rows: int
    encodings: dict[str, int]


def read_parts(spec: SourceSpec, files: tuple[RawFile, ...], home: Path, scratch: Path) -> PartedTable:
    """As `read_table`; a large file of a format that can be read in parts is, and its parts lie in `scratch`."""
    if isinstance(spec.reader, Streamed) and not spec.file_column:
        members = opened(spec, files, home)
        encodings = [chosen(member.path, spec.encoding) for member in members]
        try:
            parts = _in_parts(spec.reader, members, encodings, scratch)
            return PartedTable(parts, sum(parts.heights), dict(sorted(Counter(encodings).items())))
        except UnevenError:
            pass  # reading it whole knows how to mend it, or says what is wrong
    whole = read_table(spec, files, home)
    return PartedTable(in_memory(whole.frame), whole.frame.height, whole.encodings)


def _in_parts(reader: Streamed, members: list[RawFile], encodings: list[str], scratch: Path) -> Parts:
    """The parts of all files. UnevenError where there are none, or where files have different columns."""
    schemas = [Types() for _ in members]

    def frames() -> Iterator[pl.DataFrame]:
        for member, encoding, types in zip(members, encodings, schemas, strict=True):
            for part in reader.parts(member.path, encoding):
                _widen(types, part.schema)
                yield part

    folder = scratch / "read"
    folder.mkdir()
    parts = gathered(frames(), folder)
    if not parts.held or any(list(one.items()) != list(schemas[0].items()) for one in schemas):
        raise UnevenError
    even = all(list(one.items()) == list(schemas[0].items()) for one in parts.schemas())
    return parts if even else replace(parts, types=schemas[0])


def _widen(types: Types, schema: pl.Schema) -> None:
    """Take up the columns of a part: one that it lacks, or has no value of, is null there."""
    for name, dtype in schema.items():
        types[name] = _wider(types.get(name, pl.Null()), dtype)


def _wider(one: pl.DataType, other: pl.DataType) -> pl.DataType:
    """The type that holds values of both. UnevenError where only text would."""
    if other in (one, pl.Null()):
        return one
    if one == pl.Null:
        return other
    raise UnevenError


def _differs(member: RawFile, frame: pl.DataFrame, first: RawFile, whole: pl.DataFrame) -> UserError:
    """Says which file has other columns than the first, and which: their names, or their types where names agree."""
    is_typed = frame.columns == whole.columns

    def shown(table: pl.DataFrame) -> str:
        named = [clipped(name, 40) + (f" {dtype}" if is_typed else "") for name, dtype in table.schema.items()]
        return ", ".join(named[:SHOWN]) + (", ..." if len(named) > SHOWN else "")

    what = f"has the columns {shown(frame)}; the first file, {clipped(first.name)}, has {shown(whole)}"
    do = "The files of one source must have the same columns: make it a source of its own, and join both in `select:`."
    return UserError(what, where=clipped(member.name), do=do)


def opened(spec: SourceSpec, files: tuple[RawFile, ...], home: Path) -> list[RawFile]:
    """The files that are read, in the order of their rows: members taken out of archives, compressed files unpacked."""
    return [member for file in files for member in _members(spec, file, home)]


def _members(spec: SourceSpec, file: RawFile, home: Path) -> Iterator[RawFile]:
    for member in extract(file, spec.path, home) if spec.path else (file,):
        if is_compressed(member.name):
            yield from (inner._replace(name=member.name) for inner in extract(member, "*", home))
        else:
            yield member


def _read(spec: SourceSpec, member: RawFile, encoding: str) -> pl.DataFrame:
    frame: pl.DataFrame = spec.reader.read(member.path, encoding)
    if spec.file_column is None:
        return frame
    if spec.file_column in frame.columns:
        what = f"`file_column: {spec.file_column}` is also a column of the data"
        raise UserError(what, where=clipped(member.name), do="Name the file column otherwise.")
    return frame.with_columns(pl.lit(member.name).alias(spec.file_column))
