"""What was said, as recognisers are scored on it: words without what cannot be heard, and how many of them are wrong.

Small letters, compatibility forms of Unicode (NFKC), no punctuation, no symbols; an apostrophe inside a word stays.
Each Han or Kana character is a word by itself, so that the word error rate of Chinese is that of its characters.
Numbers stay as written: "7" and "seven" are different words, so references and models must write them in one way.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from harness.metric import FloatArray
from registry.texts.words import CJK

_PART = rf"[\p{{L}}\p{{M}}\p{{N}}--{CJK}]+"
WORD = rf"[{CJK}]|{_PART}(?:'{_PART})*"
Unit = Literal["words", "characters"]


class Spoken(NamedTuple):
    """Transcripts with their words parted by single blanks, and as characters, with no blank beside Han or Kana."""

    words: list[str]
    characters: list[str]


def spoken(texts: Sequence[str]) -> Spoken:
    """The texts without what cannot be heard."""
    column = pl.Series(texts, dtype=pl.String).str.normalize("NFKC").str.to_lowercase()
    words = column.str.replace_all("[’ʼ]", "'").str.extract_all(WORD).list.join(" ")
    return Spoken(words.to_list(), words.str.replace_all(rf" ?([{CJK}]) ?", "$1").to_list())


def errors(gold: Sequence[str], said: Sequence[str], unit: Unit) -> FloatArray:
    """(n, 2): words or characters that were left out, put in or mistaken; and how many the reference has."""
    import jiwer

    count = jiwer.process_words if unit == "words" else jiwer.process_characters
    right, heard = getattr(spoken(gold), unit), getattr(spoken(said), unit)
    found = [count(one, other) for one, other in zip(right, heard, strict=True)]
    lines = [
        (one.substitutions + one.deletions + one.insertions, one.substitutions + one.deletions + one.hits)
        for one in found
    ]
    return np.array(lines, dtype=np.float64).reshape(-1, 2)


def unspoken(gold: Sequence[str]) -> str | None:
    """The obstacle of error rates: references without a word."""
    return None if any(spoken(gold).words) else "no reference has a word"
