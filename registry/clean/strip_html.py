"""HTML to its text: tags out, a new line where a block begins or ends, character references decoded.

Comments and the contents of `script`, `style`, `template` and the like go as well. Only the names of HTML's elements
make tags, so that `a < b`, `<unk>`, `<EMAIL>` and `List<String>` stay. No tree is built: a parser that builds one needs
quadratic time for deep nesting, and neither its repairs nor its depth matter for the text.
"""

from functools import partial
from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.texts.rewriting import REFERENCE, decoded, rewritten

_BLOCKS = (
    "address article aside blockquote body br button caption center col colgroup dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html isindex "
    "legend li link listing main menu meta nav ol optgroup option p pre search section select summary table tbody "
    "td textarea tfoot th thead title tr ul xmp"
).split()
_INLINE = (
    "a abbr acronym applet area audio b base basefont bdi bdo bgsound big blink canvas cite code data datalist "
    "del dfn em embed font i img input ins kbd keygen label map mark marquee math menuitem meter nobr object "
    "output param picture plaintext progress q rb rp rt rtc ruby s samp slot small source span strike strong sub "
    "sup time track tt u var video wbr [a-z][a-z0-9]*(?:[:-][a-z0-9]+)+"
).split()
_UNREAD = "script style template iframe noscript noembed noframes svg".split()
_FLAGS = (
    "allowfullscreen async autofocus autoplay checked compact controls declare default defer disabled formnovalidate "
    "hidden inert ismap itemscope loop multiple muted nohref nomodule noresize noshade novalidate nowrap open "
    "playsinline readonly required reversed selected"
).split()
_VALUE = r"""=\s*"[^"]*"|=\s*'[^']*'"""
_ANYTHING = rf"(?:[\s/](?:{_VALUE}|[^>])*)?"
# Without a value only what HTML has without one is an attribute: `a<b && c>d` and `1<a and a>2` hold no tags.
_ATTRIBUTES = (
    rf"(?:[\s/]+(?:{'|'.join(_FLAGS)}))*"
    rf"""(?:[\s/]+[a-z_:@#*(\[][^\s"'<>/=]*\s*(?:{_VALUE}|=)(?:{_VALUE}|[^>])*)?[\s/]*"""
)
_SKIPPED = "|".join(
    [
        r"<!---?>|<!--.*?(?:-->|\z)",
        r"<!doctype\b[^>]*>",
        r"<\?(?:xml|php)\b.*?(?:\?>|\z)",
        *(rf"<{name}{_ANYTHING}>.*?(?:</{name}{_ANYTHING}>|\z)" for name in _UNREAD),
        rf"</(?:{'|'.join(_UNREAD)}){_ANYTHING}>",
    ]
)
# One pass finds what is markup, from the left, as a browser does: what looks like a tag in an attribute or a script is
# none. It leaves bare tags, which are then taken out.
_MARKUP = rf"(?is:{_SKIPPED}|<!\[CDATA\[(.*?)(?:\]\]>|\z)|(<)(/?(?:{'|'.join((*_BLOCKS, *_INLINE))})){_ATTRIBUTES}(>))"
_BLOCK = rf"(?i)\s*(?:</?(?:{'|'.join(_BLOCKS)})>\s*)+"
_TAG = rf"(?i)</?(?:{'|'.join(_INLINE)})>"
_ROUNDS = 8


class StripHtml(Frozen):
    """Markup that was escaped (`&lt;b&gt;`) or that shows once other markup is gone counts as markup, too. What still
    holds some after eight rounds was made to: its signs `<`, `>` and `&` go."""

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "<p>Good <b>val</b>ue</p><p>R&amp;D&nbsp;&#8364;5</p>", "Good value\nR&D\u00a0€5"),
        ({}, '<div title="a > b">很好<br/>便宜</div><script>if (a<b) alert("</p>")</script>', "很好\n便宜"),
        ({}, "if a < b and c > d, <unk> &c; stays", "if a < b and c > d, <unk> &c; stays"),
        ({}, "&lt;i&gt;escaped&lt;/i&gt; <!-- not <b>seen</b> -->twice", "escaped twice"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rewritten(rows, _holds_markup, _stripped)


def _holds_markup(text: pl.Expr) -> pl.Expr:
    return text.str.contains(f"{_MARKUP}|{REFERENCE}")


def _stripped(texts: pl.Series, rounds: int = _ROUNDS) -> pl.Series:
    if not rounds:
        return texts.str.replace_all("[<>&]", "")
    bare = texts.str.replace_all(_MARKUP, "$1$2$3$4")
    plain = bare.str.replace_all(_BLOCK, "\n").str.replace_all(_TAG, "").str.strip_chars()
    whole = rewritten(plain.to_frame("text"), lambda text: text.str.contains(REFERENCE), decoded)
    return rewritten(whole, _holds_markup, partial(_stripped, rounds=rounds - 1))["text"]
