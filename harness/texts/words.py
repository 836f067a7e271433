"""Texts as the words by which metrics and baselines compare them, and the script that texts are written in.

A word is a run of letters, marks and digits in small letters; each Han or Kana character is one by itself. Punctuation
is no word. Of ASCII text these are the words of the package rouge-score, which knows no others.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import polars as pl

from harness.statistics.confusion import no_rows
from registry.texts.words import CJK

Script = Literal["han", "kana", "hangul", "spaced"]

_WORD = rf"[{CJK}]|[\p{{L}}\p{{M}}\p{{N}}--[{CJK}]]+"
_KANA = r"[\p{Hiragana}\p{Katakana}]"


def words(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text in order."""
    found: list[list[str]] = pl.Series(texts, dtype=pl.String).str.to_lowercase().str.extract_all(_WORD).to_list()
    return found


def runs(text: Sequence[str], length: int) -> Counter[tuple[str, ...]]:
    """How often each run of so many words occurs: its n-grams."""
    return Counter(zip(*(text[first:] for first in range(length)), strict=False))


def distinct(texts: Sequence[str], length: int) -> float:
    """Different runs / runs of so many words, of all texts together; nan where there is none."""
    counts = Counter[tuple[str, ...]]()
    for text in words(texts):
        counts.update(runs(text, length))
    return len(counts) / counts.total() if counts else float("nan")


def no_run(references: Sequence[str], length: int) -> str | None:
    """The obstacle of what looks for runs of so many words in the references: there is none, nothing could be right."""
    if not len(references) or any(len(text) >= length for text in words(references)):
        return no_rows(references)
    return "no reference has a word" if length == 1 else f"no reference has {length} words"


def script(texts: Sequence[str]) -> Script:
    """What most words are; `spaced` where they are of other letters, and where there are none.

    Han with a tenth of Kana or more is `kana`: Japanese.
    """
    column = pl.Series(texts, dtype=pl.String)
    found, han, kana, hangul = (
        int(column.str.count_matches(pattern).sum()) for pattern in (_WORD, r"\p{Han}", _KANA, r"\p{Hangul}+")
    )
    if 2 * (han + kana + hangul) <= found:
        return "spaced"
    if hangul > han + kana:
        return "hangul"
    return "kana" if 10 * kana >= han + kana else "han"
