"""Tasks go out to every tool, are answered, and come back as what was said."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.annotate.exporting import Exported, Wanted, exported
from harness.workspace import Workspace
from registry.annotation import layers
from registry.annotation.importing import Imported, imported
from registry.annotation.matching import Terms
from registry.errors import UserError
from registry.kinds import TOOLS
from tests.annotators import answered
from tests.worlds import World, table

ROWS = table(
    ("a", "I like it \U0001f600 very much"),
    ("b", "这部电影\U0001f3ac很好，北京上映"),
    ("c", "one\r\ntwo & <three>"),
    ("d", "dull"),
    header="id,text",
)
PAIRS = table(
    ("a", "short \U0001f600", "long"), ("b", "甲", "乙"), ("c", "x", "y"), ("d", "z", "w"), header="id,text,text_pair"
)
PLACES = [[2, 4, "PER"], [9, 11, "LOC"]]
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "single": ("labels: [good, bad]", {"a": "good", "b": "bad"}),
    "multi": ("labels: [sad, glad, 好]", {"a": ["glad", "sad"], "b": ["好"]}),
    "scale": ('labels: {from: {low: "aggregate <= 0", high: "aggregate > 0"}}', {"a": 2.0, "b": -1.0}),
    "spans": ("labels: [PER, LOC]", {"a": [[10, 11, "PER"], [12, 16, "LOC"]], "b": [[4, 5, "PER"], [8, 10, "LOC"]]}),
    "relations": ("labels: [PER, LOC, in]", {"a": [[[2, 6, "PER"], [12, 16, "LOC"], "in"]]}),
    "preference": ("labels: [first, second]", {"a": "first", "b": "second"}),
    "text": ("", {"a": "a happy note", "b": "一句话"}),
}
TOGETHER = [(tool, form) for tool in TOOLS.names() for form in FORMS if form in TOOLS.get(tool).forms]


def card(form: str, labels: str = "", more: str = "", scale: str = "{min: -3, max: 3}") -> str:
    asked = f"annotation:\n  question: What <of> it & so?\n  answer: {form}\n"
    asked += f"  scale: {scale}\n" if form == "scale" else ""
    return asked + more + (labels + "\n" if labels else "")


def made(world: World, form: str, more: str = "", **changed: str) -> World:
    text = card(form, FORMS[form][0], more, **changed)
    world.card(PAIRS if form == "preference" else ROWS, text)
    if form == "preference":
        path = world.root / "cards/datasets/task/mine.yaml"
        path.write_text(path.read_text().replace("task: text-classification", "task: text-pair"))
    return world


def out(world: World, tool: str, **wanted: Any) -> Exported:
    return exported("mine", Workspace(world.catalog, offline=True), Wanted(tool, **wanted))


def back(world: World, *files: Path, **terms: Any) -> Imported:
    return imported("mine", files, world.catalog, Terms(**terms))


@pytest.mark.parametrize(("tool", "form"), TOGETHER)
def test_what_is_answered_in_a_tool_comes_back(world: World, tool: str, form: str) -> None:
    made(world, form)
    done = out(world, tool)
    assert (done.tasks, done.role) == (4, "vote")
    file = answered(tool, done.folder, FORMS[form][1])
    found = back(world, file, annotator="ann" if tool == "doccano" else None)
    assert {entry.item: entry.answer for entry in found.entries} == FORMS[form][1]
    assert {(entry.annotator, entry.role, entry.tool) for entry in found.entries} == {("ann", "vote", tool)}
    assert found.skipped == ({"not answered": 4 - found.new} if tool != "prodigy" else {})
    assert found.layer
    assert layers.read(found.layer).entries == found.entries
    again = back(world, file, annotator="ann" if tool == "doccano" else None)
    assert (again.new, again.layer, len(again.entries)) == (0, None, len(found.entries))


@pytest.mark.parametrize("tool", TOOLS.names())
@pytest.mark.parametrize("scale", ["{min: 0, max: 4}", "{min: 1, max: 5}", "{min: 0, max: 100}", "{min: 0, max: 1.5}"])
def test_scales_of_every_kind(world: World, tool: str, scale: str) -> None:
    made(world, "scale", scale=scale)
    file = answered(tool, out(world, tool).folder, {"a": 1.0})
    found = back(world, file, annotator="ann" if tool == "doccano" else None)
    assert [entry.answer for entry in found.entries] == [1.0]


@pytest.mark.parametrize("tool", TOOLS.names())
def test_nobody_who_votes_sees_a_label(world: World, tool: str) -> None:
    world.card(table(("fine", "glorious"), ("dull", "grim")), card("text"))
    done = out(world, tool)
    told = "".join(path.read_text(encoding="utf-8") for path in done.folder.rglob("*") if path.is_file())
    assert "fine" in told
    assert not [word for word in ("glorious", "grim", "label_now", "Now:") if word in told]


@pytest.mark.parametrize("tool", TOOLS.names())
def test_who_judges_a_label_sees_it(world: World, tool: str) -> None:
    world.card(table(("fine \U0001f600", "good"), ("dull", "bad")), "labels: [good, bad]\n")
    done = out(world, tool)
    assert done.role == "adjudication"
    told = "".join(path.read_text(encoding="utf-8") for path in done.folder.rglob("*") if path.is_file())
    assert "Now: $label" in told or "label_now" in told
    file = answered(tool, done.folder, {row["id"]: "good" for row in _items(world)})
    found = back(world, file, annotator="ann" if tool == "doccano" else None)
    assert {(entry.role, entry.answer) for entry in found.entries} == {("adjudication", "good")}


def _items(world: World) -> list[dict[str, Any]]:
    from registry.annotation.items import items

    return items("mine", world.catalog).rows.to_dicts()


def test_tasks_are_not_written_over_others(world: World) -> None:
    made(world, "single")
    folder = out(world, "doccano").folder
    assert folder == world.home / "annotate" / "mine" / "doccano-random"
    out(world, "doccano")
    with pytest.raises(UserError, match=r"holds other files of this name: tasks\.jsonl"):
        out(world, "doccano", count=1)
    assert out(world, "doccano", count=1, force=True).tasks == 1
    assert out(world, "doccano", out=world.root / "elsewhere").folder == world.root / "elsewhere"


def test_guidelines_examples_and_votes_per_item_go_with_the_tasks(world: World) -> None:
    more = "  guidelines: cards/guidelines/mine.md\n  examples: {good: [好看]}\n  votes_per_item: 3\n"
    made(world, "single", more).write({"cards/guidelines/mine.md": "Be kind.\n"})
    folder = out(world, "label-studio").folder
    told = (folder / "guidelines.md").read_text(encoding="utf-8")
    assert told == "# What <of> it & so?\n\nBe kind.\n\n## Examples\n\n- good: 好看\n"
    assert "3 annotations for each task" in (folder / "README.md").read_text()
    (entry,) = back(world, answered("label-studio", folder, {"a": "good"})).entries
    assert len(entry.guidelines) == 12
    made(world, "single", more.replace("mine.md", "other.md"))
    with pytest.raises(UserError, match=r"other\.md\n  there is no such file"):
        out(world, "label-studio", force=True)


@pytest.mark.parametrize(
    ("form", "labels", "wanted", "said"),
    [
        ("relations", "labels: [A, B]", {"tool": "argilla"}, "argilla cannot ask for answers of `relations`"),
        ("single", "labels: [$a, b]", {"tool": "label-studio"}, r'cannot show the label "\$a"'),
        ("single", f"labels: [{'x' * 101}, b]", {"tool": "doccano"}, "labels of at most 100 characters"),
        ("spans", 'labels: ["a,b", c]', {"tool": "prodigy"}, 'cannot hold the label "a,b"'),
        ("single", "labels: [a, b]", {"tool": "doccanno"}, 'unknown annotation tool "doccanno"; nearest: "doccano"'),
        ("single", "labels: [a, b]", {"tool": "doccano", "take": "disagreement"}, "no item has two votes"),
    ],
)
def test_what_cannot_be_asked_is_said(world: World, form: str, labels: str, wanted: dict[str, Any], said: str) -> None:
    world.card(ROWS, card(form, labels))
    with pytest.raises(UserError, match=said):
        out(world, **wanted)


def test_a_card_that_asks_for_no_votes_gets_none(world: World) -> None:
    world.card(table(("fine", "good"), ("dull", "bad")))
    with pytest.raises(UserError, match="mine asks for no votes"):
        out(world, "doccano", role="vote")


def test_what_is_given_out_carries_where_it_belongs(world: World) -> None:
    made(world, "single")
    tasks = json.loads((out(world, "label-studio", count=1).folder / "tasks.json").read_text())
    assert set(tasks[0]["data"]) == {"text", "card", "item", "shown", "purpose"}
