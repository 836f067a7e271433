"""Identity: canonical JSON to sha256, hashes of columns, and the digest of published rows.

Owns what counts: values, never the bytes of a file format, pickles or the order of keys.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from registry.errors import UserError

if TYPE_CHECKING:
    import duckdb

FIELD, ROW = "\x1f", "\x1e"
"""Separators of the canonical row text; a backslash escapes them inside values."""


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the text that is hashed, and that `bench why` prints."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """sha256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known_digest(path: Path) -> str:
    """`file_digest`, remembered for a file's size and time: a process reads the same stored bytes once."""
    state = path.stat()
    return _digest_at(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4096)
def _digest_at(path: Path, size: int, modified: int) -> str:  # noqa: ARG001 - part of what is remembered
    return file_digest(path)


def checked_pin(sha256: str) -> str:
    """A pin in lower case. It becomes a file name, so nothing but 64 hexadecimal digits will do."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise UserError("sha256 must be 64 hexadecimal digits", do="Take it from `bench fetch` without a pin.")
    return sha256.lower()


def stored(path: Path, sha256: str) -> bool:
    """Whether a file is there and still holds the bytes that it was stored with."""
    if not path.is_file():
        return False
    return known_digest(path) == sha256


def hashed(values: pl.Series, salt: str, digits: int = 64) -> pl.Series:
    """The first hex digits of sha256(salt, unit separator, value) of every string. Null stays null."""
    table = pl.DataFrame({"value": values}).to_arrow()
    with _database().cursor() as connection:
        connection.register("rows", table)
        query = "SELECT left(sha256($salt || chr(31) || value), $digits) AS value FROM rows"
        found: pl.Series = connection.sql(query, params={"salt": salt, "digits": digits}).pl()["value"]
    return found


@cache
def _database() -> "duckdb.DuckDBPyConnection":
    """An empty database in memory; opening one for each part of a table would take a fifth of the time."""
    import duckdb

    return duckdb.connect()


def row_text(frame: pl.DataFrame) -> pl.Expr:
    """The canonical text of a row: its columns by name; floats at 9 significant digits; null is `\\N`."""
    parts = [_field_text(name, frame.schema[name]) for name in sorted(frame.columns)]
    return pl.concat_str(parts, separator=FIELD)


def _field_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.List):
        inner = _plain(pl.element(), dtype.inner)  # type: ignore[arg-type]
        joined = column.list.eval(inner.fill_null("\\N")).list.join(",")
        # Else no list, an empty one, and one with a single null or empty text would read alike.
        return pl.when(column.list.len() == 0).then(pl.lit("\\E")).otherwise(joined).fill_null("\\L")
    return _plain(column, dtype).fill_null("\\N")


def _plain(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_float():
        return pl.when(value.is_finite()).then(_significant(value)).otherwise(value.cast(pl.String))
    if isinstance(dtype, pl.Struct):
        fields = [_plain(value.struct.field(one.name), one.dtype) for one in dtype.fields]  # type: ignore[arg-type]
        return pl.concat_str([one.fill_null("\\N") for one in fields], separator=":")
    if dtype == pl.Binary:
        return value.map_batches(_sums, return_dtype=pl.String, is_elementwise=True)
    if dtype == pl.String:
        return value.map_batches(_escaped, return_dtype=pl.String, is_elementwise=True)
    return value.cast(pl.String)


_ESCAPES = (("\\", "\\\\"), (FIELD, "\\u"), (ROW, "\\r"), (",", "\\c"))


def _escaped(values: pl.Series) -> pl.Series:
    """Looking for a character in all values costs a tenth of replacing it, and most columns hold few of them."""
    for char, escape in _ESCAPES:
        if values.str.contains(char, literal=True).any():
            values = values.str.replace_all(char, escape, literal=True)
    return values


def _sums(values: pl.Series) -> pl.Series:
    """The sha256 of bytes, in hex."""
    sums = [None if value is None else hashlib.sha256(value).hexdigest() for value in values]
    return pl.Series(sums, dtype=pl.String)


def _significant(value: pl.Expr) -> pl.Expr:
    """9 significant digits as `mantissa`e`exponent`, in integers, so that no library's float printing matters."""
    value = pl.when(value.is_finite()).then(value.cast(pl.Float64))
    # Powers of ten near the end of the range lose digits or become zero: such values are moved away from it first.
    tiny = value.abs() < 1e-290
    value = pl.when(tiny).then(value * 1e200).otherwise(value)
    magnitude = value.abs()
    exponent = pl.when(magnitude > 0).then(magnitude.log10().floor()).otherwise(0.0).cast(pl.Int64)
    mantissa = (value / (pl.lit(10.0) ** (exponent - 8).cast(pl.Float64))).round(0)
    # 9.999999999 rounds up to ten digits: move the point.
    carries = mantissa.abs() >= 1e9
    mantissa = pl.when(carries).then(mantissa / 10).otherwise(mantissa)
    exponent = pl.when(carries).then(exponent + 1).otherwise(exponent)
    exponent = pl.when(tiny & (mantissa != 0)).then(exponent - 200).otherwise(exponent)
    return mantissa.cast(pl.Int64).cast(pl.String) + "e" + exponent.cast(pl.String)


class RowDigest:
    """The content digest of a version: sha256 over the canonical text of its rows, added in order of id.

    Each row has its `split`. What is hashed first names the columns, so that equal texts under other names are other
    contents.
    """

    def __init__(self) -> None:
        self._running = hashlib.sha256()
        self._is_empty = True

    def add(self, rows: "CanonicalRows") -> None:
        if self._is_empty and rows.text:
            self._running.update((FIELD.join(rows.columns) + ROW).encode())
            self._is_empty = False
        self._running.update(rows.text)

    def hexdigest(self) -> str:
        return self._running.hexdigest() if not self._is_empty else hashlib.sha256(ROW.encode()).hexdigest()


class CanonicalRows(NamedTuple):
    """Rows as they are hashed, and the names of their columns, sorted."""

    columns: tuple[str, ...]
    text: bytes


def canonical_rows(frame: pl.DataFrame) -> CanonicalRows:
    """The rows of a frame, in its order."""
    if not frame.height:
        return CanonicalRows((), b"")
    # Bytes from end to end: as a Python string, Chinese texts would take twice the memory.
    joined: bytes = frame.select(row_text(frame).str.join(ROW).cast(pl.Binary)).item()
    return CanonicalRows(tuple(sorted(frame.columns)), joined + ROW.encode())


_SEED = secrets.randbits(64)


def fingerprint(frame: pl.DataFrame) -> int:
    """64 bits for the rows of a frame, whatever their order: the sum of those of its parts. For this process only."""
    return int(frame.hash_rows(_SEED).to_numpy().sum(dtype="uint64")) if frame.height else 0


def content_digest(splits: Mapping[str, pl.DataFrame]) -> str:
    """The content digest of splits that are in memory."""
    frames = [frame.with_columns(split=pl.lit(name)) for name, frame in splits.items() if frame.height]
    running = RowDigest()
    if frames:
        running.add(canonical_rows(pl.concat(frames).sort("id")))
    return running.hexdigest()
