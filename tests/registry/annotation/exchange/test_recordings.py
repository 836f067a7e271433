"""What a real Label Studio exported comes in as it was answered."""

import json

import pytest

from registry.annotation.answers import spans, spelled
from registry.annotation.importing import Imported, imported
from registry.annotation.items import items
from registry.annotation.matching import CANCELLED, EMPTY, Terms
from registry.errors import UserError
from tests.recordings import FORMS, PEOPLE, lay, recording
from tests.worlds import World

GIVEN = {
    "single": {
        "r1": {"ada": "good", "ben": "good", "cai": "bad"},
        "r2": {"ada": "bad", "ben": "bad"},
        "r3": {"ada": "unclear", "ben": "good", "cai": "unclear"},
        "r5": {"cai": "good"},
    },
    "multi": {
        "t1": {"ada": ["food", "staff"], "ben": ["food"]},
        "t2": {"ada": ["room"]},
        "t3": {"ada": []},
    },
    "scale": {"s1": {"ada@example.org": 5, "ben@example.org": 4}, "s2": {"ada@example.org": 2, "ben@example.org": 1}},
    "relations": {"k1": {"ada": [[[2, 5, "person"], [12, 15, "person"], "knows"]]}, "k2": {"ben": []}},
    "preference": {"p1": {"ada": "first"}, "p2": {"ada": "second"}},
    "text": {"w1": {"ada": "soup \U0001f600", "ben": "about soup"}},
}
MARKED = {
    "n1": {"ada": [("Ada", "person"), ("Ben", "person"), ("Rome", "place")], "ben": [("Ada met Ben", "person")]},
    "n2": {"ada": [("Ben", "person"), ("two Ada\r\nthree", "place")]},
    "n3": {"ada": [("Ada", "person"), ("Ben \U0001f469\u200d\U0001f469\u200d\U0001f467 Cai", "person")]},
    "n4": {"ada": []},
    "n5": {"ada": [("Ada", "person"), ("Cai", "place")]},
}
LEFT = {
    "single": {CANCELLED: 1, EMPTY: 1},
    "scale": {CANCELLED: 1},
    "spans": {CANCELLED: 1},
    "preference": {EMPTY: 1},
    "text": {EMPTY: 1},
}


def came(world: World, form: str) -> Imported:
    return imported(form, [recording(form)], lay(world, form).catalog, Terms(renamed=PEOPLE))


def answers(found: Imported) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = {}
    for entry in found.entries:
        told.setdefault(entry.item, {})[str(entry.annotator)] = entry.answer
    return told


@pytest.mark.parametrize("form", GIVEN)
def test_every_answer_comes_in(world: World, form: str) -> None:
    assert answers(came(world, form)) == GIVEN[form]


def test_every_part_that_was_marked_is_the_one_that_comes_in(world: World) -> None:
    """Over line ends, behind and around characters beyond the first plane, and in what looks like markup."""
    found = answers(came(world, "spans"))
    texts = dict(items("spans", world.catalog).rows.select("id", "text").rows())
    assert {
        item: {
            who: sorted((texts[item][start:end], label) for start, end, label in spans(str(spelled("spans", answer))))
            for who, answer in by.items()
        }
        for item, by in found.items()
    } == MARKED


@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_answer_is_counted(world: World, form: str) -> None:
    assert came(world, form).skipped == LEFT.get(form, {})


@pytest.mark.parametrize("form", FORMS)
def test_a_second_time_nothing_is_new(world: World, form: str) -> None:
    assert came(world, form).new
    again = came(world, form)
    assert (again.new, again.layer) == (0, None)


def test_an_answer_that_was_changed_has_the_time_of_its_change(world: World) -> None:
    (changed,) = [entry for entry in came(world, "single").entries if (entry.item, entry.annotator) == ("r2", "ada")]
    task = next(task for task in json.loads(recording("single").read_text()) if task["data"]["item"] == "r2")
    work = next(work for work in task["annotations"] if work["completed_by"] == 2)
    assert work["created_at"] < work["updated_at"] == changed.time


def test_offsets_that_fit_no_text_let_nothing_in(world: World) -> None:
    tasks = json.loads(recording("spans").read_text())
    marks = [mark for task in tasks for work in task["annotations"] for mark in work["result"]]
    marks[0]["value"]["start"] -= 1
    moved = world.root / "moved.json"
    moved.write_text(json.dumps(tasks))
    with pytest.raises(UserError, match=r"where .* was recorded"):
        imported("spans", [moved], lay(world, "spans").catalog, Terms(renamed=PEOPLE))
    assert not list((world.root / "cards").rglob("*.jsonl"))
