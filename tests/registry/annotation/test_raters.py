"""What a manifest says of annotators: who, how often right, and no more than fits."""

import json

import numpy as np

from registry.annotation.aggregates.majority import Majority
from registry.annotation.raters import MOST_LABELS, MOST_RATERS, confusion, raters, skill
from tests.registry.annotation.aggregates.crowds import anonymous, named


def told(votes):
    return raters(votes, Majority().combine(votes, "drop"))


def test_the_worst_come_first_and_all_is_plain_json():
    agreed = [("ann", "good"), ("bob", "good"), ("cid", "bad"), (None, "good")]
    said = told(named([agreed, [("ann", "fair"), ("bob", "fair"), ("cid", "fair")], [("dan", "bad"), ("cid", "good")]]))
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert [one["name"] for one in said["annotators"]] == ["cid", "ann", "bob", "dan"]
    assert said["annotators"][0] == {
        "name": "cid",
        "votes": 3,
        "skill": 0.5,
        "confusion": [None, [0, 1, 0], [1, 0, 0]],
    }
    # The one item of dan is tied, so there is nothing to hold his vote against.
    assert said["annotators"][3] == {"name": "dan", "votes": 1, "skill": None, "confusion": [None] * 3}
    assert (said["labels"], said["left_out"], said["anonymous_votes"]) == (["bad", "fair", "good"], 0, 1)


def test_of_many_annotators_the_worst_stay():
    many = [[("bad one", "bad"), *((f"rater {number:03}", "good") for number in range(MOST_RATERS + 20))]]
    said = told(named(many))
    assert len(said["annotators"]) == MOST_RATERS
    assert said["annotators"][0]["name"] == "bad one"
    assert said["left_out"] == 21


def test_matrices_of_many_labels_are_left_out():
    labels = tuple(f"label {number:02}" for number in range(MOST_LABELS + 1))
    said = told(named([[("ann", labels[0])]], labels))
    assert said["annotators"] == [{"name": "ann", "votes": 1, "skill": 1}]
    assert "labels" not in said


def test_without_names_there_is_nothing_to_tell():
    assert told(anonymous([["good", "bad"]])) is None


def test_votes_of_people_who_gave_none_are_not_listed():
    votes = named([[("ann", "good")], [("bob", "good")]])
    said = told(votes.where(np.array([True, False])))
    assert [one["name"] for one in said["annotators"]] == ["ann"]


def test_annotators_are_held_against_the_answer():
    items = [[("ann", "good"), ("bob", "good"), ("cid", "bad")], [("ann", "bad"), ("bob", "good"), ("cid", "bad")]]
    votes = named([*items, [("ann", "good"), ("bob", "bad")], [("ann", "fair"), (None, "fair")]])
    answers = Majority().combine(votes, "drop").values
    np.testing.assert_allclose(skill(votes, answers), [1, 1 / 2, 1 / 2])
    cid, bob = confusion(votes, answers, np.array([2, 1]))
    # Rows are answers: bad, fair, good; bob and cid had no item whose answer is fair.
    np.testing.assert_array_equal(bob, [[0, 0, 1], [np.nan] * 3, [0, 0, 1]])
    np.testing.assert_array_equal(cid, [[1, 0, 0], [np.nan] * 3, [1, 0, 0]])
