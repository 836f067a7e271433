"""JSON objects, one a line, to a table: the columns are all keys that occur, in order of first sight.

A column has one type over the whole file. Polars reads the values; Arrow must agree, because polars alone
turns `1` beside `"x"` into text, takes one of two equal keys and blurs broken escapes without a word.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.json

from registry.errors import UserError, clipped, plural
from registry.pipeline.parts import ahead
from registry.reader import UnevenError

BLOCK = 16 << 20
PARSED = 2 << 20
LARGEST_BLOCK = 2**31 - 1
DEEPEST = 100
_STRING = re.compile(r'"(?:[^"\\]|\\.?)*+"?')
"""One that is never closed goes to the end: a pattern that failed there would look for it from every quote."""
_KINDS = {bool: "true or false", int: "number", float: "number", str: "text", list: "list", dict: "object"}

Place = Callable[[int | None], str]
"""What users call a line, counted from 1, and the whole file."""


def rows(text: Path, place: Place) -> pl.DataFrame:
    """All objects of a UTF-8 file in order; a key that an object lacks is missing in its row.

    Blank lines hold no row. UserError names the first place that is at fault.
    """
    _refuse_depth(text, place)
    try:
        frame = _polars(text)
        _check(text, frame.height)
    except (pl.exceptions.PolarsError, pa.ArrowException, _DisagreementError) as error:
        raise _explain(text, place, str(error)) from None
    if not frame.width:
        raise UserError("holds no values", where=place(None), do='Write objects such as {"text": "..."}.')
    return frame


def flat(text: Path) -> Iterator[pl.DataFrame]:
    """The objects of a UTF-8 file, a block of lines at a time, as `rows` reads them; types may be narrower.

    Arrow alone reads them: for plain values it gives what polars gives. UnevenError for anything else, and for
    whatever is wrong, so that `rows` can say it.
    """
    yield from ahead(_flat, _blocks(text))


def _flat(block: bytes) -> pl.DataFrame:
    if _may_be_deep(block):
        raise UnevenError
    options = pa.json.ReadOptions(block_size=max(PARSED, block.find(b"\n") * 2))
    try:
        table = pa.json.read_json(pa.BufferReader(block), read_options=options)
    except pa.ArrowException as error:
        raise UnevenError from error
    if not table.num_columns or not all(_is_plain(field.type) for field in table.schema):
        raise UnevenError
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - a table is never a series
    return found


def _is_plain(dtype: pa.DataType) -> bool:
    """Not floats: polars and Arrow may differ in the last digit. Not times, which Arrow takes out of texts."""
    return any(
        is_kind(dtype) for is_kind in (pa.types.is_string, pa.types.is_int64, pa.types.is_boolean, pa.types.is_null)
    )


def _blocks(text: Path) -> Iterator[bytes]:
    """The file in blocks that end where a line does. UnevenError where lines are very long."""
    with text.open("rb") as file:
        rest = file.read(3).removeprefix(b"\xef\xbb\xbf")
        while chunk := file.read(BLOCK):
            head, newline, rest = (rest + chunk).rpartition(b"\n")
            if len(rest) > BLOCK:
                raise UnevenError
            if head.strip():
                yield head + newline
    if rest.strip():
        yield rest


def _may_be_deep(block: bytes) -> bool:
    """Whether a line has more opening brackets than nesting may have; brackets in texts count too."""
    # Mostly every line begins with the only bracket that it has, and counting bytes is cheap.
    if block.startswith(b"{") and b"[" not in block and block.count(b"{") == block.count(b"\n{") + 1:
        return False
    values = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(values == ord("\n"))
    opening = np.flatnonzero((values & 0xDF) == ord("["))  # one bit tells [ and { apart
    per_line = np.diff(np.searchsorted(opening, ends), prepend=0, append=len(opening))
    return bool((per_line > DEEPEST).any())


class _DisagreementError(Exception):
    """The two parsers saw different numbers of rows."""


class _Trouble(NamedTuple):
    line: int
    what: str


def _polars(path: Path) -> pl.DataFrame:
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    return pl.read_ndjson(data, infer_schema_length=None)


def _check(path: Path, rows: int) -> None:
    """Read the file a second time with a parser that refuses what the first one mends."""
    block = max(BLOCK, min(path.stat().st_size + 1, LARGEST_BLOCK)) if _has_long_line(path) else BLOCK
    options = pa.json.ReadOptions(block_size=block)
    found = pa.json.read_json(path, read_options=options).num_rows
    if found != rows:
        raise _DisagreementError(f"{plural(found, 'object')} in {plural(rows, 'line')}")


def _has_long_line(path: Path) -> bool:
    """Whether a line may be longer than the block that Arrow reads at once."""
    with path.open("rb") as file:
        while chunk := file.read(BLOCK // 2):
            if b"\n" not in chunk and len(chunk) == BLOCK // 2:
                return True
    return False


def _refuse_depth(text: Path, place: Place) -> None:
    """Both parsers recurse and would take the whole process down with them."""
    lines = pl.Series([text.read_bytes().decode()]).str.split("\n").explode()
    # Counting is cheap and an upper bound: only lines above it are measured.
    suspects = lines.str.count_matches(r"[\[{]") > DEEPEST
    for index in suspects.arg_true():
        if _depth(lines[index]) > DEEPEST:
            what = f"is nested more than {DEEPEST} deep"
            raise UserError(what, where=place(index + 1), do="Flatten this object before it is read.")


def _depth(line: str) -> int:
    """How deep brackets nest outside strings."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[{\]}]", _STRING.sub("", line)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _explain(text: Path, place: Place, told: str) -> UserError:
    """The first row that is at fault, found slowly because it is only needed once."""
    trouble = next(_troubles(text), None)
    if trouble is None:
        return UserError(f"is not JSON that can be read: {clipped(told)}", where=place(None))
    do = "Every row must be one JSON object, and a key must hold the same type in all of them."
    return UserError(trouble.what, where=place(trouble.line), do=do)


def _troubles(text: Path) -> Iterator[_Trouble]:
    kinds: dict[str, str] = {}
    blank = True
    with text.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                blank = False
                yield from (_Trouble(number, what) for what in _faults(line, kinds))
    if blank:
        yield _Trouble(1, "the file is empty")


def _faults(line: str, kinds: dict[str, str]) -> Iterator[str]:
    """What is wrong with one line, given the types that earlier lines gave to keys."""
    try:
        value = json.loads(line.rstrip(), object_pairs_hook=without_repeats, parse_constant=no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        yield "holds half of a surrogate pair (an escape such as \\ud800 that stands alone)"
    except json.JSONDecodeError as error:
        yield f"is not valid JSON: {error.msg} at column {error.colno}"
    except ValueError as error:
        yield f"is not valid JSON: {clipped(str(error))}"
    else:
        if not isinstance(value, dict):
            yield f"is {_KINDS.get(type(value), 'null')}, not an object"
        else:
            yield from _changes(value, "", kinds)


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which no key occurs twice; ValueError otherwise. For `json.loads`."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f'the key "{clipped(twice, 60)}" occurs twice in one object')
    return found


def no_constant(name: str) -> None:
    """Refuses NaN and Infinity, which Python's parser takes. For `json.loads`."""
    raise ValueError(f"{name} is no JSON value; write null")


def _changes(value: Any, place: str, kinds: dict[str, str]) -> Iterator[str]:
    """Keys (`a.b`, `a[]`) whose type differs from the one they had before."""
    kind = _KINDS.get(type(value))
    if place and kind and kinds.setdefault(place, kind) != kind:
        yield f'"{clipped(place)}" is {kind} here but {kinds[place]} before'
    inner = value.items() if isinstance(value, dict) else ()
    for key, item in inner:
        yield from _changes(item, f"{place}.{key}".lstrip("."), kinds)
    for item in value if isinstance(value, list) else ():
        yield from _changes(item, f"{place}[]", kinds)
