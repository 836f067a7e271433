"""The most votes: what a tie becomes, and sets, spans and relations put together part by part."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.annotation.aggregates.majority import Majority
from registry.annotation.answers import spelled
from tests.registry.annotation.aggregates.crowds import anonymous, chosen


def combine(items, ties="drop", answers=("bad", "fair", "good"), form="single"):
    return Majority().combine(anonymous(items, answers)._replace(form=form), ties)


def test_most_votes_win_without_more_than_half():
    found = combine([["good", "bad", "good", "fair"], ["fair"]])
    assert chosen(found) == ["good", "fair"]
    assert found.certainty.tolist() == [0.5, 1]
    assert found.tied.tolist() == [False, False]


@pytest.mark.parametrize("ties", ["drop", "adjudicate"])
def test_a_tie_has_no_answer_until_somebody_decides(ties):
    found = combine([["good", "bad"], [], ["bad"]], ties)
    assert chosen(found) == [None, None, "bad"]
    assert found.tied.tolist() == [True, False, False]
    np.testing.assert_array_equal(found.certainty, [np.nan, np.nan, 1])


def test_a_tie_goes_to_the_label_that_the_card_names_first():
    found = combine([["good", "bad"], ["good", "fair", "fair", "good", "bad"]], "first", ("good", "fair", "bad"))
    assert chosen(found) == ["good", "good"]
    assert found.certainty.tolist() == [0.5, 0.4]
    assert found.tied.all()


def sets(items, ties="drop", form="multi"):
    spellings = [[spelled(form, vote) for vote in item] for item in items]
    return combine(spellings, ties, tuple(sorted(set(chain.from_iterable(spellings)))), form)


def test_labels_of_a_set_are_decided_one_by_one():
    found = sets([[["a", "b"], ["b", "c"], ["a", "c"]], [["a"], ["b"], ["c"]], [[], []], []])
    assert chosen(found) == ['["a","b","c"]', "[]", "[]", None]
    assert found.answers[-1] == '["a","b","c"]'
    np.testing.assert_allclose(found.certainty, [2 / 3, 2 / 3, 1, np.nan])


def test_half_of_the_votes_for_a_label_are_a_tie():
    items = [[["a", "b"], ["a"]], [["b"], ["a"]], [["a", "c"], ["a", "d"], ["b", "e"], ["b", "f"]]]
    assert chosen(sets(items)) == [None, None, None]
    first = sets(items, "first")
    assert chosen(first) == ['["a","b"]', '["a"]', "[]"]
    assert first.tied.all()
    assert first.certainty.tolist() == [0.5, 0.5, 0.5]


def test_spans_and_relations_count_where_they_are_exactly_equal():
    paris, off = [0, 5, "place"], [0, 6, "place"]
    found = sets([[[paris, [9, 12, "person"]], [paris], [off]]], form="spans")
    assert chosen(found) == ['[[0,5,"place"]]']
    of = [paris, [9, 12, "person"], "lives in"]
    assert chosen(sets([[[of], [of], []]], form="relations")) == [spelled("relations", [of])]


def test_labels_that_look_like_lists_are_labels():
    odd = ("[", "[1, 2]", '["b","a"]', "[" * 100_000)
    assert chosen(combine([["[1, 2]", "[1, 2]", "["], ["["], []], answers=odd)) == ["[1, 2]", "[", None]


def test_labels_that_are_spelled_like_sets_are_labels_where_the_card_asks_for_one():
    labels = ('["a"]', '["b"]', '["c"]')
    items = [['["a"]', '["a"]', '["b"]', '["c"]']]
    found = combine(items, answers=labels)
    assert (chosen(found), found.answers) == (['["a"]'], labels)
    assert chosen(combine(items, answers=labels, form="multi")) == [None]


label_sets = st.lists(st.lists(st.sets(st.sampled_from(["a", "é", '"', "B", "很"])), max_size=5), max_size=6)


@settings(deadline=None)
@given(label_sets)
def test_equal_to_the_definition(items):
    found = sets([[sorted(vote) for vote in item] for item in items])
    for answer, tied, item in zip(chosen(found), found.tied, items, strict=True):
        share = {label: sum(label in vote for vote in item) / len(item) for label in set().union(*item)}
        assert tied == (0.5 in share.values())
        expected = spelled("multi", [label for label, part in share.items() if part > 0.5])
        assert answer == (None if tied or not item else expected)
