"""The heuristics of C4: Raffel et al. 2020, "Exploring the Limits of Transfer Learning", section 2.2.

Lines that are no sentences are taken out of a text, and pages of placeholders or code leave. Made for web documents.
Left to other ops: language, duplicates, and the paper's list of bad words, which has no place in a data tool.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from registry.frozen import Frozen
from registry.op import leave, staying
from registry.text import inputs
from registry.texts import words

ENDING = r"[.!?\"”'’。！？…」』》)）][^\S\n]*$"
"""Terminal punctuation or a closing quote, Western or Chinese."""

SENTENCE = r"[。！？…]+|[.!?]+[\"”'’」』)）]*(?:\s|$)"
POLICY = r"(?i)terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"


class C4Quality(Frozen):
    """Words are those of `registry.texts.words`, so that five Chinese characters make a line long enough. What is false
    or null is off; every default is the paper's. A row that leaves keeps all of its lines for the ledger."""

    terminal_punctuation: bool = True
    """Take out lines that do not end in . ! ? or a closing quote, or in their Chinese forms."""
    min_line_words: int | None = Field(5, ge=1)
    """Take out shorter lines."""
    javascript: bool = True
    """Take out lines that mention it: they ask the reader to turn it on."""
    policy: bool = True
    """Take out lines about cookies and terms of use."""
    lorem_ipsum: bool = True
    """Let pages with placeholder text leave."""
    curly_bracket: bool = True
    """Let pages with a curly bracket leave: they are mostly code."""
    min_sentences: int | None = Field(3, ge=1)
    """Let pages leave that have fewer sentences in the lines that stay."""

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        (
            {},
            "Home | About\nWe went there on a Monday. It was open! Would we go again?\nPlease turn on Javascript now.",
            "We went there on a Monday. It was open! Would we go again?",
        ),
        ({}, "We went there only once.", None),
        ({"min_sentences": 1}, "网站首页\n今天天气很好，我们去了公园。", "今天天气很好，我们去了公园。"),
        ({"min_sentences": 1}, "Lorem ipsum dolor sit amet there.", None),
        ({"min_sentences": 1}, "if (a) { return the value b; } and so on.", None),
        ({"min_sentences": 1}, "no sentence here at all", None),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        names = inputs(rows)
        for name in names:
            lines = pl.col(name).str.split("\n").list.eval(pl.element().filter(self._stays(pl.element())))
            rows = rows.with_columns(lines.list.join("\n").alias(f"_kept_{name}"))
            for where, reason in self._rules(pl.col(name), pl.col(f"_kept_{name}")):
                rows = rows.with_columns(leave(where, reason))
        kept = [pl.when(staying()).then(f"_kept_{name}").otherwise(name).alias(name) for name in names]
        return rows.with_columns(kept).drop([f"_kept_{name}" for name in names])

    def _rules(self, text: pl.Expr, kept: pl.Expr) -> Iterator[tuple[pl.Expr, str]]:
        """Where a page leaves, and the reason that the ledger gives."""
        if self.lorem_ipsum:
            yield text.str.contains("(?i)lorem ipsum"), "lorem ipsum"
        if self.curly_bracket:
            yield text.str.contains("{", literal=True), "curly bracket"
        yield kept.str.strip_chars() == "", "no line is a sentence"
        if self.min_sentences is not None:
            yield kept.str.count_matches(SENTENCE) < self.min_sentences, f"under {self.min_sentences} sentences"

    def _stays(self, line: pl.Expr) -> pl.Expr:
        """Whether a line remains."""
        conditions = [pl.lit(value=True)]
        if self.terminal_punctuation:
            conditions.append(line.str.contains(ENDING))
        if self.min_line_words is not None:
            conditions.append(words.count(line) >= self.min_line_words)
        if self.javascript:
            conditions.append(~line.str.contains("(?i)javascript"))
        if self.policy:
            conditions.append(~line.str.contains(POLICY))
        return pl.all_horizontal(conditions)
