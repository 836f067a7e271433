"""People annotate a card in a real Label Studio: until they agree nothing is built, then what they say is the data."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.build import locate
from registry.catalog import Catalog
from registry.project import Project
from registry.store import Published
from tests.recordings import FORMS, PEOPLE, lay, recording
from tests.servers.label_studio import LabelStudio, User, installed
from tests.stories.conftest import Stage
from tests.worlds import World

pytestmark = pytest.mark.live
CARD = """\
name: guests
title: What guests of a hotel write
kind: task
languages: [en]
license: {spdx: CC0-1.0}
task: text-classification
sources: {rows: {local: data/guests.jsonl}}
annotation:
  question: What is the tone?
  guidelines: cards/guidelines/tone.md
  votes_per_item: 3
  agreement: {at_least: 0.6, min_votes: 2}
  ties: adjudicate
labels: [praise, complaint, neither]
split: {method: all-test}
"""
TEXTS = (
    "The soup was lovely \U0001f600",
    "Cold room.\r\nNo towels.",
    "We arrived on Monday.",
    "Kind staff \U0001f469\u200d\U0001f469\u200d\U0001f467, thank you",
    "Never again \U0001d4b3",
    "Breakfast is at eight.",
    "A quiet, clean place",
    "The lift was broken",
    "Nice view, awful noise",
)
NAMES = ("ada", "ben", "cai")
LABELS = {"p": "praise", "c": "complaint", "n": "neither"}
FIRST = ("ppp", "ccn", "npn", "ppn", "cpc", "nnc", "pnp", "cc-", "pcn")
"""For each text, what each of the three says at first; a - skips it."""
LATER = ("ppp", "ccc", "nnn", "ppp", "ccc", "nnn", "ppp", "cc-", "pcn")
"""What they say after they have read the guidelines again."""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabelStudio]:
    with LabelStudio(installed(), tmp_path_factory.mktemp("label-studio")) as running:
        yield running


@pytest.fixture(scope="module")
def people(studio: LabelStudio) -> dict[str, User]:
    return {name: studio.join(name) for name in NAMES}


@pytest.fixture
def guests(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path / "project")
    stage.write("cards/datasets/task/guests.yaml", CARD)
    stage.write("cards/guidelines/tone.md", "Judge what is written, not what may be meant.\n")
    rows = [json.dumps({"id": f"g{number}", "text": text}) + "\n" for number, text in enumerate(TEXTS, 1)]
    stage.write("data/guests.jsonl", "".join(rows))
    return stage


def chosen(letter: str) -> list[dict[str, Any]]:
    """The result of an annotation, as the page sends it."""
    return [{"from_name": "answer", "to_name": "text", "type": "choices", "value": {"choices": [LABELS[letter]]}}]


def project_of(studio: LabelStudio, stage: Stage, folder: str) -> tuple[int, dict[str, int]]:
    """A project with the tasks that were written to the folder, and the number of each item's task."""
    config, tasks = (stage.root / folder / name for name in ("config.xml", "tasks.json"))
    number = studio.admin.project(folder, config.read_text(encoding="utf-8"), votes=3)
    given = json.loads(tasks.read_text(encoding="utf-8"))
    numbers = studio.admin.give_out(number, given)
    return number, dict(zip([task["data"]["item"] for task in given], numbers, strict=True))


def import_first_round(studio: LabelStudio, people: dict[str, User], guests: Stage) -> tuple[int, dict[Any, int]]:
    """The project, and the number of what each person said about each item."""
    number, tasks = project_of(studio, guests, "round")
    given = {}
    for item, letters in zip(sorted(tasks), FIRST, strict=True):
        for name, letter in zip(NAMES, letters, strict=True):
            if letter == "-":
                people[name].answer(tasks[item], [], cancelled=True)
            else:
                given[item, name] = people[name].answer(tasks[item], chosen(letter))
    told = import_export(guests, studio.admin.export(number), people)
    assert "26 answers to 9 items by ada, ben, cai" in told
    assert "left out: 1 cancelled" in told
    return number, given


def import_second_thoughts(
    studio: LabelStudio, people: dict[str, User], guests: Stage, number: int, given: dict[Any, int]
) -> None:
    for (item, name), annotation in given.items():
        row, place = int(item[1:]) - 1, NAMES.index(name)
        if FIRST[row][place] != LATER[row][place]:
            people[name].change(annotation, chosen(LATER[row][place]))
    assert "6 new in" in import_export(guests, studio.admin.export(number), people)


def import_decision(studio: LabelStudio, guests: Stage, letter: str) -> None:
    """Dora decides about the one item that the others do not agree on."""
    guests.bench("annotate", "export", "guests", "--tool", "label-studio", "--take", "disagreement", "--out", "tie")
    number, tasks = project_of(studio, guests, "tie")
    assert set(tasks) == {"g9"}
    dora = studio.join("dora")
    dora.answer(tasks["g9"], chosen(letter))
    import_export(guests, studio.admin.snapshot(number), {"dora": dora})


def import_export(guests: Stage, export: bytes, people: dict[str, User]) -> str:
    """What `bench` tells of it. Users are known by a number or an address, and each has one name."""
    (guests.root / "export.json").write_bytes(export)
    known = [told for name, user in people.items() for told in (f"{user.number}={name}", f"{name}@example.org={name}")]
    rename = [part for told in known for part in ("--rename", told)]
    return guests.bench("annotate", "import", "guests", "export.json", *rename).stderr


def build(guests: Stage) -> Published:
    guests.bench("build", "guests")
    found = locate("guests", Catalog(Project(guests.root, guests.home)))
    assert found is not None
    return found


def test_from_a_card_to_a_new_version(studio: LabelStudio, people: dict[str, User], guests: Stage) -> None:
    guests.bench("annotate", "export", "guests", "--tool", "label-studio", "--out", "round")
    number, given = import_first_round(studio, people, guests)
    refused = guests.bench("build", "guests", code=1).stderr
    assert "krippendorff-alpha (nominal) is 0.163" in refused
    assert "below the 0.6 that the card asks for" in refused
    assert "most disagreement on id g9 (praise, complaint, neither)" in refused
    assert "least agreement between ben and cai" in refused

    import_second_thoughts(studio, people, guests, number, given)
    voted = build(guests)
    labels = dict(voted.read("test").select("id", "label").rows())
    assert labels == {f"g{n}": LABELS[letters[0]] for n, letters in enumerate(LATER[:-1], 1)}
    assert set(voted.read("test")["decided_by"]) == {"majority"}
    assert voted.read("ledger").select("id", "reason").rows() == [("g9", "a tie, to be adjudicated")]

    import_decision(studio, guests, "c")
    decided = build(guests)
    rows = {row["id"]: row for row in decided.read("test").to_dicts()}
    assert {name: row["label"] for name, row in rows.items()} == {**labels, "g9": "complaint"}
    assert (rows["g1"]["decided_by"], rows["g9"]["decided_by"]) == ("majority", "adjudication: dora")
    assert sorted(rows["g9"]["votes"]) == ["complaint", "neither", "praise"]
    assert decided.digest != voted.digest
    told = guests.bench("card", "diff", f"guests@{voted.digest}", f"guests@{decided.digest}").stdout
    assert "added: 1 row, left out before by labels: a tie, to be adjudicated" in told
    elsewhere = guests.bench("build", "guests", "--locked", "--json", BENCH_HOME=str(guests.root / "elsewhere"))
    assert json.loads(elsewhere.stdout)[0]["content_digest"] == decided.manifest["content_digest"]


@pytest.mark.parametrize("form", FORMS)
def test_the_server_takes_every_question_and_still_exports_as_it_was_recorded(
    studio: LabelStudio, people: dict[str, User], tmp_path: Path, form: str
) -> None:
    stage = Stage(lay(World(tmp_path), form).root)
    stage.bench("annotate", "export", form, "--tool", "label-studio", "--out", "round")
    number, tasks = project_of(studio, stage, "round")
    recorded = json.loads(recording(form).read_text())
    by = dict(zip(map(int, PEOPLE), people.values(), strict=True))
    for task in recorded:
        for work in task["annotations"]:
            user = by[number_of(work["completed_by"])]
            user.answer(tasks[task["data"]["item"]], work["result"], cancelled=work["was_cancelled"])
    export = json.loads(studio.admin.snapshot(number) if form == "scale" else studio.admin.export(number))
    then, now = {old: old for old in by}, {user.number: old for old, user in by.items()}
    assert [stable(task, now) for task in export] == [stable(task, then) for task in recorded]


def number_of(by: Any) -> int:
    return int(by["id"] if isinstance(by, dict) else by)


def stable(task: dict[str, Any], people: dict[int, int]) -> dict[str, Any]:
    """A task of an export without what differs each time: when it was, and under which number."""
    works = [
        {
            "keys": sorted(work),
            "by": people[number_of(work["completed_by"])],
            "named": isinstance(work["completed_by"], dict) and sorted(work["completed_by"]),
            **{key: work[key] for key in ("result", "was_cancelled", "ground_truth")},
        }
        for work in task["annotations"]
    ]
    return {"keys": sorted(task), "data": task["data"], "works": works}
