"""Lines of a screen out of words: wrapped, side by side, one after the other.

Everything foreign passes `wrapped` or `one`, which let no control character through; no markup is read.
"""

from collections.abc import Sequence

from rich.text import Text

from harness.annotate.wrapping import Line, wrapped
from registry.errors import printable

KEY, QUIET = "bold cyan", "dim"


def plain(text: str, columns: int, style: str = "") -> list[Text]:
    """Foreign text in as many lines as it takes."""
    return [shown(line, style) for line in wrapped(text, columns)]


def shown(line: Line, style: str = "") -> Text:
    return Text("".join(glyph.shown for glyph in line), style)


def one(text: str) -> str:
    """Foreign text in one line."""
    return printable(" ".join(text.split()))


def beside(margin: str, text: str, columns: int) -> list[Text]:
    """A text with something in the margin of its first line."""
    lines = plain(text, max(1, columns - len(margin)))
    return [Text.assemble((" " * len(margin) if number else margin, KEY), line) for number, line in enumerate(lines)]


def flowed(entries: Sequence[Text], columns: int) -> list[Text]:
    """Entries one after the other, as many on a line as fit."""
    lines: list[Text] = []
    for entry in entries:
        if lines and lines[-1].cell_len + 3 + entry.cell_len <= columns:
            lines[-1] = Text.assemble(lines[-1], "   ", entry)
        else:
            lines.append(entry)
    return lines


def first(lines: Sequence[Text], most: int, key: str) -> list[Text]:
    """The first lines; where there are more, also how many, and the key that shows them."""
    left = len(lines) - most + 1
    return [*lines] if left <= 1 else [*lines[: most - 1], Text(f"... {left} lines more: {key}", QUIET)]


def rule(columns: int, top: int, seen: int, total: int) -> Text:
    """The line below a text that is seen in part or whole, which says which."""
    words = f"── lines {top + 1}-{top + seen} of {total}: PgUp PgDn " if seen < total else ""
    return Text(words.ljust(columns, "─"), QUIET)


def filled(lines: Sequence[Text], columns: int, rows: int) -> tuple[Text, ...]:
    """As many lines as there are rows, none wider than the screen."""
    kept = tuple(line.copy() for line in [*lines, *[Text()] * rows][:rows])
    for line in kept:
        if line.cell_len > columns:
            line.rstrip()
        line.truncate(columns, overflow="ellipsis")
    return kept
