"""N-grams of words and characters, of one text and of two."""

import pytest

from harness.examples import Pair
from harness.methods.ngrams import Counting, hashing, judged, ordered, vectors_of
from registry.errors import UserError


def test_chinese_japanese_and_korean_are_read_by_characters_and_other_texts_by_words():
    assert (
        judged("auto", ("这部电影很好 OK",))
        == judged("auto", ("とても良い",))
        == judged("auto", ("아주 좋다",))
        == "char"
    )
    assert judged("auto", ("a good film 好",)) == judged("auto", ()) == "word"
    assert judged("char", ("a good film",)) == "char"


def test_a_pair_has_the_ngrams_of_both_texts_and_those_that_they_share():
    vectors = vectors_of(Counting(ngrams=(1, 1), sublinear_tf=False), (Pair("red car", "red bus"),), "tfidf")
    names = vectors.vectorizer.get_feature_names_out().tolist()
    found = vectors.of((Pair("car red", "bus"), Pair("red", "red"))).toarray() > 0
    parts = [[name for name, there in zip(names * 3, row, strict=True) if there] for row in found]
    assert parts == [["car", "red", "bus"], ["red", "red", "red"]]


def test_texts_without_an_ngram_are_refused_for_the_family_that_counts():
    with pytest.raises(UserError, match="centroid cannot count"):
        vectors_of(Counting(), ("", "!"), "centroid")


def test_counts_of_hashed_ngrams_are_counts_whatever_stands_in_a_text():
    counts = hashing("word", (1, 2), 2**16).transform(["Red red CAR", "", "\ud800 \x00"])
    assert sorted(counts[0].data.tolist()) == [1, 1, 1, 2]
    assert counts[1].nnz == counts[2].nnz == 0


@pytest.mark.parametrize("ngrams", [(0, 1), (2, 1), (1, 11)])
def test_runs_are_from_one_to_ten(ngrams):
    with pytest.raises(ValueError, match="1 to 10"):
        ordered(ngrams)
