"""Whatever stands in an export, it is an answer, no answer, or an error that says so; never a crash."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.annotation.layers import Entry
from registry.annotation.matching import Desk, Item, Skipped, Terms
from registry.annotation.problems import Wrong, wrong
from registry.annotation.spec import Annotation, Scale
from registry.errors import UserError
from registry.kinds import READERS, TOOLS
from registry.reading.answers import Entry as Exported

ITEM = Item("a", "0" * 16, ("fine film",))
CARRIED = {"card": "mine", "item": "a", "shown": "0" * 16, "purpose": "vote", "guidelines": "b" * 12}
MARKS = [(0, 4, "x"), (5, 9, "y")]
SPANS = [
    {
        "id": f"r{start}",
        "from_name": "answer",
        "type": "labels",
        "value": {"start": start, "end": end, "text": "fine film"[start:end], "labels": [label]},
    }
    for start, end, label in MARKS
]
EDGE = {"type": "relation", "from_id": "r0", "to_id": "r5", "labels": ["x"], "direction": "bi"}
CHOICE = {"from_name": "answer", "type": "choices", "value": {"choices": ["x"]}}
RATING = {"from_name": "answer", "type": "number", "value": {"number": 3}}
ENTITIES = [{"id": start, "start_offset": start, "end_offset": end, "label": label} for start, end, label in MARKS]
PLACED = [{"start": start, "end": end, "label": label} for start, end, label in MARKS]


def label_studio(*regions: Any) -> dict[str, Any]:
    work = {
        "id": 1,
        "completed_by": 2,
        "result": list(regions),
        "was_cancelled": False,
        "created_at": "2026-11-23T10:00:00Z",
    }
    return {"id": 1, "data": {"text": "fine film", **CARRIED}, "annotations": [work]}


def doccano(**more: Any) -> dict[str, Any]:
    return {"id": 1, "text": "fine film", **CARRIED, "ann": "ann", **more}


def prodigy(**more: Any) -> dict[str, Any]:
    return {
        "text": "fine film",
        "meta": dict(CARRIED),
        "_input_hash": 1,
        "_annotator_id": "a",
        "answer": "accept",
        **more,
    }


def argilla(value: Any) -> dict[str, Any]:
    answers = {"answer.responses": [value], "answer.responses.users": ["u"], "answer.responses.status": ["submitted"]}
    return {"id": "a", "_server_id": "s", "text": "fine film", **CARRIED, **answers}


EXPORTS: list[tuple[str, Any, dict[str, Any]]] = [
    ("label-studio", "single", label_studio(CHOICE)),
    ("label-studio", "scale", label_studio(RATING)),
    ("label-studio", "relations", label_studio(*SPANS, EDGE)),
    ("doccano", "single", doccano(label=["x"])),
    ("doccano", "relations", doccano(entities=ENTITIES, relations=[{"from_id": 0, "to_id": 5, "type": "x"}])),
    ("prodigy", "multi", prodigy(accept=["x", "y"])),
    ("prodigy", "scale", prodigy(user_input="3")),
    ("prodigy", "relations", prodigy(relations=[{"head_span": PLACED[0], "child_span": PLACED[1], "label": "x"}])),
    ("argilla", "spans", argilla(PLACED)),
    ("argilla", "multi", argilla(["x", "y"])),
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.just(10**400),
    st.sampled_from(["", "x", "nan", "inf", "left"]),
    st.text(max_size=3),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
    st.just([[]]),
    st.just([{}]),
)


def outcome(tool: str, form: Any, exported: dict[str, Any]) -> Entry | Skipped | Wrong | None:
    """None for an export that holds no work at all."""
    scale = Scale(min=0, max=4) if form == "scale" else None
    asked = Annotation(question="What of it?", answer=form, scale=scale)
    terms = Terms(annotator="ann" if tool == "doccano" else None)
    desk = Desk("mine", asked, ("x", "y"), "", {"a": ITEM}, {"fine film": [ITEM]}, terms)
    known = TOOLS.get(tool)()
    try:
        works = list(READERS.get(known.reader)().works(Exported(exported, "export:1")))
        taken = [desk.take(work, known, tool, Path("export")) for work in works]
    except (ValueError, UserError) as error:
        return wrong(error, "export:1")
    return taken[0] if taken else None


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from places(item, (*path, key))


@pytest.mark.parametrize(("tool", "form", "exported"), EXPORTS)
def test_as_it_is_it_is_an_answer(tool: str, form: Any, exported: dict[str, Any]) -> None:
    entry = outcome(tool, form, exported)
    assert isinstance(entry, Entry), entry
    assert (entry.item, entry.guidelines, entry.tool) == ("a", "b" * 12, tool)


@pytest.mark.parametrize(("tool", "form", "exported"), EXPORTS)
@given(data=st.data())
def test_with_any_other_value_anywhere(tool: str, form: Any, exported: dict[str, Any], data: st.DataObject) -> None:
    changed = copy.deepcopy(exported)
    *above, last = data.draw(st.sampled_from(list(places(changed))))
    holder: Any = changed
    for step in above:
        holder = holder[step]
    holder[last] = data.draw(VALUES)
    found = outcome(tool, form, changed)
    if isinstance(found, Wrong):
        assert found.where.split(",")[0] == "export:1"
        assert found.what
        assert found.do
