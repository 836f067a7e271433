"""Text that was decoded wrongly (mojibake: `cafÃ©`) and other glitches of Unicode, mended by ftfy.

Put it before `control_characters`: the C1 controls that are taken out there are what mojibake is known by.
"""

from typing import Any, ClassVar, Literal

import polars as pl

from registry.frozen import Frozen
from registry.texts.rewriting import each, rewritten

# ftfy changes no text of these alone. The code pages that mojibake comes from have dashes, quotes and dots as first
# bytes or as continuation bytes, but none has both, so that no character hides in them.
_PLAIN = r"\t\n\x20-\x7E\u{4E00}-\u{9FFF}"
_SETTLED = _PLAIN + r"\u{3001}-\u{3096}\u{30A0}-\u{30FF}\u{3400}-\u{4DBF}\u{AC00}-\u{D7A3}\u{1F300}-\u{1FAFF}"
_DASHES, _QUOTES, _WIDE = r"\u{2013}\u{2014}\u{2026}", r"\u{2018}-\u{201D}", r"\u{3000}\u{FF01}-\u{FF5E}"
# ftfy works line by line, so that a line break that it mends shows it other lines.
_ROUNDS = 8
_AMPERSANDS = r"(?i)&(?:(?:amp|#0*38|#x0*26);){2,}"


class FixUnicode(Frozen):
    """The options are those of `ftfy.TextFixerConfig`. What would change Chinese punctuation is off: `width` folds
    letters and digits alone, and quotes “ ” are Chinese, too. `unescape_html` mends mojibake that hides in character
    references; the op of that name does nothing else."""

    fix_encoding: bool = True
    fix_latin_ligatures: bool = True
    fix_character_width: bool = False
    uncurl_quotes: bool = False
    fix_line_breaks: bool = True
    remove_terminal_escapes: bool = True
    remove_control_chars: bool = True
    unescape_html: bool = False
    normalization: Literal["NFC", "NFKC"] | None = "NFC"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ("ftfy",)
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "schÃ¶ne GrÃ¼ÃŸe â€“ see you", "schöne Grüße – see you"),
        ({}, "å¾ˆå¥½, 4 stars", "很好, 4 stars"),
        ({}, "“价格ＯＫ”，很好！ﬁne", "“价格ＯＫ”，很好！fine"),
        ({"uncurl_quotes": True, "fix_character_width": True}, "“ＯＫ，好！”", '"OK,好!"'),
        ({"unescape_html": True}, "caf&Atilde;&copy; &amp;amp;amp; bar", "café & bar"),
        ({"fix_encoding": False}, "cafÃ©", "cafÃ©"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        from ftfy import TextFixerConfig, fix_text

        # ftfy normalises with Python, whose time grows with the square of a run of combining marks.
        config = TextFixerConfig(explain=False, **{**self.model_dump(), "normalization": None})

        def fixed(texts: pl.Series, rounds: int = _ROUNDS) -> pl.Series:
            after = each(texts, lambda text: fix_text(text, config))
            if self.normalization:
                after = after.str.normalize(self.normalization)
            again = after.filter(after != texts).unique() if rounds > 1 else after.clear()
            return after.replace(again, fixed(again, rounds - 1)) if again.len() else after

        return rewritten(rows, self._suspect, lambda texts: fixed(self._flat(texts)))

    def _suspect(self, text: pl.Expr) -> pl.Expr:
        if self.normalization == "NFKC":
            settled = _PLAIN
        else:
            settled = _SETTLED + _DASHES
            settled += "" if self.uncurl_quotes else _QUOTES
            settled += "" if self.fix_character_width else _WIDE
        found = text.str.contains(f"[^{settled}]")
        return found | text.str.contains("&[#0-9A-Za-z]+;") if self.unescape_html else found

    def _flat(self, texts: pl.Series) -> pl.Series:
        """`&amp;amp;amp;` as `&amp;`, which means the same here: ftfy takes one layer after the other."""
        return texts.str.replace_all(_AMPERSANDS, "&amp;") if self.unescape_html else texts
