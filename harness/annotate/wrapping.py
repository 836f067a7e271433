"""Text as a terminal shows it: lines of a width in cells, of which every part knows its place in the text.

Owns what is shown in place of control characters and tabs, where lines break, and what counts as one word. Places are
counted in code points, as spans are.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len

from registry.errors import printable

NEWLINE = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What is spelled out."""
JOINER = "\u200d"
OPENING, CLOSING = "（《「『【〈“‘([{", "，。、；：？！）》」』】〉”’…,.;:?!)]}%"
"""What no line ends with, and what none begins with, where a line may break between any two characters."""


class Glyph(NamedTuple):
    """What is shown of `text[start:end]`, one character for the eye."""

    start: int
    end: int
    shown: str
    width: int
    """In cells of a terminal that draws the parts of an emoji one beside the other, as many do."""


Line = tuple[Glyph, ...]


@lru_cache(maxsize=8)
def wrapped(text: str, columns: int) -> tuple[Line, ...]:
    """The lines of a text, at least one; a glyph that is wider than a line has one of its own."""
    return tuple(line for whole in _lines(text) for line in _broken(whole, columns))


@lru_cache(maxsize=2)
def units(text: str, by_characters: bool = False) -> tuple[tuple[int, int], ...]:
    """Start and end of what a cursor steps over: words, each character of a script without spaces, each sign.

    `by_characters` steps over every character but white space.
    """
    found: list[tuple[int, int]] = []
    joins = False
    for glyph in (glyph for line in _lines(text) for glyph in line):
        inside = _inside_a_word(glyph)
        if joins and inside and found[-1][1] == glyph.start and not by_characters:
            found[-1] = (found[-1][0], glyph.end)
        elif not text[glyph.start : glyph.end].isspace():
            found.append((glyph.start, glyph.end))
        joins = inside
    return tuple(found)


def _inside_a_word(glyph: Glyph) -> bool:
    first = glyph.shown[:1]
    # Hangul is wide as ideographs are, and written with spaces between words.
    return (first.isalnum() and (glyph.width == 1 or unicodedata.name(first, "").startswith("HANGUL"))) or first == "_"


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[Line, ...]:
    """The glyphs between one line end and the next."""
    ends = [*NEWLINE.finditer(text)]
    starts = [0, *(end.end() for end in ends)]
    stops = [*(end.start() for end in ends), len(text)]
    return tuple(_glyphs(text, start, stop) for start, stop in zip(starts, stops, strict=True))


def _glyphs(text: str, start: int, stop: int) -> Line:
    places = [place for place in range(start, stop) if place == start or not _goes_on(text[place - 1], text[place])]
    return tuple(_glyph(text, place, end) for place, end in pairwise([*places, stop]))


def _goes_on(before: str, char: str) -> bool:
    """Whether a character is drawn as one with that before it: a mark, a tone of skin, or what is joined."""
    if char.isascii():
        return False
    joined = JOINER in (before, char) or "\U0001f3fb" <= char <= "\U0001f3ff"
    return not CONTROL.match(before) and (joined or unicodedata.category(char).startswith("M"))


def _glyph(text: str, start: int, end: int) -> Glyph:
    return Glyph(start, end, *_shown(text[start:end]))


@lru_cache(maxsize=4096)
def _shown(text: str) -> tuple[str, int]:
    shown = " " if text == "\t" else printable(text)
    apart = sum(2 if unicodedata.east_asian_width(char) == "W" else cell_len(char) for char in shown)
    return shown, max(cell_len(shown), apart)


def _broken(glyphs: Line, columns: int) -> Iterator[Line]:
    """As much on each line as fits, broken where that may be, else anywhere."""
    begin = fits = width = 0
    for place, glyph in enumerate(glyphs):
        if place > begin and _may_break(glyphs[place - 1], glyph):
            fits = place
        # White space at the end of a line may stick out.
        while width + glyph.width > columns and place > begin and glyph.shown != " ":
            cut = fits if fits > begin else place
            yield glyphs[begin:cut]
            begin, width = cut, sum(one.width for one in glyphs[cut:place])
        width += glyph.width
    yield glyphs[begin:]


def _may_break(before: Glyph, after: Glyph) -> bool:
    if before.shown == " ":
        return after.shown != " "
    dense = (before.width > 1 or after.width > 1) and not (before.shown + after.shown).isascii()
    return dense and after.shown != " " and before.shown not in OPENING and after.shown not in CLOSING
