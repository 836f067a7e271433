"""What annotators answered, in rows: one for each item, annotator and question, whatever tool it was exported from.

Owns the columns of such rows, and the check that offsets of spans mean what the tool recorded: some tools count
UTF-16 units or line ends otherwise than Python does.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from registry.errors import UserError, clipped
from registry.reading.formats import decoded
from registry.reading.jsonrows import no_constant, without_repeats

COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "item": pl.String,
    "text": pl.String,
    "annotator": pl.String,
    "question": pl.String,
    "kind": pl.String,
    "label": pl.String,
    "labels": pl.List(pl.String),
    "value": pl.Float64,
    "starts": pl.List(pl.Int64),
    "ends": pl.List(pl.Int64),
    "span_labels": pl.List(pl.String),
    "cancelled": pl.Boolean,
    "ground_truth": pl.Boolean,
    "answered": pl.String,
    "answer": pl.String,
    "data": pl.String,
}


@dataclass(frozen=True)
class Answer:
    """One row. None is what the tool does not say, or what is no part of an answer of this kind."""

    item: str
    text: str
    annotator: str | None = None
    question: str | None = None
    kind: str | None = None
    """The tool's own word for the kind of answer."""
    label: str | None = None
    """The label, where exactly one was given."""
    labels: list[str] | None = None
    value: float | None = None
    """A rating or number; 1 and 0 for accepted and rejected."""
    starts: list[int] | None = None
    """Spans, in code points: text[start:end]. Empty lists say that there is none."""
    ends: list[int] | None = None
    span_labels: list[str] | None = None
    cancelled: bool = False
    """The annotator skipped the item: a row without an answer."""
    ground_truth: bool = False
    answered: str | None = None
    answer: str | None = None
    """The answer as it was exported, in JSON."""
    data: str | None = None
    """What the export says of the item beside its text, in JSON."""


class Entry(NamedTuple):
    """One object of an export, and where it stands."""

    value: dict[str, Any]
    where: str


def frame(answers: Iterable[Answer]) -> pl.DataFrame:
    """The rows, always of the same columns and types."""
    return pl.DataFrame([asdict(answer) for answer in answers], schema=COLUMNS, orient="row")


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entries(path: Path, encoding: str) -> Iterator[Entry]:
    """The objects of a JSON list, or of JSON Lines, one by one. UserError with the line where there is none."""
    text = "".join(decoded(path, encoding))
    decoder = json.JSONDecoder(object_pairs_hook=without_repeats, parse_constant=no_constant)
    place, line, counted, escapes = _next(text, 0), 1, 0, re.search(r"\\ud[89a-f]", text, re.IGNORECASE)
    is_list = text[place : place + 1] == "["
    place = _next(text, place + 1) if is_list else place
    while place < len(text) and not (is_list and text[place] == "]"):
        line, counted = line + text.count("\n", counted, place), place
        where = f"{path}:{line}"
        try:
            value, place = decoder.raw_decode(text, place)
        except RecursionError:
            raise UserError("is nested too deep", where=where) from None
        except ValueError as error:
            at = f"{path}:{error.lineno}" if isinstance(error, json.JSONDecodeError) else where
            said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise UserError(f"is not valid JSON: {clipped(said)}", where=at) from None
        if not isinstance(value, dict):
            raise UserError("must hold an object for each item", where=where)
        if escapes:
            _refuse_half_pairs(value, where)
        yield Entry(value, where)
        place = _next(text, place)
        if is_list and text[place : place + 1] == ",":
            place = _next(text, place + 1)
        elif is_list and text[place : place + 1] != "]":
            raise UserError("is not valid JSON: a comma or ] is missing", where=where)
    if is_list and _next(text, place + 1) < len(text):
        raise UserError("is not valid JSON: something follows the list", where=str(path))


def _refuse_half_pairs(value: dict[str, Any], where: str) -> None:
    try:
        as_json(value).encode()
    except UnicodeEncodeError:
        what = "holds half of a surrogate pair (an escape such as \\ud800 that stands alone)"
        raise UserError(what, where=where) from None


def _next(text: str, place: int) -> int:
    """Where the next character stands that is no space."""
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place


def text_of(entry: dict[str, Any], key: str, where: str, do: str) -> str:
    """The item's text. UserError names the keys that are there."""
    found = entry.get(key)
    if isinstance(found, str):
        return found
    known = ", ".join(clipped(name, 40) for name in list(entry)[:20]) or "none"
    raise UserError(f'has no text under "{key}"; its keys: {known}', where=where, do=do)


def listed(value: Any, name: str, where: str) -> list[Any]:
    """A list of the export; empty where it is missing. UserError where something else stands there."""
    if value is None or isinstance(value, list):
        return value or []
    raise UserError(f'must hold a list under "{clipped(name, 40)}", not {clipped(as_json(value), 40)}', where=where)


def single(labels: list[str]) -> str | None:
    return labels[0] if len(labels) == 1 else None


class Span(NamedTuple):
    """A part of a text, in code points, and what it is labelled."""

    start: int
    end: int
    label: str = ""


def spread(spans: Sequence[Span] | None) -> dict[str, Any]:
    """The columns of spans and their labels; None where spans are no part of the answer."""
    if spans is None:
        return dict.fromkeys(("starts", "ends", "span_labels"))
    return {
        "starts": [one.start for one in spans],
        "ends": [one.end for one in spans],
        "span_labels": [one.label for one in spans],
    }


class Mark(NamedTuple):
    """A span as a tool tells it: whatever stands where offsets and the marked text should."""

    start: Any
    end: Any
    recorded: Any = None


def alike(text: str, marks: Sequence[Mark], where: str) -> list[Span]:
    """The spans of one piece of work, all counted in the one way that gives every text that was recorded.

    A repeated text fits more than one way, and another span beside it tells which was meant. UserError as of `span`.
    """
    for way in WAYS:
        found = [_counted(way, text, mark) for mark in marks]
        if None not in found:
            return [one for one in found if one is not None]
    return [span(text, *mark, where) for mark in marks]


def span(text: str, start: Any, end: Any, recorded: Any, where: str) -> Span:
    """A span in code points. UserError where no way of counting gives the text that was recorded."""
    whole = is_whole(start) and is_whole(end)
    if whole and recorded is None and 0 <= start <= end <= len(text):
        return Span(start, end)
    for way in WAYS:
        found = _counted(way, text, Mark(start, end, recorded))
        if found is not None:
            return found
    shown = text[start:end] if whole and start >= 0 else ""
    said = f', where "{clipped(str(recorded), 60)}" was recorded' if recorded is not None else ""
    what = f'a span from {clipped(str(start), 20)} to {clipped(str(end), 20)} holds "{clipped(shown, 60)}"{said}'
    do = f"The text has {len(text):,} characters; it was changed after it was annotated, or offsets count otherwise."
    raise UserError(what, where=where, do=do)


def _counted(way: Callable[[str, int, int], Span | None], text: str, mark: Mark) -> Span | None:
    """A span that is counted in this way and gives the text that was recorded."""
    start, end, recorded = mark
    if not (is_whole(start) and is_whole(end) and isinstance(recorded, str) and 0 <= start <= end):
        return None
    found = way(text, start, end)
    return found if found and _plain(recorded) in _spellings(text[found.start : found.end]) else None


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _plain(text: str) -> str:
    """Line ends as one character: browsers change them."""
    return text.replace("\r\n", "\n")


def _spellings(text: str) -> tuple[str, str]:
    """How a tool records a part of a text: plain, or as the page of Label Studio does, whose line ends are escapes."""
    return _plain(text), text.replace("\r", r"\n").replace("\n", r"\n")


def _code_points(text: str, start: int, end: int) -> Span | None:
    return Span(start, end) if end <= len(text) else None


def _utf16(text: str, start: int, end: int) -> Span | None:
    """Offsets that count UTF-16 units, as JavaScript does."""
    units = text.encode("utf-16-le", "surrogatepass")
    try:
        first = len(units[: 2 * start].decode("utf-16-le"))
        return Span(first, first + len(units[2 * start : 2 * end].decode("utf-16-le")))
    except UnicodeDecodeError:
        return None


def _line_ends(text: str, start: int, end: int) -> Span | None:
    """Offsets that count CR LF as one character."""
    places = _without_cr(text)
    if end >= len(places):
        return None
    return Span(places[start], places[end - 1] + 1 if start < end else places[start])


@lru_cache(maxsize=1)
def _without_cr(text: str) -> tuple[int, ...]:
    """Where each character stands when the CR before an LF counts for nothing, and where the text ends."""
    return *(n for n in range(len(text)) if text[n : n + 2] != "\r\n"), len(text)


WAYS = (_code_points, _utf16, _line_ends)
"""How tools count, the usual way first."""
