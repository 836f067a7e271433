"""Questions and passages on the way to models and back."""

import polars as pl
import pytest

from harness.examples import Question, References, Texts
from harness.metrics.exact_match import ExactMatch
from harness.scoring import computed
from harness.tasks.question_answering import QuestionAnswering

ROWS = pl.DataFrame(
    {
        "id": ["b", "a"],
        "question": ["Who?", "Why?"],
        "text": ["Ann did it.", "It rained."],
        "answers": [["Ann", "Ann did"], []],
    },
    schema_overrides={"answers": pl.List(pl.String)},
)


def test_a_row_becomes_a_question_with_all_its_right_answers():
    examples = QuestionAnswering().examples(ROWS, ())
    assert examples.inputs == (Question("Who?", "Ann did it."), Question("Why?", "It rained."))
    assert examples.told(References).texts == (("Ann", "Ann did"), ())


def test_answers_are_scored_also_where_there_is_none():
    found = QuestionAnswering().predictions(ROWS, Texts(("ann", "")), ())
    assert found.rows() == [("a", [], ""), ("b", ["Ann", "Ann did"], "ann")]
    assert computed(ExactMatch(), found, ()).value == 1


def test_too_few_answers_are_refused():
    with pytest.raises(ValueError, match="answered 1 of 2 rows"):
        QuestionAnswering().predictions(ROWS, Texts(("Ann",)), ())
