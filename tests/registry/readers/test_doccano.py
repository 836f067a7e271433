import json
from pathlib import Path
from typing import Any

import pytest

from registry.errors import UserError
from registry.readers.doccano import Doccano


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reader(*documents: Any, **parameters: str) -> list[dict[str, Any]]:
        path = tmp_path / "admin.jsonl"
        path.write_text("".join(json.dumps(document) + "\n" for document in documents))
        return Doccano(**parameters).read(path, "utf-8").to_dicts()

    return reader


def test_labels(read: Any) -> None:
    rows = read({"id": 1, "text": "a", "label": ["good"], "Comments": []}, {"id": 2, "text": "b", "label": ["x", "y"]})
    assert [(row["item"], row["label"], row["labels"]) for row in rows] == [
        ("1", "good", ["good"]),
        ("2", None, ["x", "y"]),
    ]
    assert rows[0]["data"] == '{"Comments":[]}'
    assert "annotator" not in rows[0]


def test_nothing_marked(read: Any) -> None:
    (row,) = read({"id": 1, "text": "a", "label": []})
    assert (row["labels"], row["starts"]) == ([], [])


def test_spans_in_both_forms(read: Any) -> None:
    objects = [{"id": 5, "start_offset": 2, "end_offset": 6, "label": "TONE"}]
    rows = read(
        {"id": 1, "text": "a fine film", "label": [[2, 6, "TONE"]]},
        {"id": 1, "text": "a fine film", "entities": objects, "relations": [{"from_id": 5}]},
        {"id": 1, "text": "a fine film", "entities": [[2, 6, "TONE"]], "cats": ["film"]},
    )
    assert [(row["starts"], row["ends"], row["span_labels"]) for row in rows] == [([2], [6], ["TONE"])] * 3
    assert [row["labels"] for row in rows] == [None, None, ["film"]]
    assert "from_id" in rows[1]["data"]


def test_other_keys(read: Any) -> None:
    (row,) = read({"body": "a", "tag": "good", "who": "ann"}, text="body", label="tag", annotator="who")
    assert (row["text"], row["label"], row["annotator"], row["item"]) == ("a", "good", "ann", "a")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"id": 1, "text": "a", "label": [[0, 2, "X"]]}, r"admin\.jsonl:2\n  a span from 0 to 2"),
        ({"id": 1, "text": "a", "label": [[0, 1]]}, "is neither a label nor a span"),
        ({"id": 1, "text": "a", "label": 3}, 'must hold a list under "label", not 3'),
        ({"id": 1, "label": []}, r'has no text under "text"; its keys: id, label'),
    ],
)
def test_a_line_that_cannot_be_read_is_named(read: Any, document: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read({"id": 1, "text": "a", "label": []}, document)
