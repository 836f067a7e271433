"""An answer in the making: what keys do to it, one class a form of answer.

Knows neither the queue nor the terminal. Refuses answers that the question does not take.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, product
from typing import ClassVar, NamedTuple, Protocol

from pydantic import JsonValue

from harness.annotate import keys
from harness.annotate.wrapping import Line, units, wrapped
from registry.annotation.answers import Span

COMMANDS = "cegpqsu?"
"""Letters that mean something else, so that no label has them as its key."""
LABEL_KEYS = "".join(key for key in "123456789abcdefghijklmnopqrstuvwxyz" if key not in COMMANDS)
MOST_LABELS = len(LABEL_KEYS) ** 2


@lru_cache(maxsize=8)
def codes(count: int) -> tuple[str, ...]:
    """What to type for each of so many labels: one key, or two where there are more labels than keys."""
    single = LABEL_KEYS + "".join(key.upper() for key in LABEL_KEYS if key.isalpha())
    pairs = ("".join(pair) for pair in product(LABEL_KEYS, repeat=2))
    return tuple(single[:count]) if count <= len(single) else tuple(islice(pairs, count))


Help = tuple[tuple[str, str], ...]
"""Keys, and what they do."""


class Pressed(NamedTuple):
    """What became of an answer in the making."""

    reply: "Reply"
    answer: JsonValue = None
    """None while it is not finished."""
    notice: str = ""


class Reply(Protocol):
    """A frozen value."""

    takes_letters: ClassVar[bool]
    """Whether every character belongs to the answer, so that commands need another way in."""
    help: ClassVar[Help]

    def press(self, key: str, columns: int) -> Pressed | None:
        """None where the key means nothing to it. `columns` is how wide the text is shown."""


@dataclass(frozen=True)
class OneLabel:
    labels: tuple[str, ...]
    before: str = ""
    """The answer that was taken back."""
    typed: str = ""
    takes_letters: ClassVar[bool] = False
    help: ClassVar[Help] = (("1-9, letters", "answer with that label"), ("Enter", "answer as before, after u"))

    def press(self, key: str, columns: int) -> Pressed | None:  # noqa: ARG002
        if key == keys.ENTER and self.before:
            return Pressed(self, self.before)
        found = _coded(self.labels, self.typed, key)
        return found and Pressed(replace(self, typed=found.typed), found.label)


@dataclass(frozen=True)
class SomeLabels:
    labels: tuple[str, ...]
    chosen: frozenset[str] = frozenset()
    typed: str = ""
    takes_letters: ClassVar[bool] = False
    help: ClassVar[Help] = (("1-9, letters", "choose a label, or take it away"), ("Enter", "these labels and no other"))

    def press(self, key: str, columns: int) -> Pressed | None:  # noqa: ARG002
        if key == keys.ENTER:
            return Pressed(self, [*sorted(self.chosen)])
        found = _coded(self.labels, self.typed, key)
        if found is None:
            return None
        changed = frozenset() if found.label is None else frozenset([found.label])
        return Pressed(replace(self, typed=found.typed, chosen=self.chosen ^ changed))


@dataclass(frozen=True)
class Number:
    low: float
    high: float
    typed: str = ""
    takes_letters: ClassVar[bool] = False
    help: ClassVar[Help] = (
        ("0-9 - .", "type the number"),
        ("Backspace", "take a digit away"),
        ("Enter", "answer with it"),
    )

    def press(self, key: str, columns: int) -> Pressed | None:  # noqa: ARG002
        if key in "0123456789-." and len(self.typed) < 20:
            return Pressed(replace(self, typed=self.typed + key))
        if key == keys.BACKSPACE:
            return Pressed(replace(self, typed=self.typed[:-1]))
        if key != keys.ENTER:
            return None
        try:
            value = float(self.typed)
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            return Pressed(self, notice=f"Type a number from {self.low:g} to {self.high:g}, then Enter.")
        return Pressed(self, int(value) if value.is_integer() else value)


@dataclass(frozen=True)
class Words:
    text: str = ""
    at: int = 0
    takes_letters: ClassVar[bool] = True
    help: ClassVar[Help] = (
        ("letters", "type the answer"),
        ("← → Home End", "move in it"),
        ("Enter", "answer with it"),
        ("Esc", "the next key is a command"),
    )

    def press(self, key: str, columns: int) -> Pressed | None:  # noqa: ARG002
        if more := keys.typed(key):
            return self._with(self.text[: self.at] + more, self.text[self.at :])
        match key:
            case keys.ENTER if self.text.strip():
                return Pressed(self, self.text.strip())
            case keys.ENTER:
                return Pressed(self, notice="Type an answer first; Esc, then s, passes over the item.")
            case keys.BACKSPACE:
                return self._with(self.text[: self.at][:-1], self.text[self.at :])
            case keys.DELETE:
                return self._with(self.text[: self.at], self.text[self.at + 1 :])
        place = {keys.LEFT: self.at - 1, keys.RIGHT: self.at + 1, keys.HOME: 0, keys.END: len(self.text)}.get(key)
        return None if place is None else Pressed(replace(self, at=max(0, min(place, len(self.text)))))

    def _with(self, before: str, after: str) -> Pressed:
        return Pressed(Words(before + after, len(before)))


@dataclass(frozen=True)
class Parts:
    """Labelled parts of the text, chosen by a cursor that steps over its words or its characters."""

    text: str
    labels: tuple[str, ...]
    spans: tuple[Span, ...] = ()
    at: int = 0
    """The place of the cursor among the units."""
    begun: int | None = None
    """The unit at which a part was begun."""
    by_characters: bool = False
    typed: str = ""
    takes_letters: ClassVar[bool] = False
    help: ClassVar[Help] = (
        ("← → ↑ ↓", "move the cursor; Home and End to the first and last word"),
        ("Space", "begin a part, to have more than one word in it"),
        ("1-9, letters", "give the part, or the word, that label; again takes it away"),
        ("Backspace", "take away the part under the cursor"),
        ("c", "step over characters or over words"),
        ("Enter", "these parts and no other"),
    )

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        return units(self.text, self.by_characters)

    @property
    def selected(self) -> tuple[int, int]:
        """Start and end in the text of what a label would be given; nothing where the text has no words."""
        if not self.units:
            return 0, 0
        ends = (self.at, self.at if self.begun is None else self.begun)
        return self.units[min(ends)][0], self.units[max(ends)][1]

    @property
    def cursor(self) -> int:
        """Where it is in the text."""
        return self.units[self.at][0] if self.units else 0

    def press(self, key: str, columns: int) -> Pressed | None:
        if key == keys.ENTER:
            return Pressed(self, [list(span) for span in sorted(self.spans)])
        if not self.units:
            return None
        if key == "c":
            return Pressed(self._by(not self.by_characters))
        if key == " " or (key == keys.ESCAPE and self.begun is not None):
            return Pressed(replace(self, begun=self.at if self.begun is None else None))
        if key == keys.BACKSPACE and not self.typed:
            start, end = self.units[self.at]
            left = tuple(span for span in self.spans if not (span[0] < end and start < span[1]))
            return Pressed(replace(self, spans=left))
        place = self._place(key, columns)
        return self._labelled(key) if place is None else Pressed(replace(self, at=place))

    def _labelled(self, key: str) -> Pressed | None:
        found = _coded(self.labels, self.typed, key)
        if found is None or found.label is None:
            return found and Pressed(replace(self, typed=found.typed))
        span = (*self.selected, found.label)
        spans = tuple(one for one in self.spans if one != span)
        return Pressed(replace(self, typed="", begun=None, spans=spans if span in self.spans else (*spans, span)))

    def _by(self, by_characters: bool) -> "Parts":
        """With the cursor where it is in the text."""
        others = units(self.text, by_characters)
        place = max(place for place, unit in enumerate(others) if unit[0] <= self.cursor)
        return replace(self, by_characters=by_characters, at=place, begun=None)

    def _place(self, key: str, columns: int) -> int | None:
        """Where a key moves the cursor; None for keys that do not."""
        if key in (keys.UP, keys.DOWN):
            return self._on_line(columns, -1 if key == keys.UP else 1)
        last = len(self.units) - 1
        moved = {keys.LEFT: self.at - 1, keys.RIGHT: self.at + 1, keys.HOME: 0, keys.END: last}.get(key)
        return None if moved is None else max(0, min(moved, last))

    def _on_line(self, columns: int, step: int) -> int:
        """The unit nearest to the cursor on the next line up or down that has any."""
        lines = [line for line in wrapped(self.text, columns) if any(not one.shown.isspace() for one in line)]
        now = next(place for place, line in enumerate(lines) if line[-1].end > self.cursor)
        line, there = lines[now], lines[max(0, min(now + step, len(lines) - 1))]
        column = _column(line, self.cursor)
        on_it = [place for place, unit in enumerate(self.units) if there[0].start <= unit[0] < there[-1].end]
        return min(on_it, key=lambda place: abs(_column(there, self.units[place][0]) - column), default=self.at)


def _column(line: Line, place: int) -> int:
    return sum(glyph.width for glyph in line if glyph.start < place)


class _Coded(NamedTuple):
    label: str | None
    typed: str


def _coded(labels: Sequence[str], typed: str, key: str) -> _Coded | None:
    """What a key adds to the code of a label; None where no code goes on like this."""
    if typed and key in (keys.BACKSPACE, keys.ESCAPE):
        return _Coded(None, "")
    known, word = codes(len(labels)), typed + key
    if word in known:
        return _Coded(labels[known.index(word)], "")
    return _Coded(None, word) if any(code.startswith(word) for code in known) else None
