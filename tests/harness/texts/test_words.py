"""Words and scripts that metrics count by."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.tokenizers import DefaultTokenizer

from harness.texts.words import distinct, runs, script, words


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_of_ascii_text_they_are_those_of_rouge_score(text):
    assert words([text]) == [DefaultTokenizer().tokenize(text)]


def test_each_han_or_kana_character_is_a_word_and_marks_stay_with_their_letters():
    assert words(["Nova 实例 v2，ラーメン", "हिन्दी Ünï", "…!？", ""]) == [
        ["nova", "实", "例", "v2", "ラ", "ー", "メ", "ン"],
        ["हिन्दी", "ünï"],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["hello world", "再见"], "spaced"),
        (["删除 %(name)s 时出错"], "han"),
        (["ファイルを削除する", "削除"], "kana"),
        (["파일을 삭제"], "hangul"),
        (["123 %s", ""], "spaced"),
        ([], "spaced"),
    ],
)
def test_the_script_is_that_of_most_words(texts, expected):
    assert script(texts) == expected


def test_runs_are_counted_and_end_with_the_text():
    assert runs(["a", "b", "a", "b"], 2) == {("a", "b"): 2, ("b", "a"): 1}
    assert not runs(["a"], 2)
    assert distinct(["a b a b", "a"], 2) == 2 / 3
    assert math.isnan(distinct(["", "a"], 2))
