"""Shingles: the n-grams of a text, whatever its script and length."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.near.shingle import Shingle
from tests.registry.near.reference import shingles

FROZEN = [1881206462807204125, 18127351428471334284]
TEXTS = st.lists(st.text(alphabet="abcd 汉字カな😀é", max_size=12), min_size=1, max_size=8)


def found(texts: list[str], shingle: Shingle) -> list[set[int]]:
    return [set(column) for column in shingle.matrix(pl.Series(texts, dtype=pl.String)).T.tolist()]


@given(TEXTS, st.integers(1, 6), st.integers(1, 6))
def test_texts_share_as_many_shingles_as_n_grams(texts: list[str], spaced: int, dense: int) -> None:
    shingle = Shingle(spaced=spaced, dense=dense)
    ours = found(texts, shingle)
    theirs = [shingles(text, shingle) for text in texts]
    for left in range(len(texts)):
        for right in range(len(texts)):
            assert len(ours[left] & ours[right]) == len(theirs[left] & theirs[right])


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("abc", 1), ("abcde", 1), ("abcdef", 2), ("汉", 1), ("汉字", 1), ("汉字汉", 2), ("我用iphone拍", 5)],
)
def test_han_is_cut_shorter_than_letters_and_a_short_text_is_one_shingle(text: str, count: int) -> None:
    assert len(found([text], Shingle())[0]) == count


def test_a_text_has_the_same_shingles_in_any_company() -> None:
    alone = found(["a text that is alone"], Shingle())[0]
    assert found(["", "x" * 500, "a text that is alone", "汉字"], Shingle())[2] == alone


def test_the_shingles_of_today_are_those_of_tomorrow() -> None:
    matrix = Shingle().matrix(pl.Series(["hello world", "今天天气很好"]))
    assert [int(value) for value in np.bitwise_xor.reduce(matrix[:7], axis=0)] == FROZEN
