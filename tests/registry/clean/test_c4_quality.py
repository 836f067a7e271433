"""The heuristics of C4, each by itself."""

import pytest

from registry.clean.c4_quality import C4Quality
from tests.registry.clean.rows import fates, rows, texts_after

OFF = {
    "terminal_punctuation": False, "min_line_words": None, "javascript": False, "policy": False, "lorem_ipsum": False,
    "curly_bracket": False, "min_sentences": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ({"terminal_punctuation": True}, "Home | About | Contact"),
        ({"terminal_punctuation": True}, "网站首页"),
        ({"min_line_words": 5}, "Only four words here."),
        ({"min_line_words": 5}, "很好吃。"),
        ({"javascript": True}, "Please turn on JavaScript to read this page."),
        ({"policy": True}, "This site uses cookies, as said in our Privacy Policy."),
    ],
)
def test_a_line_is_taken_out_by_its_rule_alone(rule, line):
    text = f'We went there on a Monday.\n{line}\n"It was open and empty!"'
    without = 'We went there on a Monday.\n"It was open and empty!"'
    assert texts_after(C4Quality(**OFF | rule), text) == [without]
    assert texts_after(C4Quality(**OFF), text) == [text]


@pytest.mark.parametrize(
    ("rule", "text", "reason"),
    [
        ({"lorem_ipsum": True}, "Lorem Ipsum dolor", "lorem ipsum"),
        ({"curly_bracket": True}, "int main() { }", "curly bracket"),
        ({"min_sentences": 3}, "One. Two, at 3.14 or so.", "under 3 sentences"),
        ({"min_sentences": 3}, "很好。下次再来！", "under 3 sentences"),
        ({"terminal_punctuation": True}, "no end\nhere either", "no line is a sentence"),
    ],
)
def test_a_page_leaves_with_its_reason_and_all_of_its_lines(rule, text, reason):
    assert fates(C4Quality(**OFF | rule), text) == [reason]
    assert texts_after(C4Quality(**OFF | rule), text) == [text]
    assert fates(C4Quality(**OFF), text) == [None]


@pytest.mark.parametrize(
    "text", ["One. Two! Three?", 'He said "no." She left. "Why?"', "好。很好！好吗？", "啊……好。对。"]
)
def test_sentences_end_in_the_punctuation_of_both_worlds(text):
    assert fates(C4Quality(**OFF | {"min_sentences": 3}), text) == [None]


def test_a_pair_of_which_one_leaves_keeps_the_lines_of_the_other():
    frame = rows("menu\nThis one is good enough here.", pairs=["menu"])
    after = C4Quality(min_sentences=1).apply(frame)
    assert after.select("text", "_reason").row(0) == ("menu\nThis one is good enough here.", "no line is a sentence")


def test_line_ends_of_windows_do_not_hide_the_punctuation():
    text = "This line has five words.\r\nmenu\r\nAnd this one has more words.\r\n"
    assert texts_after(C4Quality(min_sentences=2), text) == [
        "This line has five words.\r\nAnd this one has more words.\r"
    ]
