"""Votes about one label at a time."""

import pytest

from registry.annotation.labelwise import by_label
from tests.registry.annotation.voting import labels, lists, numbers


def about(votes, names=None):
    return {label: [one.answers[int(value)] for value in one.values.tolist()] for label, one in by_label(votes, names)}


def test_a_label_against_all_others():
    votes = labels([["a", "b"], ["c", "a"]], "abc")
    assert about(votes) == {"a": ["a", "", "", "a"], "b": ["", "b", "", ""], "c": ["", "", "c", ""]}


def test_a_label_that_nobody_gave_is_asked_about_too():
    assert about(labels([["a", "a"]], "a"), ("a", "z"))["z"] == ["", ""]


def test_a_set_has_a_label_or_has_it_not():
    votes = lists("multi", [[["x", "y"], ["y"]], [[], ["x"]]])
    assert about(votes) == {"x": ["x", "", "", "x"], "y": ["y", "y", "", ""]}


def test_spans_of_one_label():
    votes = lists("spans", [[[[0, 2, "A"], [3, 4, "B"]], [[3, 4, "B"]]]])
    assert about(votes, ("A", "B")) == {
        "A": ['[[0,2,"A"]]', "[]"],
        "B": ['[[3,4,"B"]]', '[[3,4,"B"]]'],
    }


def test_relations_go_by_their_type():
    one = [[0, 2, "A"], [3, 4, "B"], "in"]
    assert list(about(lists("relations", [[[one], []]]))) == ["in"]


@pytest.mark.parametrize("form", ["scale", "text"])
def test_other_answers_have_no_labels(form):
    assert not about(numbers([[1, 2]])._replace(form=form))
