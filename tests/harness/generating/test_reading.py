"""What models write, read as answers: labels and numbers in free text, and what stands for none."""

import numpy as np
import pytest

from harness.examples import Examples, Labels, Nothing, Numbers
from harness.generating.reading import Reader, label_in, number_in, spoken, usual_of
from registry.errors import UserError


@pytest.mark.parametrize(
    ("text", "names", "label"),
    [
        ("The label is Positive.", ("negative", "positive"), 1),
        ("very positive!", ("positive", "very positive"), 1),
        ("positive, not negative", ("negative", "positive"), 1),
        ("nonsense", ("sense",), None),
        ("这是正面的。", ("负面", "正面"), 1),
        ("ＰＯＳ", ("neg", "pos"), 1),
        ("talk to sport", ("comp.talk", "talk_to_sport"), 1),
        ("c++", ("c", "c++"), 1),
        ("парад", ("рад",), None),
        ("Он рад.", ("рад",), 0),
        ("긍정입니다", ("부정", "긍정"), 1),
        ("体育新闻", ("体育", "体育新闻"), 1),
        ("not spam", ("spam", "not spam"), 1),
        ("", ("a",), None),
        ("İ", ("i̇",), 0),
    ],
)
def test_labels_in_free_text(text, names, label):
    assert label_in(text, names) == label


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a: -.5", -0.5),
        (".5", 0.5),
        ("Rating-3", 3.0),
        ("about 3.5 stars", 3.5),
        ("−2", -2.0),
        ("４分", 4.0),
        ("no", None),
        ("1e999", 1.0),
        ("9" * 400, None),
    ],
)
def test_numbers_in_free_text(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [("<think>a</think> b ", "b"), ("<think>and so on", ""), ("a\n", "a"), ("a </think> b </think> c", "c"), ("", "")],
)
def test_only_what_is_said_counts(text, said):
    assert spoken(text) == said


def test_no_answer_is_an_answer():
    reader = Reader("question-answering", nothing="unanswerable")
    found = reader.read(("Unanswerable.", '"in Paris"\nbecause', "", "not unanswerable at all")).answers
    assert found.texts == ("", "in Paris", "", "not unanswerable at all")


def test_what_cannot_be_read_takes_the_usual_answer_and_is_counted():
    labels = Reader("text-classification", ("a", "b"), usual=0)
    answers, unreadable = labels.read(("b", "?", "b"))
    assert (answers.labels.tolist(), unreadable) == ([1, 0, 1], 1)
    assert labels._replace(usual=None).read(("b", "?")).answers.labels.tolist() == [1, 1]
    numbers = Reader("text-regression")
    assert numbers.read(("1", "3", "?")).answers.values.tolist() == [1, 3, 2]
    assert numbers.read(()).answers.values.shape == (0,)
    for reader in (labels, numbers):
        with pytest.raises(UserError, match=r'none of 2 answers holds a \w+; the first is "\?"'):
            reader.read(("?", "!"))


def test_the_usual_answer_is_that_of_the_train_split():
    assert usual_of(Examples(("x",) * 4, Labels(np.array([2, 1, 1, 2])))) == 1
    assert usual_of(Examples(("x",) * 2, Numbers(np.array([1.0, 4.0])))) == 2.5
    assert usual_of(Examples((), Labels(np.zeros(0, dtype=np.int64)))) is None
    assert usual_of(Examples(("x",), Nothing(1))) is None
