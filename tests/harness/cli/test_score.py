"""`bench score`: a file of predictions is scored as a model with its answers would be, or refused with its line."""

import json
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from harness import records
from harness.cli.app import app
from harness.execute import execute
from harness.inspect import score as module
from harness.suites import Wish, bare
from registry.errors import UserError
from tests.harness.conftest import HASH
from tests.worlds import plenty, table

SCHEMA = Path(records.__file__).parent / "schema" / "score.schema.json"


def bench(world, *arguments):
    result = CliRunner().invoke(app, ["score", *arguments, "--project", str(world.root)], catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def recorded(workspace, world):
    """The lines of predictions of a model that was run, and its metrics."""
    execute(bare(("mine",), Wish(("tfidf-logreg",), 1), workspace), workspace)
    (run_id,) = records.history(world.home)["run_id"]
    return records.predictions(run_id, world.home), records.load([run_id], world.home)[run_id].metrics


def test_the_answers_of_a_model_score_as_the_model_did(world, recorded):
    found, metrics = recorded
    rows = [
        {"id": row["id"], "label": row["predicted"], "probabilities": row["probabilities"]}
        for row in found.sort("predicted").iter_rows(named=True)
    ]
    world.write({"given.jsonl": lines(rows)})
    pl.DataFrame(rows).write_parquet(world.root / "given.parquet")
    pl.DataFrame([{**row, "probabilities": json.dumps(row["probabilities"])} for row in rows]).write_csv(
        world.root / "given.csv"
    )
    said = {one["metric"]: one["value"] for one in metrics}
    told = [json.loads(bench(world, "mine", str(world.root / f"given.{end}"), "--json")) for end in KINDS]
    assert told[0] == told[1] == told[2]
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(told[0])
    for one in told[0]["metrics"]:
        assert one["value"] == pytest.approx(said[one["metric"]], abs=1e-12)
        assert one["low"] <= one["value"] <= one["high"]
    shown = bench(world, f"mine@{told[0]['version'][:12]}", str(world.root / "given.jsonl"))
    assert f"test: {found.height} rows" in shown
    assert f"accuracy     {said['accuracy']:.3f}  [" in shown


KINDS = ("jsonl", "parquet", "csv")


@pytest.fixture
def ids(workspace, world):
    return world.build().published.read("test")["id"].sort().to_list()


def refused(world, text, name="given.jsonl"):
    world.write({name: text})
    with pytest.raises(UserError) as told:
        bench(world, "mine", str(world.root / name))
    return str(told.value).replace(f"{world.root}/", "")


def test_ids_that_are_missing_unknown_or_there_twice_are_told_together(world, ids):
    rows = [{"id": one, "label": "good"} for one in [*ids[1:], ids[1], "elsewhere"]]
    told = refused(world, lines(rows))
    assert f'given.jsonl:{len(ids)}: "{ids[1]}" is there already, at given.jsonl:1' in told
    assert f'given.jsonl:{len(ids) + 1}: "elsewhere" is not in the test split of mine' in told
    assert f"1 of {len(ids)} ids are missing: {ids[0]}" in told
    again = refused(world, lines([{"id": ids[0], "label": "good"}] * 100))
    assert "and 94 more repeated ids" in again


def test_an_answer_that_will_not_do_is_told_with_its_line(world, ids):
    rows = [{"id": one, "label": "good"} for one in ids]
    assert 'given.jsonl:3\n  "label" is "goood", none of: bad, good' in refused(
        world, lines([*rows[:2], {"id": ids[2], "label": "goood"}, *rows[3:]])
    )
    assert "given.jsonl:2\n  is not valid JSON" in refused(world, lines(rows[:1]) + "{,}\n")
    assert 'given.jsonl:1\n  has no "id"' in refused(world, lines([{"label": "good"}]))
    assert 'answered with Texts ("answer"), the task asks for Labels ("label")' in refused(
        world, lines([{"id": one, "answer": "good"} for one in ids])
    )
    field = table(*((one, "good", "[0.5") for one in ids), header="id,label,probabilities")
    deep = table(*((one, "good", "[" * 100_000) for one in ids), header="id,label,probabilities")
    assert 'a field "probabilities" is nested too deeply' in refused(world, deep, "given.csv")
    told = refused(world, field, "given.csv")
    assert 'given.csv:2\n  a field "probabilities" is not valid JSON: Expecting' in told
    assert 'are JSON: ["a", "b"]' in told


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("given.jsonl", "", "holds no predictions"),
        ("given.pickle", "x", "Kinds: .jsonl, .csv, .parquet"),
        ("given.parquet", "no parquet", "cannot be read"),
    ],
)
def test_files_that_are_none(world, workspace, name, text, told):
    assert told in refused(world, text, name)


def test_a_card_that_is_not_built_and_a_file_that_is_not_there(world):
    world.card(plenty(80), HASH)
    with pytest.raises(UserError, match="is not built as its card stands"):
        bench(world, "mine", "nowhere.jsonl")
    world.build()
    with pytest.raises(UserError, match="there is no such file"):
        bench(world, "mine", "nowhere.jsonl")


def test_rows_of_a_group_are_resampled_together(world):
    rows = table(*((f"text {n}", ("bad", "good")[n % 2], f"g{n // 8}") for n in range(80)), header="text,label,who")
    world.card(rows, "split: {method: all-test, group: who}\n")
    version = world.build().published
    found = version.read("test")
    world.write({"given.jsonl": lines({"id": one, "label": "good"} for one in found["id"])})
    told = json.loads(bench(world, "mine", str(world.root / "given.jsonl"), "--json"))
    accuracy = next(one for one in told["metrics"] if one["metric"] == "accuracy")
    assert accuracy["low"] == accuracy["value"] == accuracy["high"] == 0.5  # every group has half of each label


def test_text_of_a_number_is_a_number_in_a_csv_only():
    assert module._field("score", " 1.5") == 1.5
    assert module._field("score", "") is None
    assert module._field("answer", "") == ""
    assert module._field("labels", '["a"]') == ["a"]


SEARCH = """\
name: search
title: Questions and the pages that answer them
kind: task
languages: [en]
license: {spdx: CC0-1.0}
task: retrieval
sources: {asked: {local: data/asked.csv}, pages: {local: data/pages.csv}}
select: SELECT id, text, page AS relevant FROM asked
collection: SELECT id, text FROM pages
split: {method: all-test}
"""


def test_rankings_are_scored_against_the_collection(world):
    asked = table(("q1", "how to build", "p1"), ("q2", "how to run", "p2"), header="id,text,page")
    pages = table(*((f"p{n}", f"page {n}") for n in range(5)), header="id,text")
    world.write({"cards/datasets/task/search.yaml": SEARCH, "data/asked.csv": asked, "data/pages.csv": pages})
    first, second = world.build("search").published.read("test").sort("text")["id"]
    rows = [{"id": second, "ranking": ["p2"]}, {"id": first, "ranking": ["p3", "p1"]}]
    world.write({"given.jsonl": lines(rows), "wrong.jsonl": lines([rows[0], {"id": first, "ranking": ["p9"]}])})
    told = json.loads(bench(world, "search", str(world.root / "given.jsonl"), "--json"))
    assert {one["metric"]: one["value"] for one in told["metrics"]}["mrr"] == 0.75
    with pytest.raises(UserError, match="p9"):
        bench(world, "search", str(world.root / "wrong.jsonl"))
