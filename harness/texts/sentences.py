"""Where the sentences of a text begin and end, in scripts with and without spaces.

A sentence ends with a line, with 。！？, and with . ! ? where white space follows and then no small letter; between
Han or Kana characters the narrow marks end one, too. Common abbreviations, initials and numbers end none. It learns
nothing and knows no grammar: a text whose lines are broken in the middle of sentences must be unwrapped first.
"""

import re
from collections.abc import Iterable

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CLOSING = "\"'”’」』）】》)\\]}"
_STOP = re.compile(rf"[\n\r\u2028\u2029]|[。！？｡]+[。！？｡.!?]*[{_CLOSING}]*|[.!?]+[{_CLOSING}]*")
_WIDE = re.compile(rf"[{_CJK}]")
_SPACE = re.compile(r"\s+")
_LAST_WORD = re.compile(r"[^\W_][\w.]*$")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof rev hon st jr sr gen col capt lt sgt gov sen rep pres messrs mt ft "
    "vs etc al cf fig figs eq eqs sec sect ch chap vol vols no nos nr pp ed eds op inc ltd co corp dept univ assn "
    "approx ca est jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_LONGEST_WORD = 24
"""Characters that are looked back for an abbreviation."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Begin and end of every sentence in characters, in order, without the white space around it; none is empty."""
    found, begin = list[tuple[int, int]](), 0
    for stop in _STOP.finditer(text):
        if _ends(text, stop):
            found.append(_trimmed(text, begin, stop.end()))
            begin = stop.end()
    found.append(_trimmed(text, begin, len(text)))
    return [(first, last) for first, last in found if first < last]


def joined(text: str, chosen: Iterable[tuple[int, int]]) -> str:
    """Sentences of a text as one text: parted by a blank where white space stands before them in it."""
    parts = list[str]()
    for begin, end in chosen:
        apart = parts and begin > 0 and text[begin - 1].isspace()
        parts.append((" " if apart else "") + text[begin:end])
    return "".join(parts)


def _ends(text: str, stop: re.Match[str]) -> bool:
    first, end = stop.group()[0], stop.end()
    if first not in ".!?" or end == len(text):
        return True
    if _WIDE.match(text, end):
        return first != "." or (stop.start() > 0 and _WIDE.match(text, stop.start() - 1) is not None)
    space = _SPACE.match(text, end)
    if space is None or text[space.end() : space.end() + 1].islower():
        return False
    return stop.group() != "." or not _abbreviated(text, stop.start())


def _abbreviated(text: str, dot: int) -> bool:
    """Whether the word before a full stop is one that is written with it."""
    word = _LAST_WORD.search(text[max(0, dot - _LONGEST_WORD) : dot])
    if word is None:
        return False
    letters = word.group()
    initial = len(letters) == 1 and letters.isupper()
    return initial or ("." in letters and not letters[-1].isdigit()) or letters.lower() in _ABBREVIATIONS


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    part = text[begin:end]
    return begin + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
