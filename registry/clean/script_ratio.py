"""Texts with too few or too many of their letters in a script leave; of pairs, both must fit."""

from typing import Annotated, Any, ClassVar, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from registry.frozen import Frozen
from registry.op import leave
from registry.text import inputs

Script = Literal[
    "arabic", "armenian", "bengali", "cyrillic", "devanagari", "ethiopic", "georgian", "greek", "gujarati", "gurmukhi",
    "han", "hangul", "hebrew", "hiragana", "kannada", "katakana", "khmer", "lao", "latin", "malayalam", "mongolian",
    "myanmar", "sinhala", "tamil", "telugu", "thai", "tibetan",
]  # fmt: skip


class ScriptRatio(Frozen):
    """The share is that of letters in the script, or in any of several, among all letters; digits, punctuation and
    emoji do not count. A text without letters has a share of 0. Scripts are the properties of Unicode, so that `han`
    holds for Chinese in both scripts and for the Kanji of Japanese."""

    script: Script | Annotated[tuple[Script, ...], Field(min_length=1)]
    at_least: float | None = Field(None, ge=0, le=1)
    at_most: float | None = Field(None, ge=0, le=1)

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({"script": "han", "at_least": 0.5}, "物流很快，OK", "物流很快，OK"),
        ({"script": "han", "at_least": 0.5}, "fast delivery 快", None),
        ({"script": "latin", "at_least": 0.9}, "It cost 20 € :)", "It cost 20 € :)"),
        ({"script": ["han", "hiragana", "katakana"], "at_most": 0.2}, "とても良い", None),
        ({"script": "latin", "at_least": 0.1}, "12345", None),
    )

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("must have at_least or at_most")
        if (self.at_least or 0) > (1 if self.at_most is None else self.at_most):
            raise ValueError("at_most must not be below at_least")
        return self

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        scripts = (self.script,) if isinstance(self.script, str) else self.script
        named = " or ".join(scripts)
        classes = "".join(rf"\p{{{script.capitalize()}}}" for script in scripts)
        for name in inputs(rows):
            text = pl.col(name)
            letters = text.str.count_matches(r"\p{L}")
            share = text.str.count_matches(rf"[[{classes}]&&\p{{L}}]") / pl.max_horizontal(letters, 1)
            if self.at_least is not None:
                rows = rows.with_columns(leave(share < self.at_least, f"under {self.at_least:g} of letters {named}"))
            if self.at_most is not None:
                rows = rows.with_columns(leave(share > self.at_most, f"over {self.at_most:g} of letters {named}"))
        return rows
