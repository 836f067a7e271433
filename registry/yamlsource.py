"""YAML text to plain data plus the place of every key, read event by event.

Owns the dialect: YAML 1.2 scalars (`no` is a word), no duplicate keys, no anchors, no tags, no merge keys.
Refuses everything that could run code, blow up, or hide a second meaning.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from registry.errors import CardProblems, Problem, UserError, masked
from registry.yamlmistakes import explained

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
SAVE_AS = "Save the file as UTF-8."

Breadcrumb = tuple[str, ...]


class Place(NamedTuple):
    """Where something stands in a file; line and column count from 1."""

    line: int
    column: int
    length: int


class WrittenInt(int):
    written: str


class WrittenFloat(float):
    written: str


@dataclass(frozen=True)
class YamlSource:
    """A parsed file: plain data, and for every breadcrumb the place of its key and of its value."""

    file: str
    text: str
    data: dict[str, Any]
    keys: dict[Breadcrumb, Place]
    values: dict[Breadcrumb, Place]

    def problem(self, path: Breadcrumb, what: str, do: str = "", *, at_key: bool = False, word: str = "") -> Problem:
        """A problem placed at `path`, or at the nearest enclosing key when the path was not written.

        `word` is what in the text at `path` is wrong, where that can be said.
        """
        places = (self.keys, self.values) if at_key else (self.values, self.keys)
        place = next((table[path] for table in places if path in table), None)
        place = (self._place_of_word(path, word) if word else None) or place
        enclosing = path
        while place is None and enclosing:
            enclosing = enclosing[:-1]
            place = self.keys.get(enclosing)
        line, column, length = place or Place(1, 1, 1)
        lines = self.text.splitlines()
        source = masked(lines[line - 1]) if line <= len(lines) else ""
        length = max(1, min(length, len(source) - column + 1))
        return Problem(self.file, line, column, path, what, do, source, length)

    def _place_of_word(self, path: Breadcrumb, word: str) -> Place | None:
        """Where a word first stands in the text at `path`, on any of its lines."""
        begin = self.values.get(path)
        value: Any = self.data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if begin is None or not isinstance(value, str):
            return None
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        for number in range(begin.line, begin.line + value.count("\n") + 1):
            line = _line(self.text, number)
            found = pattern.search(line, begin.column - 1 if number == begin.line else 0)
            if found:
                return Place(number, found.start() + 1, len(word))
        return None


def read(file: Path, shown_as: str) -> YamlSource:
    """Parse one card. CardProblems for text that is not this dialect of YAML."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", where=shown_as) from error
    if len(raw) > MAX_BYTES:
        raise _refused(shown_as, 1, 1, f"is {len(raw):,} bytes; a card has at most {MAX_BYTES:,}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"is not UTF-8: byte {raw[error.start]:#04x}"
        before = raw[: error.start].decode("utf-8-sig")
        raise _refused(shown_as, *_end_of(before), what, raw.decode("utf-8-sig", "replace"), SAVE_AS) from error
    return parse(text, shown_as)


def parse(text: str, shown_as: str) -> YamlSource:
    """Parse YAML text whose top level is a mapping."""
    builder = _Builder(shown_as, text)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mistake = explained(error, text)
        raise _refused(shown_as, mistake.line, mistake.column, mistake.what, text, mistake.do) from error
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes.
        place = _end_of(text.encode()[: error.position].decode(errors="ignore"))
        raise _refused(shown_as, *place, f"holds a character that YAML forbids: {error.reason}", text) from error
    if builder.problems:
        raise CardProblems(builder.problems, 1)
    if not isinstance(builder.root, dict):
        what = "is empty; a card begins with its name" if builder.root is None else "must be keys and values"
        raise _refused(shown_as, 1, 1, what, text)
    return YamlSource(shown_as, text, builder.root, builder.keys, builder.values)


@dataclass
class _Open:
    """A collection whose end has not come yet."""

    value: Any
    path: Breadcrumb
    key: str | None = None


@dataclass
class _Builder:
    """Builds data from events with a stack of its own, so that no nesting depth can overflow the interpreter."""

    file: str
    text: str
    root: Any = None
    keys: dict[Breadcrumb, Place] = field(default_factory=dict)
    values: dict[Breadcrumb, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._stop(event, "anchors and aliases are not used in cards; `like:` inherits from a sibling card")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._stop(event, f"tags such as {tag} are not used in cards; a value has the type its key asks for")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._stop(event, "holds more than one document; one card is one file")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        top = self.stack[-1] if self.stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            self._key(top, event)
        else:
            self._place(event, scalar(event.value) if event.implicit[0] else event.value)

    def _key(self, top: _Open, event: yaml.ScalarEvent) -> None:
        path = (*top.path, event.value)
        if event.value == "<<":
            self._stop(event, "merge keys are not used in cards; `like:` inherits from a sibling card")
        if event.value in top.value:
            first = self.keys[path].line
            self._problem(event, path, f'key "{event.value}" is written twice; the first is in line {first}')
        self.keys.setdefault(path, _place_of(event))
        top.key = event.value

    def _open(self, event: yaml.Event, value: Any) -> None:
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._stop(event, "a key must be one word, not a list or mapping")
        if len(self.stack) >= MAX_DEPTH:
            self._stop(event, f"is nested deeper than {MAX_DEPTH} levels")
        self.stack.append(_Open(value, self._place(event, value)))

    def _place(self, event: yaml.Event, value: Any) -> Breadcrumb:
        """Put a value where it belongs and remember its place."""
        if not self.stack:
            self.root = value
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            path = (*top.path, str(len(top.value) + 1))
            top.value.append(value)
        else:
            path = (*top.path, str(top.key))
            top.value.setdefault(top.key, value)
            top.key = None
        self.values.setdefault(path, _place_of(event))
        return path

    def _problem(self, event: yaml.Event, path: Breadcrumb, what: str) -> None:
        place = _place_of(event)
        source = self.text.splitlines()[place.line - 1]
        self.problems.append(Problem(self.file, *place[:2], path, what, "", source, place.length))

    def _stop(self, event: yaml.Event, what: str) -> None:
        self._problem(event, self.stack[-1].path if self.stack else (), what)
        raise CardProblems(self.problems, 1)


def _place_of(event: yaml.Event) -> Place:
    start, end = event.start_mark, event.end_mark
    assert start is not None and end is not None  # noqa: PT018, S101 - events of a parser have marks
    length = end.column - start.column if end.line == start.line else 1
    return Place(start.line + 1, start.column + 1, max(1, length))


def scalar(text: str) -> Any:
    """The YAML 1.2 core meaning of a plain scalar. Numbers remember how they were written."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    number: WrittenInt | WrittenFloat
    if re.fullmatch(r"[-+]?[0-9]+", text) and len(text) < 40:
        number = WrittenInt(text)
    elif re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        number = WrittenFloat(text)
    else:
        return text
    number.written = text
    return number


def _end_of(text: str) -> tuple[int, int]:
    """Line and column of the character after `text`."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _line(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _refused(file: str, line: int, column: int, what: str, text: str = "", do: str = "") -> CardProblems:
    return CardProblems([Problem(file, line, column, (), what, do, _line(text, line))], 1)
