"""The families that search by words: BM25, TF-IDF and the number of shared words."""

import numpy as np
import pytest

from harness.examples import Collection, Examples, Query, Relevance
from harness.models.bm25 import Bm25, Bm25Recipe
from harness.models.overlap_search import OverlapSearch
from harness.models.tfidf_search import TfidfSearch
from registry.errors import UserError

NOTHING = Examples((), Relevance(()))
FAMILIES = (Bm25, TfidfSearch, OverlapSearch)
TEXTS = (
    "the cat and the dog and the bird",
    "a cat in the house of the dog and of a second dog",
    "stock markets fell",
    "如何安装软件包",
)


@pytest.fixture
def search(setting):
    """A fitted family over documents called 0, 1, 2 ..."""

    def make(family, texts=TEXTS, languages=("en",), **recipe):
        known = Collection(tuple(str(number) for number in range(len(texts))), tuple(texts))
        model = family(family.Recipe(**recipe), setting(task="retrieval", collection=known, languages=languages))
        model.fit(NOTHING, NOTHING)
        return model

    return make


@pytest.mark.parametrize("family", FAMILIES)
def test_the_document_with_the_words_of_the_query_is_found(search, family):
    model = search(family)
    found = model.predict((Query("Stock market"), Query("怎样安装"), Query("zebra"), Query("")))
    assert found.documents == (("2",), ("3",), (), ())
    assert model.predict(()).documents == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_candidates_are_put_in_order_and_none_is_lost(search, family):
    found = search(family).predict((Query("markets", ("3", "1", "2")), Query("zebra", ("3", "0"))))
    assert found.documents == (("2", "3", "1"), ("3", "0"))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("texts", [(), ("", "!?")])
def test_nothing_to_search_is_told(search, family, texts):
    with pytest.raises(UserError, match="nothing to search"):
        search(family, texts)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_text_without_words_beside_others_does_no_harm(search, family):
    assert search(family, ("", "cat", "!?")).predict((Query("cat"),)).documents == (("1",),)


def test_rare_words_count_more_than_frequent_ones_but_for_overlap(search):
    texts = ["the a of in cat", *["the a of in house"] * 5, "zebra"]
    asked = (Query("the zebra of a house in"),)
    assert search(Bm25, texts).predict(asked).documents[0][0] == "6"
    assert search(OverlapSearch, texts).predict(asked).documents[0][-1] == "6"


def test_bm25_is_the_formula_of_lucene(search):
    texts = ["x x y", "x z z z z", "y"]
    model = search(Bm25, texts, k1=1.2, b=0.75)
    counts, lengths = np.array([[2, 1], [1, 0], [0, 1]]), np.array([3, 5, 1])
    share = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    length = 1.2 * (1 - 0.75 + 0.75 * lengths / lengths.mean())
    expected = (share * counts / (counts + length[:, None])).sum(axis=1)
    np.testing.assert_allclose(model._scores(["x", "y"]), expected, rtol=1e-6)
    assert model.predict((Query("x y unknown"),)).documents == (("0", "2", "1"),)


def test_a_word_asked_for_twice_counts_twice_for_bm25(search):
    texts = ["x x", "y y", "z"]
    assert search(Bm25, texts).predict((Query("y x x"),)).documents == (("0", "1"),)
    assert search(Bm25, texts).predict((Query("y y x"),)).documents == (("1", "0"),)


def test_english_endings_are_taken_off_but_for_overlap(search):
    asked = (Query("installed package"),)
    texts = ("installing packages", "the man")
    assert search(Bm25, texts).predict(asked).documents == (("0",),)
    assert search(Bm25, texts, languages=("de",)).predict(asked).documents == ((),)
    assert search(OverlapSearch, texts).predict(asked).documents == ((),)


def test_recipes_that_make_no_sense_are_refused():
    for wrong in ({"k1": -1}, {"b": 1.5}, {"method": "bm25l"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Bm25Recipe(**wrong)
