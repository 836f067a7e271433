"""Web addresses: `http://`, `https://` and `ftp://` ones, and those that begin with `www.`.

An address ends at white space, at Chinese, Japanese, Korean or Thai letters and at their punctuation; a full stop,
comma or bracket at its end belongs to the sentence. Names alone (`example.org`) are left alone.
"""

from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs
from registry.texts.rewriting import Placeholder, Replace, replacement

_LAST = r"[[\p{Latin}\p{Greek}\p{Cyrillic}0-9/_~=#&%+$@-]--[\x{FF00}-\x{FFEF}]]"
_ANY = rf"[{_LAST}.,;:!?'*\[\]]"
# In brackets only where both are there, as in .../wiki/Word_(sense): each bracket is looked at once, so it is linear.
_URL = (
    r"(?i)(?:(?:https?|ftp)://[a-z0-9\[]|(?-u:\b{start-half})www\.[a-z0-9])"
    rf"(?:(?:{_ANY}|\({_ANY}*\))*(?:{_LAST}|\({_ANY}*\)))?"
)


class Urls(Frozen):
    """`token` puts a placeholder in the place of each; `drop` leaves nothing."""

    replace: Replace = "token"
    placeholder: Placeholder = "<URL>"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "See https://example.org/a_(b)?c=d#e, or (www.example.com).", "See <URL>, or (<URL>)."),
        ({}, "官网https://example.org/商品，很好", "官网<URL>商品，很好"),
        ({}, "看http://t.example/x。真的！", "看<URL>。真的！"),
        ({"placeholder": "HTTPURL"}, "wow http://t.example/x…", "wow HTTPURL…"),
        ({"replace": "drop"}, "see http://example.org/ now", "see  now"),
        ({}, "http://, example.org and a.b", "http://, example.org and a.b"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        text = pl.col(inputs(rows))
        return rows.with_columns(text.str.replace_all(_URL, replacement(self.replace, self.placeholder)))
