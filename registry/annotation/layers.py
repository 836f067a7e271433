"""Imported annotations: one immutable file a round, under `cards/annotations/<card>/`, for version control.

Owns the form of a layer and what it takes to trust one: its name holds the digest of its bytes, its rows name the item
and the text that was shown. A layer is added, never changed; later adjudications go before earlier ones.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl
from filelock import FileLock
from pydantic import Field, JsonValue, ValidationError

from registry.atomic import write_text
from registry.digest import canonical, hashed
from registry.errors import UserError, clipped, plural
from registry.frozen import Frozen
from registry.text import inputs

NAME = re.compile(r"(\d{4,})-([a-z0-9-]+)-([0-9a-f]{12})\.jsonl")
GUARD = ".guard"
INPUT = "annotation layers"
"""What they are called among the inputs of a build; no source has such a name."""


class Entry(Frozen):
    """One answer of one annotator to one item, or the decision of an adjudicator about it."""

    item: str
    """The row's id."""
    shown: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    """The digest of the text or texts that were shown, as `digest_of_shown` gives it."""
    role: Literal["vote", "adjudication"] = "vote"
    annotator: str | None = None
    answer: JsonValue
    """As `registry.annotation.answers` takes it: a number, a text, or a list of labels, spans or relations."""
    time: str | None = None
    """When it was given, in ISO 8601, where the tool says so."""
    tool: str = ""
    guidelines: str = ""
    """The first 12 digits of the sha256 of the guidelines that were in force; empty where there were none."""


class Layer(NamedTuple):
    """One file of answers, in order of the file."""

    path: Path
    sha256: str
    entries: tuple[Entry, ...]


def folder(project: Path, card: str) -> Path:
    return project / "cards" / "annotations" / card


def files(place: Path) -> tuple[Path, ...]:
    """The layers in the folder of a card, in the order in which they were added.

    UserError for a file that is no layer, and for two that claim one number.
    """
    found = sorted(path for path in place.glob("*") if not path.name.startswith("."))
    for path in found:
        if not (NAME.fullmatch(path.name) and path.is_file()):
            why = "it is no file" if NAME.fullmatch(path.name) else "its name is not NUMBER-TOOL-DIGEST.jsonl"
            do = "Take it away; `bench annotate import` brings answers in."
            raise UserError(f"is no layer of annotations: {why}", where=str(path), do=do)
    found.sort(key=_number)
    for one, other in pairwise(found):
        if _number(one) == _number(other):
            what = f"two layers have the number {_number(one):04}: {one.name} and {other.name}"
            do = "Rename the one that came later to the next free number; its digest stays."
            raise UserError(what, where=str(place), do=do)
    return tuple(found)


def _number(path: Path) -> int:
    return int(path.name.split("-")[0])


def read(path: Path) -> Layer:
    """A layer. UserError with the line where it was changed by hand or is not one."""
    state = path.stat()
    return _parsed(path, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=64)
def _parsed(path: Path, state: tuple[int, int, int]) -> Layer:  # noqa: ARG001 - what is remembered
    """A file in one state: a build and an import ask for it several times."""
    found = NAME.fullmatch(path.name)
    body = path.read_bytes()
    sha256 = hashlib.sha256(body).hexdigest()
    if found is None or found[3] != sha256[:12]:
        ends = hashlib.sha256(body.replace(b"\r\n", b"\n")).hexdigest()
        if found and found[3] == ends[:12]:
            do = "Write `*.jsonl -text` to .gitattributes beside it, and restore it from version control."
            raise UserError("has other line ends than it was imported with", where=str(path), do=do)
        do = "Restore it from version control; to take answers back, import an adjudication."
        raise UserError("was changed after it was imported", where=str(path), do=do)
    entries = [_entry(line, f"{path}:{number}") for number, line in enumerate(body.splitlines(), 1)]
    return Layer(path, sha256, tuple(entries))


def add(project: Path, card: str, tool: str, entries: Iterable[Entry]) -> Path | None:
    """A new layer with these answers, in one step; None where there are none.

    Answers that a layer of the card has already are left out, so that importing a file twice adds nothing. Where a tool
    says no times, what somebody answers now is new unless it is what counts of them already: they may have come back
    to an earlier answer.
    """
    place = folder(project, card)
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / GUARD):
        known = [read(path) for path in files(place)]
        told = [(entry, _told(entry)) for layer in known for entry in layer.entries]
        seen, counting = {one for _, one in told}, {_whose(entry): one for entry, one in told}
        given = [(entry, _told(entry)) for entry in entries]
        last = {_whose(entry): one for entry, one in given}
        new = {
            one: entry
            for entry, one in reversed(given)
            if (one not in seen if _is_dated(entry) else last[_whose(entry)] != counting.get(_whose(entry)))
        }
        if not new:
            return None
        text = "".join(f"{_line(entry)}\n" for entry in reversed(new.values()))
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        number = _number(known[-1].path) + 1 if known else 1
        path = place / f"{number:04}-{tool}-{sha256[:12]}.jsonl"
        write_text(path, text)
    return path


def digest_of_shown(rows: pl.DataFrame) -> pl.Series:
    """16 hex digits of the text or texts of each row; by it a layer knows that its item still reads the same."""
    parts = [pl.col(name).fill_null("") for name in inputs(rows)]
    return hashed(rows.select(text=pl.concat_str(parts, separator="\x1f")).to_series(), "shown", 16)


def uncounted(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Lines for people about answers that do not count in a version."""
    told = manifest.get("annotation", {})
    answers = told.get("answers", {})
    reasons = {
        "changed": "their texts changed since; ask again with `bench annotate export`",
        "missing": "the card has no such rows",
        "retired": "`migrations:` says that they no longer count",
        "unasked": "they are votes, and the card has no `annotation:` that would count them",
    }
    for name, reason in reasons.items():
        if answers.get(name):
            yield f"{plural(answers[name], 'answer')} of annotators left out: {reason}"
    if told.get("other_guidelines"):
        many = plural(told["other_guidelines"], "answer")
        yield f"given under other guidelines than those of today: {many} of annotators"


def _told(entry: Entry) -> str:
    """What an answer says; under which guidelines may be all that a later import of it knows better."""
    return canonical(entry.model_dump(mode="json", exclude_defaults=True, exclude={"guidelines"}))


def _whose(entry: Entry) -> tuple[str, str | None, str]:
    return entry.item, entry.annotator, entry.role


def _is_dated(entry: Entry) -> bool:
    """Whether an answer can be told from an equal one; of those without a name, each counts."""
    return entry.time is not None or entry.annotator is None


def _line(entry: Entry) -> str:
    return canonical(entry.model_dump(mode="json", exclude_defaults=True))


def _entry(line: bytes, where: str) -> Entry:
    try:
        found = Entry.model_validate(json.loads(line.decode()))
        if b"\\u" in line:
            _line(found).encode()  # half of a surrogate pair has no spelling
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        said = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first["loc"] else first["msg"]
        raise UserError(f"is no annotation: {clipped(said)}", where=where) from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"is no annotation: {clipped(str(error).splitlines()[0])}", where=where) from None
    return found
