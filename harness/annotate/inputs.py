"""An answer in the making as lines of the screen."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.text import Text

from harness.annotate.drawing import KEY, QUIET, flowed, one, shown
from harness.annotate.replies import Number, OneLabel, Parts, Reply, SomeLabels, Words, codes
from harness.annotate.wrapping import Line, wrapped

COLOURS = ("green", "magenta", "cyan", "yellow", "blue", "red")
MOST_TYPED = 4
"""Lines of an answer of one's own that are shown at once."""


class Input(NamedTuple):
    lines: list[Text]
    cursor: tuple[int, int] | None = None
    """Line and column, from 0, where letters would appear; None where none are typed."""


def input_of(reply: Reply | None, columns: int) -> Input:
    """What is chosen or typed so far, and what may be."""
    match reply:
        case OneLabel(labels=labels, before=before, typed=typed):
            return Input(_labels(labels, typed, columns, {before}))
        case SomeLabels(labels=labels, chosen=chosen, typed=typed):
            done = Text("Enter: " + (", ".join(map(one, sorted(chosen))) or "none of them"), QUIET)
            return Input([done, *_labels(labels, typed, columns, chosen, "[ ]")])
        case Number(low=low, high=high, typed=typed):
            return Input([Text.assemble(f"from {low:g} to {high:g}: ", (typed or " ", "bold reverse"))])
        case Words() as words:
            return _typed(words, columns)
        case Parts() as parts:
            return Input([_state(parts), *_labels(parts.labels, parts.typed, columns), *_found(parts, columns)])
    return Input([Text("q saves the answers; u goes back.", "bold")])


def marked(line: Line, parts: Parts) -> Text:
    """A line of the text with its parts in the colours of their labels, and what is selected."""
    found, (start, end) = Text(), parts.selected
    for glyph in line:
        mine = [label for first, last, label in parts.spans if first <= glyph.start < last]
        style = f"underline {_colour(parts, mine[-1])}" if mine else ""
        found.append(glyph.shown, f"{style} reverse" if start <= glyph.start < end else style)
    return found


def _labels(labels: Sequence[str], typed: str, columns: int, chosen: Iterable[str] = (), box: str = "") -> list[Text]:
    """Each label with what to type for it; of codes of two keys, those that go on as typed."""
    entries = []
    for code, label in zip(codes(len(labels)), labels, strict=True):
        mark = f" {box.replace(' ', 'x') if label in chosen else box}".rstrip()
        name = (one(label), "bold reverse" if label in chosen else "")
        entries += [Text.assemble((code, KEY), mark, " ", name)] if code.startswith(typed) else []
    return flowed(entries, columns)


def _state(parts: Parts) -> Text:
    if parts.begun is not None:
        return Text("A label ends the part; Space: not this one", QUIET)
    moves = "characters" if parts.by_characters else "words"
    return Text(f"By {moves}. Enter: {'these parts' if parts.spans else 'there is none'}", QUIET)


def _found(parts: Parts, columns: int) -> list[Text]:
    """The parts that have a label."""
    spans = sorted(parts.spans)
    entries = [((one(label), f"underline {_colour(parts, label)}"), one(parts.text[a:b])) for a, b, label in spans]
    return flowed([Text.assemble(label, " ", part) for label, part in entries], columns)


def _typed(words: Words, columns: int) -> Input:
    lines = wrapped(words.text, columns - 2)
    row = next((place for place, line in enumerate(lines) if line and line[-1].end > words.at), len(lines) - 1)
    column = sum(glyph.width for glyph in lines[row] if glyph.start < words.at)
    drawn = [Text.assemble(("  " if place else "> ", KEY), shown(line)) for place, line in enumerate(lines)]
    above = max(0, row - MOST_TYPED + 1)
    return Input(drawn[above : above + MOST_TYPED], (row - above, column + 2))


def _colour(parts: Parts, label: str) -> str:
    return COLOURS[parts.labels.index(label) % len(COLOURS)] if label in parts.labels else "white"
