"""The quality rules of Gopher, each by itself."""

import pytest

from registry.clean.gopher_quality import GopherQuality
from tests.registry.clean.rows import fates

OFF = dict.fromkeys(
    ("min_words", "max_words", "min_mean_word_length", "max_mean_word_length", "hashes_per_word", "ellipses_per_word",
     "bullet_lines", "ellipsis_lines", "min_alphabetic_words", "min_stop_words")
)  # fmt: skip
GOOD = "We have been to the city that you know, and it was a good day with friends of mine there. " * 3
CHINESE = "我们在公园里走了很久，天气是真的很好，路上有很多人，孩子和老人都不想回家，大家都说下次还要再来。" * 2


def test_prose_passes_every_rule_in_english_and_in_chinese():
    assert fates(GopherQuality(), GOOD, CHINESE) == [None, None]


@pytest.mark.parametrize(
    ("rule", "text", "reason"),
    [
        ({"min_words": 3}, "one two", "under 3 words"),
        ({"max_words": 2}, "很好吃", "over 2 words"),
        ({"min_mean_word_length": 3}, "a b c d", "mean word under 3"),
        ({"max_mean_word_length": 10}, "antidisestablishmentarianism", "mean word over 10"),
        ({"hashes_per_word": 0.1}, "so #good and ＃nice", "over 0.1 hashes per word"),
        ({"ellipses_per_word": 0.1}, "well … no... 好吧。。。", "over 0.1 ellipses per word"),
        ({"bullet_lines": 0.9}, "• one\n  - two\n· 三", "over 0.9 bullet lines"),
        ({"ellipsis_lines": 0.3}, "read more…\nread on\n", "over 0.3 ellipsis lines"),
        ({"min_alphabetic_words": 0.8}, "1 2 3 four", "under 0.8 alphabetic words"),
        ({"min_stop_words": 2}, "The cat sat on the mat", "under 2 stop words"),
        ({"min_stop_words": 2}, "好好好好的", "under 2 stop words"),
    ],
)
def test_each_rule_has_its_reason_and_all_are_off_without_it(rule, text, reason):
    assert fates(GopherQuality(**OFF | rule), text) == [reason]
    assert fates(GopherQuality(**OFF), text) == [None]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"min_mean_word_length": 3}, "很好吃，下次再来"),
        ({"min_alphabetic_words": 0.8}, "很好吃得很，3"),
        ({"bullet_lines": 0.9}, "-5 degrees\nwell-known"),
        ({"min_stop_words": 2}, "To be"),
        ({"min_stop_words": 2}, "他的书是新书"),
        ({"min_stop_words": 1, "stop_words": ["der", "die"]}, "Die Stadt"),
    ],
)
def test_what_a_rule_lets_pass(rule, text):
    assert fates(GopherQuality(**OFF | rule), text) == [None]
