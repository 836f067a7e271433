"""One script for all texts: words decide, and text that is in it already is left alone."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.clean.chinese_script import ChineseScript

SCRIPTS = ("simplified", "traditional", "taiwan", "hongkong")
SYLLABLES = st.sampled_from(
    "头发 發現 干扰 干擾 皇后 後來 乾隆 干净 老幺 什么 推荐 性价比 里面 裏面 這裡 群众 羣眾 温暖 溫暖 吃喫 台灣 臺灣 "
    "发霉 著名 凉 畫 A ， 日本語 脱 脫 户 戶 峯 峰 㐹 衞 衛".split()
)


def converted(text, to):
    return ChineseScript(to=to).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("to", "after"),
    [
        ("simplified", "理发店里发现了皇后"),
        ("traditional", "理髮店裏發現了皇后"),
        ("taiwan", "理髮店裡發現了皇后"),
        ("hongkong", "理髮店裏發現了皇后"),
    ],
)
def test_one_sentence_in_each_script(to, after):
    assert converted("理发店里发现了皇后", to) == after


@pytest.mark.parametrize("text", ["不受干擾", "老闆娘與皇后", "乾隆年間", "吃飯了沒", "里長來了"])
@pytest.mark.parametrize("to", ["traditional", "taiwan"])
def test_traditional_text_is_not_converted_once_more(text, to):
    assert converted(text, to) == text


def test_short_text_that_might_be_both_is_taken_for_simplified():
    assert converted("推荐", "traditional") == "推薦"


@given(parts=st.lists(SYLLABLES, max_size=5), to=st.sampled_from(SCRIPTS))
def test_converted_text_stays_as_it_is(parts, to):
    once = converted("".join(parts), to)
    assert converted(once, to) == once


@pytest.mark.parametrize("to", SCRIPTS)
def test_every_character_comes_to_rest(to):
    characters = [
        chr(code) for block in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00)) for code in range(*block)
    ]
    op = ChineseScript(to=to)
    once = op.apply(pl.DataFrame({"text": characters}))
    assert op.apply(once).equals(once)
