"""Equal answers are equal texts, whatever order a tool gave them in; labels of before count as those of today."""

import json

import pytest

from registry.annotation.answers import labels, migrated, spans, spelled


def test_a_set_is_spelled_sorted_and_once():
    assert spelled("multi", ["b", "a", "b"]) == spelled("multi", ["a", "b"]) == '["a","b"]'
    assert labels(spelled("multi", ["喜", "怒"])) == ("喜", "怒")


def test_spans_are_spelled_in_one_order():
    given = [[5, 9, "PER"], [0, 3, "LOC"]]
    assert spelled("spans", given) == spelled("spans", given[::-1])
    assert spans(spelled("spans", given)) == ((0, 3, "LOC"), (5, 9, "PER"))


def test_relations_hold_both_spans_and_a_type():
    told = spelled("relations", [[[5, 9, "PER"], [0, 3, "LOC"], "lives in"]])
    assert json.loads(told) == [[[5, 9, "PER"], [0, 3, "LOC"], "lives in"]]


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("scale", "3"),
        ("scale", True),
        ("single", ""),
        ("single", 3),
        ("single", ["a"]),
        ("multi", "a"),
        ("multi", [1]),
        ("spans", [[3, 3, "X"]]),
        ("spans", [[-1, 3, "X"]]),
        ("spans", [[0, 3]]),
        ("relations", [[0, 3, "X"]]),
    ],
)
def test_what_is_no_answer_is_refused(form, answer):
    with pytest.raises(ValueError, match="it "):
        spelled(form, answer)


def test_renamed_and_merged_labels_count_as_those_of_today():
    now = {"biz": "business", "tech": "science", "misc": None}
    assert migrated("single", "biz", now) == "business"
    assert migrated("single", "sport", now) == "sport"
    assert migrated("single", "misc", now) is None
    assert migrated("multi", '["biz","misc","science","tech"]', now) == '["business","science"]'
    assert migrated("spans", '[[0,2,"misc"],[3,5,"biz"]]', now) == '[[3,5,"business"]]'
