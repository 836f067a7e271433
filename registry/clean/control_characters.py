"""Characters that cannot be seen: control characters, zero-width ones, byte order marks, direction marks, soft hyphens.

Tabs and line feeds stay. Every other sign of a new line (CR, CR LF, form feed, U+2028 ...) becomes a line feed.
"""

from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.texts.rewriting import rewritten

_TERMINAL = r"\x1B\[[0-?]*[ -/]*[@-~]"
_LINES = r"\r\n?|[\x0B\x0C\x1C-\x1F\x{85}\x{2028}\x{2029}]"
_UNSEEN = (
    r"[\x00-\x08\x0E-\x1B\x7F-\x{84}\x{86}-\x{9F}\x{AD}\x{61C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}"
    r"\x{FEFF}\x{FFF9}-\x{FFFC}]"
)
_WORDS_WITHOUT_SPACES = r"\p{M}\p{Khmer}\p{Lao}\p{Myanmar}\p{Thai}"
_JOINED = (
    r"\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Arabic}\p{Syriac}\p{Mandaic}\p{Nko}\p{Mongolian}"
    r"\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}"
    r"\p{Tibetan}\p{Khmer}\p{Myanmar}\p{Balinese}\p{Javanese}"
)
_SUSPECT = (
    r"[\x00-\x08\x0B-\x1F\x7F-\x{9F}\x{AD}\x{61C}\x{200B}-\x{200F}\x{2028}-\x{206F}\x{FEFF}\x{FFF9}-\x{FFFC}"
    r"\x{E0000}-\x{E007F}]"
)
_STEPS = (
    (_TERMINAL, ""),
    (_LINES, "\n"),
    (_UNSEEN, ""),
    (rf"(^|[^{_WORDS_WITHOUT_SPACES}])\x{{200B}}+", "$1"),
    (rf"(^|[^{_JOINED}])[\x{{200C}}\x{{200D}}]+", "$1"),
    (r"(\x{1F3F4}[\x{E0020}-\x{E007E}]{1,6}\x{E007F})|[\x{E0000}-\x{E007F}]", "$1"),
)


class ControlCharacters(Frozen):
    """The joiners U+200C and U+200D stay after letters of Arabic, Indic and other scripts that spell with them, and
    in emoji, which they put together; elsewhere they are noise. The zero-width space stays where it parts words: in
    Thai, Lao, Khmer and Burmese. Tag characters stay in flags; elsewhere they hide text. Nothing is lost with marks of
    direction: texts are stored in reading order, and only their display changes."""

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "\ufeffza\u0000p\u200bped soft\u00adware", "zapped software"),
        ({}, "one\r\ntwo\x0cthree\tfour", "one\ntwo\nthree\tfour"),
        ({}, "很\u200b好\u202e吃\u200d", "很好吃"),
        ({}, "می\u200cخواهم 👩\u200d🚀 क्\u200dष", "می\u200cخواهم 👩\u200d🚀 क्\u200dष"),
        ({}, "\x1b[31mred\x1b[0m", "red"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rewritten(rows, lambda text: text.str.contains(_SUSPECT), _seen)


def _seen(texts: pl.Series) -> pl.Series:
    for pattern, value in _STEPS:
        texts = texts.str.replace_all(pattern, value)
    return texts
