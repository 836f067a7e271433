"""What a word is."""

import polars as pl
import pytest

from registry.texts import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good - really good!", ["good", "-", "really", "good!"]),
        ("我用GPT模型（很好），不错！", ["我", "用", "GPT", "模", "型（", "很", "好），", "不", "错！"]),
        ("カレーが好き", ["カ", "レ", "ー", "が", "好", "き"]),
        ("안녕 하세요", ["안녕", "하세요"]),
        ("全角\u3000空格", ["全", "角", "空", "格"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_words_stand_between_spaces_and_each_character_of_chinese_is_one(text, expected):
    frame = pl.DataFrame({"text": [text]})
    assert frame.select(words.split(pl.col("text"))).item().to_list() == expected
    assert frame.select(words.count(pl.col("text"))).item() == len(expected)


@pytest.mark.parametrize(
    ("text", "expected"), [("很好 ok", True), ("我 use this model", False), ("one two", False), ("", False)]
)
def test_a_text_without_spaces_is_one_of_which_most_words_are_characters(text, expected):
    assert pl.DataFrame({"text": [text]}).select(words.mostly_characters(pl.col("text"))).item() is expected
