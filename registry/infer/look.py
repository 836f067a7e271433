"""Source entries of a card to tables: fetched, their format found out where it is not said, and read in part."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import polars as pl

from registry import fetching
from registry.card import SourceSpec
from registry.errors import UserError, plural
from registry.infer.archive import is_archive
from registry.infer.archive import keys_of as archive_keys
from registry.infer.draft import Draft, checked
from registry.infer.exported import keys_of as exported_keys
from registry.infer.sniff import sniffed
from registry.reading.archives import extract
from registry.reading.formats import is_compressed
from registry.reading.sample import sampled
from registry.reading.tables import read_table
from registry.source import FetchContext, RawFile

Entry = Mapping[str, Any]
"""A source as a card writes it."""


class Look(NamedTuple):
    """One source: its entry with the format that was found, the rows that were read, and what speaks for them."""

    entry: Entry
    table: pl.DataFrame
    share: float
    """Of the source's bytes that were read; 1 for all."""
    notes: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]] = {}
    """By column of numbers, what they stand for: Parquet files of Hugging Face datasets say so."""


def look(entry: Entry, context: FetchContext) -> Look:
    """UserError where the source cannot be had or read, or holds no row."""
    # The format changes nothing about fetching, but a source must have one to be typed.
    spec = _spec({"format": "text", **entry})
    fetched = fetching.fetch(spec.origin_kind, spec.origin, context)
    file = fetched.files[0]
    found = _with_format(entry, file, context)
    spec = _spec(found.entry)
    with tempfile.TemporaryDirectory(prefix="cardbench-") as scratch:
        sample = sampled(fetched.files, spec, Path(scratch))
        table = read_table(spec, sample.files, context.home).frame
    if not table.height:
        raise UserError("holds no row", where=file.name, do="Check the file; a table needs rows below its header.")
    notes = found.notes
    if not sample.whole:
        seen = plural(table.height, "row")
        notes = (f"looked at the first {seen}, {sample.share:.0%} of the bytes; counts are of those", *notes)
    names = _label_names(file.path) if spec.reader_kind == "parquet" and not spec.path else {}
    return Look(found.entry, table, sample.share, notes, names)


class _Found(NamedTuple):
    entry: Entry
    notes: tuple[str, ...]


def _with_format(entry: Entry, file: RawFile, context: FetchContext) -> _Found:
    """The entry with `path`, `format` and `encoding` as far as the first file shows them."""
    if "format" in entry:
        return _Found(entry, ())
    if set(entry) == {"local"} and (exported := exported_keys(file.path, str(entry["local"]))):
        tool = exported["annotations"]["tool"]
        return _Found(exported, (f"sources: by its shape an export of {tool}, read as its answers",))
    name = file.name
    if "path" not in entry and not is_compressed(name) and is_archive(_head(file.path)):
        entry = {**entry, **archive_keys(file, entry)}
        if "file_column" in entry:
            held = "recordings" if entry["format"] == "wav" else "texts"
            where = "" if held == "recordings" else ", each in a folder that is its label"
            return _Found(entry, (f"sources: the {held} of an archive{where}",))
    if "path" in entry:
        file = extract(file, str(entry["path"]), context.home)[0]
        name = file.name
    if is_compressed(file.name):
        file = extract(file, "*", context.home)[0]
    found = sniffed(file.path, PurePosixPath(name).name)
    return _Found({**entry, **found.keys}, found.notes)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _label_names(path: Path) -> dict[str, tuple[str, ...]]:
    """What the `datasets` library notes beside a column of class numbers."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        noted = (read_schema(path).metadata or {}).get(b"huggingface", b"{}")
        features = json.loads(noted).get("info", {}).get("features", {})
        classes = {name: told["names"] for name, told in features.items() if told.get("_type") == "ClassLabel"}
        return {name: tuple(map(str, names)) for name, names in classes.items() if isinstance(names, list)}
    except (ArrowException, OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}  # a note of somebody else's: what cannot be read says nothing


def _spec(entry: Entry) -> SourceSpec:
    """The typed source. UserError where the entry does not fit the grammar of its kind."""
    return checked(Draft("x", "x", sources={"rows": entry})).sources["rows"]
