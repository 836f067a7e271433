"""A source's raw files to one table: members taken out of archives, files unpacked, decoded and read.

Owns what a source may hold: files of one shape, in order of name. A single compressed file, such as x.csv.gz,
counts as the file inside it wherever it lies.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.card import SourceSpec
from registry.errors import UserError, clipped
from registry.reading.archives import extract
from registry.reading.encodings import chosen
from registry.reading.formats import is_compressed
from registry.source import RawFile


class Table(NamedTuple):
    """The rows of all files. `encodings` counts files by the encoding they were read with."""

    frame: pl.DataFrame
    encodings: dict[str, int]


def read_table(spec: SourceSpec, files: tuple[RawFile, ...], home: Path) -> Table:
    """One table of all members of all files. UserError where a file cannot be read, or has other columns."""
    members = opened(spec, files, home)
    encodings = [chosen(member.path, spec.encoding) for member in members]
    frames = [_read(spec, *one) for one in zip(members, encodings, strict=True)]
    try:
        frame = pl.concat(frames, how="vertical", rechunk=True)
    except (pl.exceptions.SchemaError, pl.exceptions.ShapeError) as error:
        names = ", ".join(clipped(member.name) for member in members[:3])
        raise UserError(f"the files of one source must have the same columns: {error}", where=names) from error
    return Table(frame, dict(sorted(Counter(encodings).items())))


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
