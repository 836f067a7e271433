"""From rows to examples and from answers to scores, where an answer is a set of labels or a number."""

import warnings

import numpy as np
import polars as pl
import pytest

from harness import scoring
from harness.examples import Labels, LabelSets, Numbers, Pair
from harness.kinds import METRICS, TASKS

LABELS = ("a", "b", "c")
SETS = pl.DataFrame({"id": ["2", "1"], "text": ["t", "u"], "labels": [["a", "c"], []]})
NUMBERS = pl.DataFrame({"id": ["2", "1"], "text": ["t", "u"], "text_pair": ["v", "w"], "score": [0.5, -1.0]})


def scores(task, lines, labels=()):
    return {name: round(scoring.computed(METRICS.get(name)(), lines, labels).value, 4) for name in task}


def test_sets_of_labels_go_in_and_come_back_in_the_order_of_the_card():
    task = TASKS.get("multilabel-classification")()
    examples = task.examples(SETS, LABELS)
    assert examples.inputs == task.inputs(SETS, SETS.clear()) == ("t", "u")
    assert examples.told(LabelSets).chosen.tolist() == [[True, False, True], [False, False, False]]
    found = LabelSets(np.array([[False, True, True], [False, False, False]]))
    lines = task.predictions(SETS, found, LABELS)
    assert lines.rows() == [("1", [], []), ("2", ["a", "c"], ["b", "c"])]
    assert scores(("micro_f1", "samples_f1", "hamming_loss"), lines, LABELS) == {
        "micro_f1": 0.5, "samples_f1": 0.75, "hamming_loss": 0.3333,
    }  # fmt: skip


@pytest.mark.parametrize(("name", "inputs"), [
    ("text-regression", ("t", "u")),
    ("text-similarity", (Pair("t", "v"), Pair("u", "w"))),
])  # fmt: skip
def test_numbers_go_in_and_come_back(name, inputs):
    task = TASKS.get(name)()
    examples = task.examples(NUMBERS, ())
    assert examples.inputs == task.inputs(NUMBERS, NUMBERS.clear()) == inputs
    assert examples.told(Numbers).values.tolist() == [0.5, -1.0]
    lines = task.predictions(NUMBERS, Numbers(np.array([1.5, -1.0])), ())
    assert lines.rows() == [("1", -1.0, -1.0), ("2", 0.5, 1.5)]
    assert scores(("mae", "pearson", "r2"), lines) == {"mae": 0.5, "pearson": 1.0, "r2": 0.1111}


@pytest.mark.parametrize("name", ["text-regression", "text-similarity", "multilabel-classification"])
def test_answers_of_another_kind_are_refused(name):
    rows = NUMBERS.with_columns(labels=pl.Series([["a"], ["b"]]))
    with pytest.raises(ValueError, match="answered with Labels"):
        TASKS.get(name)().predictions(rows, Labels(np.array([0, 1])), LABELS)


def test_the_same_number_for_every_row_has_an_error_and_no_correlation():
    lines = TASKS.get("text-regression")().predictions(NUMBERS, Numbers(np.array([0.0, 0.0])), ())
    told = {name: scoring.computed(METRICS.get(name)(), lines, ()) for name in ("pearson", "spearman")}
    assert told == {
        "pearson": "it is undefined on these answers",
        "spearman": "it is undefined on these answers",
    }


def test_errors_too_large_for_a_number_are_told_without_a_warning():
    lines = pl.DataFrame({"id": ["a", "b"], "gold": [1e300, 0.0], "predicted": [-1e300, 0.0]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert scoring.computed(METRICS.get("rmse")(), lines, ()) == "it is undefined on these answers"
        assert scores(("pearson",), lines) == {"pearson": -1}
