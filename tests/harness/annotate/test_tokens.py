"""Spans to labels of tokens and back."""

import pytest

from harness.annotate.tokens import OUTSIDE, tokens
from registry.annotation.answers import spelled


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Ann lives in New York.", [(0, 3, "PER"), (13, 21, "LOC")]),
        ("👩🏽‍🚀 met Zoë\r\nin 北京市", [(9, 12, "PER"), (17, 20, "LOC")]),
        ("nothing here", []),
        ("一", [(0, 1, "NUM")]),
    ],
)
def test_what_spans_say_comes_back(text, spans):
    cut = tokens(text)
    assert cut.spelled(cut.labelled(spans)) == spelled("spans", [list(span) for span in spans])


def test_a_token_is_a_word_a_sign_or_a_han_character():
    assert tokens("He'll go to 北京 2day…").words == ["He", "'", "ll", "go", "to", "北", "京", "2day", "…"]
    assert tokens(" \n\t").words == []


def test_each_token_is_seen_with_its_neighbours():
    assert tokens("a b c d e").around == ["a b c d", "a b c d e", "a b c d e", "a b c d e", "b c d e"]


def test_of_overlapping_spans_the_first_has_the_token_and_a_part_of_a_word_is_the_word():
    cut = tokens("unhappy end")
    labels = cut.labelled([(2, 7, "A"), (2, 11, "B")])
    assert labels == ["A", "B"]
    assert cut.spelled([OUTSIDE, "A"]) == '[[8,11,"A"]]'
