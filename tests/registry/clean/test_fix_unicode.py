"""Mojibake and its kin: ftfy mends what it can, and meets only the texts that it can change."""

import polars as pl
import pytest
from ftfy import fix_text
from hypothesis import given
from hypothesis import strategies as st

from registry.clean.fix_unicode import FixUnicode

GLITCHES = st.sampled_from(
    "Ã © â € ™ “ ” ‘ ’ … — – Â å ¾ ˆ ð Ÿ ˜ ї Ð ┐ ╨ ﬁ ＡＢ １ ， 。 很 か\u3099 \uac00\u11a8 é e\u0301 "
    "\u3000 \xa0 \x85 \x93 \r \n \x1b[31m \ufeff \u2028 😀 &amp; &lt; &eacute; & # x ' 〜 ￥ ·".split(" ")
)
OPTIONS = st.fixed_dictionaries(
    {
        "uncurl_quotes": st.booleans(),
        "fix_character_width": st.booleans(),
        "unescape_html": st.booleans(),
        "fix_line_breaks": st.booleans(),
        "normalization": st.sampled_from(["NFC", "NFKC", None]),
    }
)


def fixed(text, **options):
    return FixUnicode(**options).apply(pl.DataFrame({"text": [text]}))["text"].item()


def test_chinese_punctuation_stays_unless_asked_for():
    text = "他说：“好！”（第１页），…… ——完"
    assert fixed(text) == text
    assert fixed(text, fix_character_width=True, uncurl_quotes=True) == '他说:"好!"(第1页),…… ——完'


def test_mojibake_in_several_layers_is_mended():
    assert fixed("café".encode().decode("latin-1").encode().decode("latin-1")) == "café"
    assert fixed("â€œhiâ€\x9d") == "“hi”"


def test_lines_that_a_mended_break_parts_are_looked_at_one_by_one():
    assert fixed("\u2028Â Ñﬁ\xa0") == fixed(fixed("\u2028Â Ñﬁ\xa0"))


def test_a_flood_of_combining_marks_is_no_trap():
    assert fixed("x" + "\u0301\u0316" * 50_000) == "x" + "\u0316" * 50_000 + "\u0301" * 50_000


@given(pieces=st.lists(GLITCHES, max_size=10), options=OPTIONS)
def test_what_ftfy_does_not_see_it_would_not_change(pieces, options):
    text = "".join(pieces)
    if fixed(text, **options) == text:
        assert fix_text(text, explain=False, **options) == text


@pytest.mark.parametrize("nested", ["&" + "amp;" * 50_000 + "lt;", "&#38;" + "#38;amp;" * 30_000 + "lt;"])
def test_character_references_in_thousands_of_layers_are_no_trap(nested):
    assert fixed(nested, unescape_html=True) == "<"
