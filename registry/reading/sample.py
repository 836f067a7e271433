"""The first part of source files, for looks at the data that need not see all of it.

Owns where a file may be cut: between rows, never inside one. A file that cannot be cut is taken whole.
"""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.card import SourceSpec
from registry.reading.encodings import is_choice
from registry.reading.formats import codec_name, is_compressed
from registry.source import RawFile

BYTES = 16 << 20
"""A source above this is looked at in part."""

WIDE = ("utf-16", "utf-32")
"""Encodings in which a line feed is not one byte."""


class Sample(NamedTuple):
    """Files to read instead of a source's own, and the share of its bytes that they hold."""

    files: tuple[RawFile, ...]
    share: float

    @property
    def whole(self) -> bool:
        return self.share >= 1


def sampled(files: tuple[RawFile, ...], spec: SourceSpec, folder: Path, limit: int = BYTES) -> Sample:
    """The first `limit` bytes of a source in whole rows; copies are made in `folder`, which the caller removes.

    Archives and compressed files are taken whole: what they hold is limited when they are unpacked.
    """
    sizes = [file.path.stat().st_size for file in files]
    if spec.path or sum(sizes) <= limit or any(is_compressed(file.name) for file in files):
        return Sample(files, 1.0)
    taken: list[RawFile] = []
    left, seen = limit, 0
    for file, size in zip(files, sizes, strict=True):
        if left <= 0:
            break
        part = file if size <= left else _cut(file, spec, folder / str(len(taken)), left)
        taken.append(part)
        used = part.path.stat().st_size
        left, seen = left - used, seen + (size if part is file else min(used, size - 1))
    return Sample(tuple(taken), seen / sum(sizes))


def _cut(file: RawFile, spec: SourceSpec, copy: Path, limit: int) -> RawFile:
    if spec.reader_kind == "parquet":
        return _rows(file, copy, limit)
    quote = getattr(spec.reader, "quote", None)
    wide = is_choice(spec.encoding) or codec_name(str(spec.encoding)).startswith(WIDE)
    if wide or spec.reader_kind not in ("csv", "jsonl", "text"):
        return file
    head = first_rows(file.path, limit, quote)
    if not head:
        return file
    copy.write_bytes(head)
    return file._replace(path=copy)


def first_rows(path: Path, limit: int, quote: str | None) -> bytes:
    """The beginning of a text file up to the end of a row: a line end outside quotes. Empty where there is none."""
    with path.open("rb") as file:
        head = file.read(limit)
    end = len(head) if len(head) < limit else head.rfind(b"\n") + 1
    mark = quote.encode() if quote else b""
    open_quotes = head.count(mark, 0, end) % 2 if mark else 0
    while end and open_quotes:
        before = head.rfind(b"\n", 0, end - 1) + 1
        open_quotes = (open_quotes + head.count(mark, before, end)) % 2
        end = before
    return head[:end]


def _rows(file: RawFile, copy: Path, limit: int) -> RawFile:
    """As many rows of a Parquet file as fit into `limit` bytes, were all rows of one size."""
    size = file.path.stat().st_size
    try:
        with file.path.open("rb") as opened:
            scan = pl.scan_parquet(opened)
            rows = scan.select(pl.len()).collect().item()
            opened.seek(0)
            pl.read_parquet(opened, n_rows=max(1, rows * limit // size)).write_parquet(copy)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return file  # the reader says what is wrong with it
    return file._replace(path=copy)
