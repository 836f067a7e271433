"""Exports of annotation tools as sources of a card."""

import json

import pytest
from pydantic import ValidationError

from registry.errors import UserError
from registry.source import FetchContext
from registry.sources.annotations import Annotations
from tests.origins import files
from tests.worlds import World

CARD = """\
name: mine
title: Answers of three people
kind: task
languages: [en]
license: {spdx: CC0-1.0}
task: text-classification
sources: {answers: {annotations: {tool: TOOL, path: exports/*}MORE}}
select: |
  SELECT
split: {method: all-test}
"""
RATED = """\
annotation:
  question: How good?
  scale: {min: 1, max: 5}
  votes: votes
  agreement: {at_least: -1}
labels: {from: {good: "aggregate > 3", bad: "aggregate <= 3"}}
"""
VOTES = """SELECT item AS id, min(text) AS text, list(value ORDER BY annotator) AS votes
  FROM answers WHERE NOT cancelled AND value IS NOT NULL GROUP BY item"""


def rating(person: int, stars: int, **more: object) -> dict[str, object]:
    region = {"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": stars}}
    return {"completed_by": person, "result": [region], **more}


def test_votes_come_out_of_an_export(world: World) -> None:
    tasks = [
        {"id": n, "data": {"text": f"review {n}"}, "annotations": [rating(p, 1 + 4 * (n % 2)) for p in (1, 2, 3)]}
        for n in range(6)
    ]
    tasks[0]["annotations"] = [*tasks[0]["annotations"], rating(4, 5, was_cancelled=True)]
    card = CARD.replace("TOOL", "label-studio").replace("MORE", "").replace("SELECT\n", f"{VOTES}\n")
    world.write({"cards/datasets/task/mine.yaml": card + RATED, "exports/a.json": json.dumps(tasks)})
    rows = world.build().published.read("test").sort("id")
    assert rows["votes"].to_list() == [[1.0] * 3 if n % 2 == 0 else [5.0] * 3 for n in range(6)]
    assert rows["label"].to_list() == ["bad", "good"] * 3


def test_the_files_of_doccano_name_their_annotators(world: World) -> None:
    select = "SELECT text || ' says ' || parse_filename(annotator, true) AS text, label FROM answers"
    card = (
        CARD.replace("TOOL", "doccano").replace("MORE", ", file_column: annotator").replace("SELECT\n", f"{select}\n")
    )
    for person, label in (("ann", "good"), ("bob", "bad")):
        world.write({f"exports/{person}.jsonl": json.dumps({"id": 1, "text": "a film", "label": [label]})})
    world.write({"cards/datasets/task/mine.yaml": card})
    rows = world.build().published.read("test").sort("text")
    assert rows.select("text", "label").rows() == [("a film says ann", "good"), ("a film says bob", "bad")]


def test_it_is_a_file_of_the_project(context: FetchContext) -> None:
    (context.project / "a.jsonl").write_text("{}\n")
    source = Annotations(tool="prodigy", path="a.jsonl")
    assert [file.name for file in files(source, context)] == ["a.jsonl"]
    assert source.default_format == ("prodigy", {})
    assert source.describe() == "prodigy export a.jsonl of the project"
    with pytest.raises(UserError, match="matches no file"):
        files(Annotations(tool="prodigy", path="b*.jsonl"), context)


@pytest.mark.parametrize("parameters", [{"tool": "brat"}, {"path": "/etc/passwd"}, {"path": "../a.json"}, {"path": ""}])
def test_what_a_card_may_not_write(parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Annotations.model_validate({"tool": "doccano", "path": "a.jsonl", **parameters})
