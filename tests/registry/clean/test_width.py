"""Letters, digits and punctuation change their width each by itself."""

from unicodedata import normalize

import polars as pl
import pytest

from registry.clean.width import Width

TEXT = "ＡＢＣ１２３，ABC123,（￥）"


def changed(text, **parameters):
    return Width(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("parameters", "after"),
    [
        ({}, "ABC123，ABC123,（￥）"),
        ({"letters": "keep"}, "ＡＢＣ123，ABC123,（￥）"),
        ({"digits": "full", "letters": "keep"}, "ＡＢＣ１２３，ABC１２３,（￥）"),
        ({"punctuation": "half"}, "ABC123,ABC123,(¥)"),
        ({"punctuation": "full", "letters": "full", "digits": "full"}, "ＡＢＣ１２３，ＡＢＣ１２３，（￥）"),
    ],
)
def test_each_kind_by_itself(parameters, after):
    assert changed(TEXT, **parameters) == after


@pytest.mark.parametrize("kana", ["ﾊﾟｰﾃｨｰ", "ｳﾞｧｲｵﾘﾝ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ｡", "｢ｱ･ｲ｣､"])
def test_half_width_katakana_become_what_nfkc_makes_of_them(kana):
    assert changed(kana) == normalize("NFKC", kana)


def test_katakana_can_stay_and_a_mark_alone_has_a_form_of_its_own():
    assert changed("ｶﾞ", katakana="keep") == "ｶﾞ"
    assert changed("ｱﾞ") == "ア゛"


def test_spaces_are_left_to_whitespace():
    assert changed("全\u3000角") == "全\u3000角"
