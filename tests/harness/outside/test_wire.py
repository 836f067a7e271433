"""Inputs and answers as JSON: everything that passes between tasks and models comes back as it went."""

import io
import json
from datetime import date

import numpy as np
import pytest

from harness.examples import (
    Clip,
    History,
    Labels,
    LabelSets,
    Likelihoods,
    Nothing,
    Numbers,
    Pair,
    Query,
    Question,
    Rankings,
    References,
    Relevance,
    Sounds,
    Tags,
    Texts,
    Tokens,
)
from harness.outside import wire
from registry.errors import UserError

LABELS = ("bad", "good", "5")
SHARES = np.array([[0.25, 0.5, 0.25], [1, 0, 0]], dtype=np.float32)
ANSWERS = [
    Labels(np.array([1, 0])),
    Labels(np.array([1, 2]), SHARES),
    LabelSets(np.array([[True, False, True], [False, False, False]])),
    LabelSets(np.array([[True, True, False], [False, True, False]]), SHARES),
    Numbers(np.array([0.1, -3.0])),
    Tags((np.array([0, 1, 1]), np.array([], dtype=np.int64))),
    Texts(("字 \u2028 \U0001f600", "")),
    Texts(("a", "b"), np.array([0.5, 0.25])),
    Rankings((("d1", "d2"), ())),
    Likelihoods(np.array([12.5, 0.0])),
    Sounds((b"RIFF\x00", b""), np.array([1.0, 2.0])),
]


def sent(answers):
    """As the other side reads it."""
    return [json.loads(json.dumps(line)) for line in wire.told(answers, LABELS)]


def read(*lines):
    return wire.Given(lines, LABELS, lambda row: f"line {row + 1}").answers()


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [plain(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda one: type(one).__name__)
def test_answers_come_back_as_they_went(answers):
    back = read(*sent(answers))
    assert type(back) is type(answers)
    assert plain(tuple(back)) == plain(tuple(answers))


def test_inputs_have_the_names_of_the_tasks_columns():
    given = ("one", Pair("a", "b"), Question("q", "t"), Tokens(("a", "b")), Query("q"), Query("q", ("d1",)))
    assert list(wire.inputs((*given, History("u", ("i",), (1.0,)), Clip(b"RIFF")))) == [
        {"text": "one"},
        {"text": "a", "text_pair": "b"},
        {"question": "q", "text": "t"},
        {"tokens": ("a", "b")},
        {"text": "q"},
        {"text": "q", "candidates": ("d1",)},
        {"user": "u", "items": ("i",), "weights": (1.0,)},
        {"audio": "UklGRg=="},
    ]


def test_right_answers_that_no_model_gives():
    assert sent(References((("a", "b"), ()))) == [{"answers": ["a", "b"]}, {"answers": []}]
    assert sent(Relevance(({"d1": 2},))) == [{"relevant": {"d1": 2}}]
    assert sent(Nothing(2)) == [{}, {}]


def test_probabilities_may_be_numbers_by_label_in_any_order():
    assert read({"label": "bad", "probabilities": {"5": 0, "good": 0.25, "bad": 0.75}}).probabilities.tolist() == [
        [0.75, 0.25, 0]
    ]


def test_a_number_is_the_label_that_is_spelled_like_it():
    assert read({"label": 5}).labels.tolist() == [2]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ({"label": "goood"}, '"label" is "goood", none of: bad, good, 5; nearest: "good"'),
        ({"label": True}, '"label" is true, none of'),
        ({"label": ["good"]}, r'"label" is \["good"\], none of'),
        ({"label": None}, 'lacks "label", which other lines have'),
        ({"score": 1}, 'lacks "label", which other lines have'),
        ({"label": "good"}, 'lacks "probabilities", which other lines have'),
        ({"label": "good", "probabilities": [1]}, "has 1 numbers for 3 labels"),
        ({"label": "good", "probabilities": {"bad": 1}}, "must have a number for each label and for nothing else"),
        ({"label": "good", "probabilities": [1, 0, "x"]}, 'is "x", not a finite number'),
        ({"label": "good", "probabilities": 1}, "is 1, not a list"),
    ],
)
def test_what_will_not_do_is_told_with_its_line(line, what):
    with pytest.raises(UserError, match=what) as told:
        read({"label": "bad", "probabilities": [1, 0, 0]}, line)
    assert told.value.where == "line 2"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ({}, "holds one answer; this one has none of label, labels"),
        ({"label": "bad", "score": 1}, "this one has label and score"),
        ({"score": "1"}, 'is "1", not a finite number'),
        ({"score": True}, "is true, not a finite number"),
        ({"score": 10**400}, "not a finite number"),
        ({"labels": "bad"}, 'is "bad", not a list'),
        ({"tags": ["bad", "worse"]}, 'is "worse", none of'),
        ({"answer": 7}, "is 7, not a text"),
        ({"ranking": [1]}, "is 1, not a text"),
        ({"audio": "%%", "seconds": 1}, '"audio" is no base64'),
        ({"audio": "é", "seconds": 1}, '"audio" is no base64'),
        ({"audio": "UklGRg==", "seconds": -1}, '"seconds" is -1, less than 0'),
        ({"answer": "a", "seconds": -0.5}, '"seconds" is -0.5, less than 0'),
        ({"nats": -1}, '"nats" is -1, less than 0'),
        ({"score": date(2026, 1, 2)}, 'is "2026-01-02", not a finite number'),
        ({"audio": "UklGRg=="}, 'lacks "seconds"'),
    ],
)
def test_a_first_line_that_is_no_answer(line, what):
    with pytest.raises(UserError, match=what) as told:
        read(line)
    assert told.value.where == "line 1"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Epoch 1/3", "is not valid JSON"),
        ('{"score": NaN}', "NaN is no JSON value"),
        ('{"score": 1, "score": 2}', "occurs twice"),
        ("[1]", "no object"),
        (b'{"answer": "\xff"}', "is not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_lines_that_are_no_object(line, what):
    given = io.BytesIO(b"\n" + (line if isinstance(line, bytes) else line.encode()))
    with pytest.raises(UserError, match=what) as told:
        list(wire.lines(given, "line {}".format))
    assert told.value.where == "line 2"


def test_lines_keep_their_numbers_and_lose_what_is_hidden():
    given = io.BytesIO(b'\xef\xbb\xbf{"answer": "the key is abc"}\r\n \n{"answer": "b"}')
    found = wire.lines(given, str, lambda text: text.replace("abc", "***"))
    assert list(found) == [(1, {"answer": "the key is ***"}), (3, {"answer": "b"})]


def test_half_a_surrogate_pair_becomes_what_can_be_stored():
    assert read({"ranking": ["\ud800"]}) == Rankings((("?",),))


def test_sound_may_be_bytes_where_a_file_can_hold_them():
    assert read({"audio": b"RIFF", "seconds": 1}).audio == (b"RIFF",)


def test_a_label_for_a_task_without_labels_is_told_as_an_answer_of_another_kind():
    with pytest.raises(UserError, match='"label" is "good", but the task knows no labels'):
        wire.Given([{"label": "good"}], (), "line {}".format).answers()
