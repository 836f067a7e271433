"""Exports of annotation tools that somebody changed: read, or refused with the place; never a crash."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UserError
from registry.kinds import READERS

REGIONS = [
    {"from_name": "a", "type": "choices", "value": {"choices": ["x"]}},
    {"from_name": "b", "type": "labels", "value": {"start": 0, "end": 4, "text": "fine", "labels": ["y"]}},
    {"from_name": "c", "type": "taxonomy", "value": {"taxonomy": [["a", "b"]]}},
    {"from_name": "d", "type": "rating", "value": {"rating": 3}},
    {"from_name": "e", "type": "hypertextlabels", "value": {"globalOffsets": {"start": 0, "end": 4}, "text": "fine"}},
    {"type": "relation", "from_id": "x"},
]
WORK = {
    "completed_by": {"id": 1},
    "result": REGIONS,
    "was_cancelled": False,
    "created_at": "2020",
    "ground_truth": True,
}
EXPORTS: dict[str, Any] = {
    "label_studio": {"id": 1, "data": {"text": "fine film", "n": 2}, "annotations": [WORK]},
    "doccano": {
        "id": 1,
        "text": "fine film",
        "label": ["x", [0, 4, "y"]],
        "entities": [{"start_offset": 0, "end_offset": 4, "label": "z"}],
        "cats": ["c"],
    },
    "argilla": {
        "id": "1",
        "_server_id": "s",
        "text": "fine film",
        "a.responses": ["x", ["x"], 1, [{"start": 0, "end": 4, "label": "y"}], "z"],
        "a.responses.users": ["a", "b", "c", "d", "e"],
        "a.responses.status": ["submitted", "submitted", "submitted", "submitted", "draft"],
    },
    "prodigy": {
        "text": "fine film",
        "label": "X",
        "spans": [{"start": 0, "end": 4, "label": "y"}],
        "accept": ["a"],
        "answer": "accept",
        "_input_hash": 1,
        "_timestamp": 5,
    },
}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.text(max_size=3),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
    st.just([[]]),
    st.just([{}]),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from places(item, (*path, key))


def outcome(tool: str, path: Path) -> str:
    try:
        READERS.get(tool)().read(path, "utf-8")
    except UserError as error:
        return str(error)
    return "read"


@pytest.mark.parametrize("tool", list(EXPORTS))
@given(data=st.data())
def test_any_other_value_anywhere(tool: str, tmp_path: Path, data: st.DataObject) -> None:
    changed = copy.deepcopy(EXPORTS[tool])
    *above, last = data.draw(st.sampled_from(list(places(changed))))
    holder = changed
    for step in above:
        holder = holder[step]
    holder[last] = data.draw(VALUES)
    path = tmp_path / "export"
    path.write_text(json.dumps(changed))
    said = outcome(tool, path)
    assert said == "read" or str(path) in said
