"""The document quality rules of Gopher: Rae et al. 2021, "Scaling Language Models", appendix A1.1.

Made for web documents: most short texts have fewer than 50 words. Each rule that is null is off.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from registry.frozen import Frozen
from registry.op import leave
from registry.text import inputs
from registry.texts import words

STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with", "的", "了", "是", "在", "不", "有", "和", "我")
"""The eight of the paper, and eight of the commonest characters of Chinese."""

ELLIPSIS = r"(?:\.{3,}|…+|。{3,})"
BULLET = r"(?:[•●○‣▪▫■□◆◇◦·]|[-*–—]\s)"
LINE = r"[^\n]*\S[^\n]*"
"""A line that is not blank."""

ALPHABETIC = rf"[{words.CJK}]|[^\s{words.CJK}]*\p{{L}}[^\s{words.CJK}]*"
"""A word with a letter."""


class GopherQuality(Frozen):
    """Words are those of `registry.texts.words`. Mean word length is not judged where most of them are Han or Kana;
    ellipses, bullets and stop words include the Chinese ones. Every threshold is the paper's."""

    min_words: int | None = Field(50, ge=1)
    max_words: int | None = Field(100_000, ge=1)
    min_mean_word_length: float | None = Field(3, ge=0)
    max_mean_word_length: float | None = Field(10, ge=0)
    hashes_per_word: float | None = Field(0.1, ge=0)
    ellipses_per_word: float | None = Field(0.1, ge=0)
    bullet_lines: float | None = Field(0.9, ge=0, le=1)
    ellipsis_lines: float | None = Field(0.3, ge=0, le=1)
    min_alphabetic_words: float | None = Field(0.8, ge=0, le=1)
    min_stop_words: int | None = Field(2, ge=1)
    stop_words: tuple[str, ...] = STOP_WORDS
    """Different ones are counted; replace them for other languages."""

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "too short", None),
        ({"min_words": None}, "Most of the films that I have seen", "Most of the films that I have seen"),
        ({"min_words": None}, "buy cheap watches online today", None),
        ({"min_words": None}, "这家店的服务很好，我和朋友都喜欢。", "这家店的服务很好，我和朋友都喜欢。"),
        ({"min_words": None}, "价格便宜质量好快来买", None),
        ({"min_words": None}, "• some of the films\n• which you have\n* forty three of them", None),
        ({"min_words": None}, "the #best of the #phones", None),
        ({"min_words": None, "min_stop_words": None}, "100 200 300 400 more", None),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            counted = rows.select("_reason", _text=name, _words=words.count(pl.col(name)))
            for where, reason in self._rules(pl.col("_text"), pl.col("_words")):
                counted = counted.with_columns(leave(where, reason))
            rows = rows.with_columns(counted["_reason"])
        return rows

    def _rules(self, text: pl.Expr, count: pl.Expr) -> Iterator[tuple[pl.Expr, str]]:
        """Where each rule is broken, and the reason that the ledger gives."""
        each, spaced = pl.max_horizontal(count, 1), ~words.mostly_characters(text)
        length, lines = text.str.count_matches(r"\S") / each, pl.max_horizontal(text.str.count_matches(LINE), 1)
        if self.min_words is not None:
            yield count < self.min_words, f"under {self.min_words} words"
        if self.max_words is not None:
            yield count > self.max_words, f"over {self.max_words} words"
        if self.min_mean_word_length is not None:
            yield spaced & (length < self.min_mean_word_length), f"mean word under {self.min_mean_word_length:g}"
        if self.max_mean_word_length is not None:
            yield spaced & (length > self.max_mean_word_length), f"mean word over {self.max_mean_word_length:g}"
        if self.min_alphabetic_words is not None:
            alphabetic = text.str.count_matches(ALPHABETIC) / each
            yield alphabetic < self.min_alphabetic_words, f"under {self.min_alphabetic_words:g} alphabetic words"
        if self.min_stop_words is not None:
            pattern = "|".join(_pattern(word.lower()) for word in self.stop_words)
            found = text.str.to_lowercase().str.extract_all(pattern).list.n_unique()
            yield found < self.min_stop_words, f"under {self.min_stop_words} stop words"
        shares = (
            ("hashes per word", self.hashes_per_word, "#|＃", each),
            ("ellipses per word", self.ellipses_per_word, ELLIPSIS, each),
            ("bullet lines", self.bullet_lines, rf"(?m)^[^\S\n]*{BULLET}", lines),
            ("ellipsis lines", self.ellipsis_lines, rf"(?m){ELLIPSIS}[^\S\n]*$", lines),
        )
        for what, most, pattern, among in shares:
            if most is not None:
                yield text.str.count_matches(pattern) / among > most, f"over {most:g} {what}"


def _pattern(word: str) -> str:
    """Finds a word between word boundaries, and a Han character wherever it stands."""
    return re.escape(word) if re.fullmatch("[\u3040-\u30ff\u3400-\u9fff]+", word) else rf"\b{re.escape(word)}\b"
