"""What must be predicted: from a card's column to one text, and from that to the published column."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UserError
from registry.kinds import TARGETS

LISTS = pl.List(pl.String)


def there_and_back(kind: str, values: list, dtype=None) -> list:
    target = TARGETS.get(kind)()
    return target.read(target.spelled(pl.Series("column", values, dtype=dtype))).to_list()


def refusal(kind: str, values: list, dtype=None) -> str:
    with pytest.raises(UserError) as refused:
        TARGETS.get(kind)().spelled(pl.Series("column", values, dtype=dtype))
    return str(refused.value)


@pytest.mark.parametrize("kind", TARGETS.names())
def test_no_answer_stays_none(kind):
    dtype = LISTS if kind in ("labels", "tags") else pl.String
    target = TARGETS.get(kind)()
    spelled = target.spelled(pl.Series("column", [None, None], dtype=dtype))
    assert spelled.to_list() == [None, None]
    assert target.read(spelled).to_list() == [None, None]


def test_sets_are_sorted_and_hold_each_label_once_and_none_is_an_answer():
    assert there_and_back("labels", [["b", "a", "b", "", None], [], None], LISTS) == [["a", "b"], [], None]


def test_one_text_with_several_labels_in_it_is_not_taken_apart_silently():
    assert "string_split(tags, ';') AS labels" in refusal("labels", ["a;b"])


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), min_size=1, max_size=4))
def test_tags_come_back_as_they_were(tags):
    assert there_and_back("tags", tags, LISTS) == tags


def test_numbers_may_be_written_as_text_and_must_be_finite():
    assert there_and_back("number", ["1", " ", "-2.5e3", None]) == [1.0, None, -2500.0, None]
    assert "'one', which is no finite number" in refusal("number", ["1", "one"])
    assert "no finite number" in refusal("number", [1.0, float("nan")])
    assert "a number is needed" in refusal("number", [True])


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_numbers_come_back_to_the_last_bit(numbers):
    assert there_and_back("number", numbers, pl.Float64) == numbers


def test_the_order_in_which_right_answers_are_named_decides_nothing():
    assert there_and_back("texts", [["Rome", "Roma", "Rome"], [], None], LISTS) == [["Roma", "Rome"], [], None]
    assert there_and_back("texts", ["Rome", "", None]) == [["Rome"], None, None]


@given(st.lists(st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=3), min_size=1, max_size=4))
def test_answers_with_quotes_brackets_and_line_ends_survive(answers):
    assert there_and_back("texts", answers, LISTS) == [sorted(one, key=str.encode) for one in answers]


def judged(*pairs):
    return [{"document": document, "grade": grade} for document, grade in pairs]


def test_documents_may_be_named_with_grades_or_without():
    assert there_and_back("relevant", ["d1", "", None]) == [judged(("d1", 1)), None, None]
    assert there_and_back("relevant", [["d2", "d1"], []], LISTS) == [judged(("d1", 1), ("d2", 1)), None]
    assert there_and_back("relevant", [judged(("z", 3), ("a", 1))]) == [judged(("a", 1), ("z", 3))]


def test_what_was_judged_not_relevant_is_no_answer():
    assert there_and_back("relevant", [judged(("z", 0), ("a", 2), ("b", -1))]) == [judged(("a", 2))]
    assert there_and_back("relevant", [judged(("z", 0))]) == [None]


def test_wrong_judgements_are_told():
    assert "names 'd1' twice for one query" in refusal("relevant", [["d1", "d1"]], LISTS)
    assert "a grade that is no whole number" in refusal("relevant", [judged(("d", 0.5))])
    assert "a document without an id" in refusal("relevant", [judged((None, 1))])
    assert "a list of {document, grade} is needed" in refusal("relevant", [[["d"]]])


@pytest.mark.parametrize("kind", ["label", "text"])
def test_lists_are_no_texts(kind):
    assert "is needed" in refusal(kind, [["a"]], LISTS)
