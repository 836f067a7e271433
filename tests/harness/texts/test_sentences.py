"""Sentences in English and Chinese."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.texts.sentences import joined, sentences


def parts(text):
    return [text[begin:end] for begin, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ('"Really?" he asked. "Yes." She left.', ['"Really?" he asked.', '"Yes."', "She left."]),
        ("Dr. Li et al. (2006) paid 3.5 dollars in the U.S. market.", None),
        ("See Fig. 3 and e.g. Section 2. It holds.", ["See Fig. 3 and e.g. Section 2.", "It holds."]),
        (
            "It costs 5. Then it works with version 2.0. Good.",
            ["It costs 5.", "Then it works with version 2.0.", "Good."],
        ),
        ("J. R. Firth wrote it... And left", ["J. R. Firth wrote it...", "And left"]),
        ("a title\n\nA first line\nand a second", ["a title", "A first line", "and a second"]),
        ("今天很好。明天呢？“不知道！”他说。", ["今天很好。", "明天呢？", "“不知道！”", "他说。"]),
        ("很好.不错!便宜?买了 2.5 公斤", ["很好.", "不错!", "便宜?", "买了 2.5 公斤"]),
        ("用Python 3.11写的。快！！！", ["用Python 3.11写的。", "快！！！"]),
        ("", []),
        (" \n\t ", []),
        ("...", ["..."]),
    ],
)
def test_sentences_end_where_readers_say(text, expected):
    assert parts(text) == (expected if expected is not None else [text])


@given(st.text(alphabet='aB1 .!?。？\n"”)\u3000\r中', max_size=60))
def test_nothing_but_white_space_is_lost(text):
    assert "".join("".join(parts(text)).split()) == "".join(text.split())
    spans = sentences(text)
    assert all(begin < end and not text[begin:end][0].isspace() for begin, end in spans)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def test_sentences_are_put_together_as_their_script_does():
    english, chinese = "One.  Two.\nThree.", "一。二。三。"
    assert joined(english, sentences(english)[1:]) == "Two. Three."
    assert joined(chinese, [sentences(chinese)[0], sentences(chinese)[2]]) == "一。三。"


def test_a_megabyte_of_full_stops_is_read_at_once():
    assert len(sentences("." * 1_000_000)) == 1
    assert len(sentences(". " * 20_000)) == 20_000
