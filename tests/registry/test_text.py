"""When two texts count as the same: the fast way gives what the plain definition gives."""

import re
import unicodedata

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry import text
from registry.text import UNFOLDED, UNNORMAL, folded, marks, same
from tests.strategies import texts

PIECES = st.lists(
    st.sampled_from([*"aÀΣσ한é가字。", "\u0301", "ㅏ", "ﬁ", " ", "  ", "\u3000", "\x1c", "Ａ", "\t", "İ"])
)


def plainly(values):
    """NFKC, then lower case, then white space, as the definition says."""
    value = pl.col("text").str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.DataFrame({"text": values}, schema={"text": pl.String}).select(value)["text"].to_list()


def fast(values):
    return pl.DataFrame({"text": values}, schema={"text": pl.String}).select(folded(pl.col("text")))["text"].to_list()


@given(st.lists(st.one_of(st.none(), texts, PIECES.map("".join)), max_size=6))
@example(["ΑΣ  ", "ΑΣ\u2028", " ΑΣ", "ΑΣ Α"])
def test_looking_first_folds_as_folding_everything(values):
    assert fast(values) == plainly(values)


def test_no_character_that_is_passed_over_is_changed_by_a_normal_form():
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    passed = [one for one in every if not re.search(UNNORMAL, one)]
    assert len(passed) > 30_000
    for form in ("NFC", "NFKC"):
        assert all(unicodedata.is_normalized(form, one) for one in passed)
    assert not any(unicodedata.combining(one) for one in passed), "none joins the one before it"
    assert re.search(UNFOLDED, "\u1161"), "a Hangul vowel joins the consonant before it"


@pytest.mark.parametrize("pair", [("Ａ b", "a  B"), ("ﬁne", "FINE"), ("全　角", "全 角")])
def test_equal_examples_have_equal_marks(pair):
    rows = pl.DataFrame({"text": [*pair, "other"]})
    assert same(marks(rows)).to_list() == [0, 0, 2]


def test_both_texts_of_a_pair_make_the_example():
    rows = pl.DataFrame({"text": ["a", "a", "a"], "text_pair": ["b", "c", "B"]})
    assert same(marks(rows)).to_list() == [0, 1, 0]


@given(st.lists(texts, max_size=8))
def test_marks_tell_what_folded_texts_tell(values):
    rows = pl.DataFrame({"text": values}, schema={"text": pl.String})
    found, kept = same(marks(rows)).to_list(), fast(values)
    assert [kept[place] for place in found] == kept
    assert len(set(found)) == len(set(kept))


def test_the_frozen_version_is_the_first():
    assert text.VERSION == 1
