"""The repetition rules of Gopher, held against a plain implementation of the paper's definitions."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.clean import repetition
from registry.clean.repetition import Repetition
from registry.texts import words
from tests.registry.clean.rows import fates, rows

RULES = [name for name in Repetition.model_fields if name != "min_words"]
OFF = dict.fromkeys(RULES)
PROSE = " ".join(f"word{number}" for number in range(60))


def only(rule, most, min_words=1):
    return Repetition(**OFF | {rule: most}, min_words=min_words)


def test_short_texts_and_prose_stay():
    assert fates(Repetition(), "so so so so", PROSE) == [None, None]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("duplicate_lines", "a1\nb2\na1\nc3"),
        ("duplicate_line_chars", "a1\nb2\na1\nc3"),
        ("duplicate_paragraphs", "a1\nb\n\nc3\n \na1\nb"),
        ("duplicate_paragraph_chars", "a1\nb\n\nc3\n \na1\nb"),
        ("top_2_gram", "a b c a b d a b e"),
        ("top_3_gram", "a b c x a b c y"),
        ("top_4_gram", "a b c d x a b c d y"),
        *((f"duplicate_{n}_gram", " ".join(["x", *"abcdefghij"[:n], "y", *"abcdefghij"[:n]])) for n in range(5, 11)),
    ],
)
def test_each_rule_judges_by_itself(rule, text):
    assert fates(only(rule, 0.2), text) == [f"{rule.replace('_', ' ')} over 0.2"]
    assert fates(only(rule, 0.99), text) == [None]
    assert fates(Repetition(**OFF, min_words=1), text) == [None]


def test_a_paragraph_that_comes_twice_is_no_repeated_line_break():
    assert fates(only("duplicate_paragraphs", 0), "one\ntwo\nthree") == [None]


def test_two_chinese_characters_stand_for_a_word():
    assert fates(only("top_2_gram", 0.2), "好评很快好评很快好吗", "好评真快好评") == ["top 2 gram over 0.2", None]


def test_characters_in_overlapping_repeats_count_once():
    # Twelve equal words: the last eleven end a repeated 5-gram each, and together they cover eleven.
    text = " ".join(["ab"] * 12)
    assert fates(only("duplicate_5_gram", 11 / 12 - 0.01), text) == ["duplicate 5 gram over 0.906667"]
    assert fates(only("duplicate_5_gram", 11 / 12 + 0.01), text) == [None]


small = st.lists(st.sampled_from(["a", "bb", "ccc", "d,"]), min_size=1, max_size=40)


def plain(text, n, top):
    """The share by the book: words by hand, characters without white space."""
    said = pl.select(words.split(pl.lit(text))).item().to_list()
    grams = [tuple(said[at : at + n]) for at in range(len(said) - n + 1)]
    if top:
        repeated = [(count, len("".join(gram))) for gram, count in Counter(grams).items() if count > 1]
        count, length = max(repeated, default=(0, 0))
        return count * length / len("".join(said))
    covered = {at + step for at, gram in enumerate(grams) if gram in grams[:at] for step in range(n)}
    return sum(len(said[at]) for at in covered) / len("".join(said))


@given(found=st.lists(small.map(" ".join), min_size=1, max_size=4), n=st.integers(2, 10))
def test_shares_are_those_of_the_plain_definition(found, n):
    rule = f"top_{n}_gram" if n < 5 else f"duplicate_{n}_gram"
    part = rows(*found).select(_row=pl.int_range(pl.len(), dtype=pl.get_index_type()), _text="text")
    shares = dict(dict(Repetition()._shares(part, 1))[rule].iter_rows())
    assert [shares.get(row, 0) for row in range(len(found))] == pytest.approx([plain(text, n, n < 5) for text in found])


def test_parts_of_any_size_give_the_same(monkeypatch):
    texts = [PROSE, "a b c a b d a b e " * 20, "好评" * 40, "short", f"{PROSE}\n{PROSE}", "x y " * 30]
    whole = fates(Repetition(), *texts)
    monkeypatch.setattr(repetition, "WORDS_AT_ONCE", 10)
    assert fates(Repetition(), *texts) == whole
    assert [reason is None for reason in whole] == [True, False, False, True, False, False]


def test_pairs_and_earlier_reasons():
    frame = rows(PROSE, "x " * 60, pairs=["x " * 60, PROSE], reasons=[None, "earlier"])
    assert Repetition().apply(frame)["_reason"].to_list() == ["top 2 gram over 0.2", "earlier"]
