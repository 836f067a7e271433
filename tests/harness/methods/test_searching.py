"""What counts as a term, and scores as rankings."""

import numpy as np
import pytest

from harness.examples import Collection, Query
from harness.methods.searching import rankings, terms
from registry.progress import Silent


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Debian's apt-get １２", ["debian", "s", "apt", "get", "12"]),
        ("如何安装Debian？我", ["如何", "何安", "安装", "debian", "我"]),
        ("カーネル!", ["カー", "ーネ", "ネル"]),
        ("ΣΊΣΥΦΟΣ naïve_2 한국어 단어", ["σίσυφος", "naïve_2", "한국어", "단어"]),
        ("!? 😀\x00", []),
        ("", []),
    ],
)
def test_words_are_terms_and_of_han_every_two_neighbours(text, found):
    assert terms([text], "none", ()) == [found]


def test_endings_of_english_words_go_where_the_card_has_english():
    text = ["Installing packages 安装"]
    stemmed, whole = [["instal", "packag", "安装"]], [["installing", "packages", "安装"]]
    assert terms(text, "auto", ("zh", "en-GB")) == terms(text, "english", ("zh",)) == stemmed
    assert terms(text, "auto", ("zh",)) == terms(text, "none", ("en",)) == whole


def ranked(query, scores):
    known = Collection(("a", "b", "c", "d"), ("",) * 4)
    return rankings([query], known, [np.array(scores)], Silent()).documents[0]


def test_what_shares_nothing_is_not_found_and_equal_scores_stand_in_order_of_id():
    assert ranked(Query("q"), [1.0, 0.0, 2.0, 1.0]) == ("c", "a", "d")
    assert ranked(Query("q"), [0.0] * 4) == ()


def test_candidates_are_all_kept_and_equal_ones_stay_in_their_order():
    assert ranked(Query("q", ("d", "b", "a")), [1.0, 0.0, 2.0, 0.0]) == ("a", "d", "b")
    assert ranked(Query("q", ()), [1.0] * 4) == ()
