import json
from pathlib import Path
from typing import Any

import pytest

from registry.errors import UserError
from registry.readers.prodigy import Prodigy

TASK = {
    "text": "a fine film",
    "_input_hash": -5,
    "_task_hash": 9,
    "_annotator_id": "ann",
    "_timestamp": 0,
    "answer": "accept",
}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reader(**more: Any) -> dict[str, Any]:
        path = tmp_path / "answers.jsonl"
        path.write_text("\n" + json.dumps({**TASK, **more}) + "\n")
        (row,) = Prodigy().read(path, "utf-8").to_dicts()
        return row

    return reader


def test_a_choice(read: Any) -> None:
    row = read(options=[{"id": "good", "text": "Good"}], accept=["good"], _view_id="choice")
    assert (row["item"], row["annotator"], row["kind"], row["label"]) == ("-5", "ann", "choice", "good")
    assert (row["labels"], row["value"], row["answered"]) == (["good"], 1.0, "1970-01-01T00:00:00+00:00")
    assert "options" in row["data"]
    assert read(accept=["a", 2])["labels"] == ["a", "2"]


def test_a_question_about_one_label(read: Any) -> None:
    accepted, rejected = read(label="GOOD"), read(label="GOOD", answer="reject")
    assert [(row["question"], row["label"], row["value"]) for row in (accepted, rejected)] == [
        ("GOOD", "GOOD", 1.0),
        ("GOOD", None, 0.0),
    ]


def test_what_was_ignored_is_no_answer(read: Any) -> None:
    row = read(accept=["good"], answer="ignore")
    assert (row["cancelled"], row["label"], row["labels"], row["value"]) == (True, None, None, None)


def test_spans(read: Any) -> None:
    spans = [{"start": 2, "end": 6, "label": "TONE", "token_start": 1, "token_end": 1}]
    row = read(spans=spans)
    assert (row["starts"], row["ends"], row["span_labels"]) == ([2], [6], ["TONE"])
    assert read(spans=[])["starts"] == []
    assert read(spans=spans, answer="reject")["starts"] is None


def test_a_session_stands_for_an_annotator(read: Any) -> None:
    assert read(_annotator_id=None, _session_id="db-bob")["annotator"] == "db-bob"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"answer": None}, r"answers\.jsonl:2\n  has the answer null, not one of: accept"),
        ({"spans": [{"start": 2, "end": 99, "label": "X"}]}, "a span from 2 to 99"),
        ({"spans": [{"start": 2, "end": 6, "text": "film", "label": "X"}]}, 'where "film" was recorded'),
        ({"spans": "x"}, 'must hold a list under "spans", not "x"'),
        ({"text": None}, 'has no text under "text"'),
    ],
)
def test_a_line_that_cannot_be_read_is_named(read: Any, more: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read(**more)
