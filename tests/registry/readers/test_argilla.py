import json
from pathlib import Path
from typing import Any

import pytest

from registry.errors import UserError
from registry.readers.argilla import Argilla

RECORD = {"id": "7", "status": "pending", "_server_id": "s", "text": "a fine film", "film": 3}


def responses(*answers: tuple[str, str, Any], question: str = "answer") -> dict[str, Any]:
    users, statuses, values = (list(column) for column in zip(*answers, strict=True))
    key = f"{question}.responses"
    return {key: values, f"{key}.users": users, f"{key}.status": statuses}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reader(*records: dict[str, Any], text: str = "text") -> list[dict[str, Any]]:
        path = tmp_path / "answers.json"
        path.write_text("[\n" + ",\n".join(json.dumps({**RECORD, **one}) for one in records) + "]")
        return Argilla(text=text).read(path, "utf-8").to_dicts()

    return reader


def test_a_row_for_each_annotator_and_question(read: Any) -> None:
    tone = responses(("ann", "submitted", "good"), ("ben", "submitted", "bad"), question="tone")
    rows = read({**tone, **responses(("ann", "submitted", 4), question="stars")})
    assert [(row["annotator"], row["question"], row["label"], row["value"]) for row in rows] == [
        ("ann", "tone", "good", None),
        ("ann", "stars", None, 4.0),
        ("ben", "tone", "bad", None),
    ]
    assert {(row["item"], row["text"], row["data"]) for row in rows} == {("7", "a fine film", '{"film":3}')}


def test_labels_and_spans(read: Any) -> None:
    spans = [{"start": 2, "end": 6, "label": "TONE"}]
    said = (["a", "b"], ["a"], [], spans)
    rows = read(responses(*((f"user {place}", "submitted", value) for place, value in enumerate(said))))
    assert [(row["labels"], row["label"], row["starts"]) for row in rows] == [
        (["a", "b"], None, None),
        (["a"], "a", None),
        ([], None, []),
        (None, None, [2]),
    ]
    assert (rows[3]["ends"], rows[3]["span_labels"]) == ([6], ["TONE"])


def test_drafts_and_suggestions_are_no_answers_and_what_was_discarded_is_cancelled(read: Any) -> None:
    suggested = {"answer.suggestion": "bad", "answer.suggestion.score": 0.9, "answer.suggestion.agent": "model"}
    rows = read({**responses(("ann", "draft", "good"), ("ben", "discarded", None)), **suggested}, suggested)
    assert [(row["annotator"], row["cancelled"], row["label"], row["data"]) for row in rows] == [
        ("ben", True, None, '{"film":3}'),
        (None, False, None, '{"film":3}'),
    ]


def test_a_question_that_a_record_lacks_is_null_in_it(read: Any) -> None:
    nothing = dict.fromkeys(responses(("ann", "submitted", "good")))
    assert [row["annotator"] for row in read(nothing)] == [None]


def test_another_field_may_hold_the_text(read: Any) -> None:
    assert read({"body": "else"}, text="body")[0]["text"] == "else"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"responses": {"answer": []}}, r"answers\.json:2\n  does not say which answers are drafts\n  Export with"),
        ({"text": None}, 'has no text under "text"'),
        (responses(("ann", "done", "good")), 'has an answer with the status "done", not one of: submitted'),
        ({**responses(("ann", "submitted", "good")), "answer.responses.users": []}, "has 1 answers .* 0 users"),
        (responses(("ann", "submitted", {"a": 1})), r'has an answer that is none: \{"a":1\}'),
        (responses(("ann", "submitted", True)), "has an answer that is none: true"),
        (responses(("ann", "submitted", [1])), "is neither a label nor a span: 1"),
        (responses(("ann", "submitted", [{"start": 2, "end": 99, "label": "X"}])), "a span from 2 to 99"),
    ],
)
def test_a_record_that_cannot_be_read_is_named(read: Any, record: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read(record)
