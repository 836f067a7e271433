"""Annotators two by two, and each of them with all others."""

from registry.annotation import pairing
from registry.annotation.pairing import most_busy, pairs, with_others
from tests.registry.annotation.voting import numbers


def shown(votes):
    return {pair.votes.names: (pair.items.tolist(), pair.votes.values.tolist()) for pair in pairs(votes)}


def test_pairs_have_the_items_that_both_answered():
    found = shown(numbers([[1, 2, None], [3, 4, 5], [None, 6, 7]]))
    assert found == {
        ("r0", "r1"): ([0, 1], [1, 2, 3, 4]),
        ("r0", "r2"): ([1], [3, 5]),
        ("r1", "r2"): ([1, 2], [4, 5, 6, 7]),
    }


def test_of_two_votes_of_one_annotator_the_last_counts():
    votes = numbers([[1, 2, 9]])._replace(annotators=numbers([[0, 0]]).annotators[[0, 1, 0]], names=("r0", "r1"))
    assert shown(votes) == {("r0", "r1"): ([0], [9, 2])}


def test_anonymous_votes_are_in_no_pair():
    assert not shown(numbers([[1, 2]], named=False))
    half = numbers([[1, 2, 3]])
    half.annotators[1] = -1
    assert list(shown(half)) == [("r0", "r2")]
    assert with_others(half, 0).values.tolist() == [1, 2, 1, 3]


def test_the_annotators_with_the_most_votes_are_looked_at(monkeypatch):
    monkeypatch.setattr(pairing, "MOST_ANNOTATORS", 2)
    votes = numbers([[1, None, 1], [1, 1, 1], [1, None, 1]])
    assert most_busy(votes, 2).tolist() == [0, 2]
    assert list(shown(votes)) == [("r0", "r2")]


def test_each_vote_stands_beside_those_of_the_others():
    votes = numbers([[1, 2, 3], [4, None, 5], [None, 6, None]])
    assert with_others(votes, 2).values.tolist() == [3, 1, 5, 4, 3, 2]
    assert with_others(votes, 1).values.tolist() == [2, 3, 2, 1]


def test_no_vote_stands_beside_more_than_a_bound(monkeypatch):
    monkeypatch.setattr(pairing, "MOST_OTHERS", 2)
    assert len(with_others(numbers([[1, 2, 3, 4, 5]]), 0).counts) == 2
