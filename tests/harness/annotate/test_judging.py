"""How each form of answer is put to a model of labels, and what is made of what it says."""

import numpy as np
import polars as pl
import pytest

from harness.annotate import judging
from harness.annotate.out_of_fold import Table
from registry.errors import UserError

TASK = "text-classification"


def rows(labels, **columns):
    count = len(labels)
    ids = [f"r{number:02}" for number in range(count)]
    texts = {"text": [f"text {number}" for number in range(count)]}
    return pl.DataFrame({"id": ids, **texts, "label": labels, **columns}, schema_overrides={"label": pl.String})


def answering(probabilities, asked=None):
    """A model that says this whatever it is asked; `asked` takes the questions."""

    def predict(table):
        if asked is not None:
            asked.append(table)
        return np.asarray(probabilities, dtype=np.float32)

    return predict


def test_a_label_that_the_model_shares_is_suggested_again():
    given = rows(["a", "b", None] * 5)
    found = judging.of_labels(
        Table(given, ("a", "b"), TASK), answering([[0.8, 0.2], [0.7, 0.3], [0.5, 0.5]] * 5)
    ).doubted()
    assert found["suggested"][:3].to_list() == ["a", "a", "a"]
    assert found["certainty"][:2].to_list() == pytest.approx([0.8, 0.7])
    assert found["unsure"][:3].to_list() == pytest.approx([0.4, 0.6, 1.0])
    assert found["score"][:3].is_null().to_list() == [False, False, True]
    assert found["score"][1] > found["score"][0]


def test_a_scale_is_asked_for_in_parts_and_told_as_a_number():
    asked = []
    given = rows([None] * 4, aggregate=[-2.0, -2.0, 3.0, None])
    found = judging.of_numbers(
        Table(given, (), TASK), answering([[1, 0], [0.25, 0.75], [1, 0], [0.5, 0.5]], asked)
    ).doubted()
    assert asked[0].rows["label"].to_list() == [asked[0].labels[0]] * 2 + [asked[0].labels[1], None]
    assert found["label"].to_list() == ["-2.0", "-2.0", "3.0", None]
    assert found["suggested"].to_list() == ["-2.0", "1.75", "-2.0", "0.5"]
    assert found["certainty"][:3].to_list() == pytest.approx([0, 0.75, 1])
    assert found["unsure"].to_list() == pytest.approx([0, 3**0.5 / 2, 0, 1])
    assert found["score"][2] > found["score"][1] > found["score"][0]


def test_each_label_of_a_set_is_a_question():
    asked = []
    given = rows(['["a"]', None, "[]", '["a","b"]'])
    found = judging.of_sets(Table(given, ("a", "b"), TASK), answering([[0.1, 0.9]] * 3 + [[0.8, 0.2]], asked)).doubted()
    assert [one.rows["label"].to_list() for one in asked] == [["yes", None, "no", "yes"], ["no", None, "no", "yes"]]
    assert found["suggested"].to_list() == ['["a","b"]'] * 3 + ["[]"]
    assert found["certainty"].to_list() == pytest.approx([0.9, 0.9, 0.9, 0.8])


def test_spans_are_asked_for_by_token_and_texts_stay_in_one_fold():
    asked = []
    given = rows(['[[0,4,"X"]]', "[]", None]).with_columns(text=pl.Series(["text one", "two", " "]))
    said = [[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]
    found = judging.of_spans(Table(given, ("X",), TASK), answering(said, asked), 5).doubted()
    (table,) = asked
    assert table.rows["text"].to_list() == ["text", "one", "two"]
    assert table.rows["label"].to_list() == ["X", "", ""]
    assert table.rows["fold"][0] == table.rows["fold"][1]
    assert found["id"].to_list() == ["r00", "r01"], "nothing is asked of a text without tokens"
    assert found["suggested"].to_list() == ['[[0,4,"X"]]', '[[0,3,"X"]]']
    assert found["certainty"].to_list() == pytest.approx([0.8, 0.7])
    assert found["score"][1] > found["score"][0]


@pytest.mark.parametrize("form", [judging.of_sets, lambda table, predict: judging.of_spans(table, predict, 5)])
def test_without_answers_there_is_nothing_to_learn(form):
    with pytest.raises(UserError, match="no row has an answer"):
        form(Table(rows([None, None]), ("a", "b"), TASK), answering([]))
    with pytest.raises(UserError, match="no answer has a label"):
        form(Table(rows(["[]", "[]"]), (), TASK), answering([]))
