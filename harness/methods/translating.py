"""Texts as the parts that a word-by-word translation takes one by one, and parts as a text again.

A part is a placeholder, a word, or a sign. Chinese words are found by jieba, as the cleaning op `segment` finds them;
Kana stand one by one. White space is lost, and put back where the script has it.
"""

import re
from collections.abc import Iterable, Sequence

import polars as pl

from harness.texts.placeholders import PLACEHOLDER
from registry.clean.segment import Segment

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3040-\u30ff\u31f0-\u31ff"
_SIGNS = r"!-/:-@\[-`{-~\u00a1-\u00bf\u2000-\u206f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_LETTERS = rf"[^\s{_HAN}{_KANA}{_SIGNS}]+"
_PART = re.compile(rf"[{_HAN}]+|[{_KANA}]|{_LETTERS}(?:[-'’_.]{_LETTERS})*|\S")
_BLANKLESS = f"{_HAN}{_KANA}\u3000-\u303f\uff01-\uff65"
_CLOSING, _OPENING = ".,;:!?%)]}…’”", "([{‘“"
_TOGETHER = re.compile(rf"[{_BLANKLESS}{re.escape(_OPENING)}]$"), re.compile(rf"[{_BLANKLESS}{re.escape(_CLOSING)}]")


def parts(texts: Sequence[str]) -> list[list[str]]:
    """The parts of each text in order."""
    cut = [_apart(text) for text in texts]
    plain = pl.DataFrame({"text": pl.Series([piece for pieces in cut for piece in pieces[::2]], dtype=pl.String)})
    segmented = iter(Segment().apply(plain)["text"].to_list())
    return [[part for piece in _words(pieces, segmented) for part in piece] for pieces in cut]


def together(found: Iterable[str]) -> str:
    """Parts as one text, with blanks where the script has them."""
    said = list[str]()
    for part in found:
        if said and _parted(said[-1], part):
            said.append(" ")
        said.append(part)
    return "".join(said)


def _apart(text: str) -> list[str]:
    """Text, placeholder, text, placeholder ... text."""
    pieces, begin = list[str](), 0
    for found in PLACEHOLDER.finditer(text):
        pieces += text[begin : found.start()], found.group()
        begin = found.end()
    return [*pieces, text[begin:]]


def _words(pieces: list[str], segmented: Iterable[str]) -> list[list[str]]:
    text = iter(segmented)
    return [[piece] if place % 2 else _PART.findall(next(text)) for place, piece in enumerate(pieces)]


def _parted(left: str, right: str) -> bool:
    return not (_TOGETHER[0].search(left) or _TOGETHER[1].match(right))
