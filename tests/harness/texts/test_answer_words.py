"""Which differences between two answers are none."""

import pytest

from harness.texts.answer_words import right_answers, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. Army's  a-team", "us armys ateam"),
        ("\tAn\u00a0answer\n", "answer"),
        ("a the an", ""),
        ("theatre Anna a.", "theatre anna"),
        ("“curly” – quotes", "“curly” – quotes"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("3.5%", "35"),
    ],
)
def test_text_without_han_is_read_as_squad_reads_it(text, expected):
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《红楼梦》。", "红 楼 梦"),
        ("NBA总冠军（2016年）", "nba 总 冠 军 2016 年"),
        ("a股 the 市场", "a 股 the 市 场"),
        ("“苹果”…… ~公司", "苹 果 公 司"),
        ("カメラ　です", "カ メ ラ で す"),
        ("𠮷野家", "𠮷 野 家"),
    ],
)
def test_text_with_han_or_kana_is_read_by_characters(text, expected):
    assert " ".join(words(text)) == expected


def test_answers_without_words_leave_no_answer_to_be_right():
    assert right_answers(["The Nile", "the", "..."]) == (("nile",),)
    assert right_answers(["the", ""]) == ((),)
    assert right_answers([]) == ((),)
