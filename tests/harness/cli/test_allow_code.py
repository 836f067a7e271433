"""`--allow-code`: without it no program of a card is run, and the plan says which it would be."""

import json
import sys

import pytest
from typer.testing import CliRunner

from harness import records
from harness.cli.app import app
from tests.harness.conftest import HASH
from tests.worlds import plenty

CARD = f"""\
name: ours
title: A program of ours
family: command
recipe: {{run: ["{sys.executable}", model.py, --fast], timeout_s: 20}}
"""
GOOD = "for line in open('inputs.jsonl'): print('{\"label\": \"good\"}')\n"
CALL = ("mine", "--models", "majority,ours")


@pytest.fixture
def project(world):
    world.card(plenty(80), HASH).write({"cards/models/ours.yaml": CARD, "model.py": GOOD})
    world.build()
    return world


def bench(world, *arguments, code=0):
    result = CliRunner().invoke(app, [*arguments, "--project", str(world.root)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def planned(world, *more):
    cells = json.loads(bench(world, "plan", *CALL, "--json", *more).stdout)
    return {cell["model"]: cell for cell in cells}


def test_a_program_is_shown_before_it_may_run(project):
    told = bench(project, "plan", *CALL).stdout
    assert f"ours runs a program of its card: {sys.executable} model.py --fast" in told
    assert "--allow-code allows it" in told
    cell = planned(project)["ours"]
    assert (cell["state"], cell["program"]) == ("not allowed", f"{sys.executable} model.py --fast")
    assert planned(project)["majority"]["program"] == ""
    assert planned(project, "--allow-code")["ours"]["state"] == "to run"


def test_a_run_without_leave_leaves_a_hole_with_its_reason(project):
    bench(project, "run", *CALL, "--offline")
    (record,) = records.history(project.home).iter_rows(named=True)
    assert record["model"] == "majority"
    cells = json.loads(bench(project, "report", *CALL, "--format", "json").stdout)
    (hole,) = [cell for cell in cells if cell["model"] == "ours" and cell["headline"]]
    assert (hole["value"], hole["status"]) == (None, "missing")
    assert "--allow-code" in hole["reason"]


def test_what_was_recorded_with_leave_stays_on_the_board_without_it(project):
    bench(project, "run", *CALL, "--offline", "--allow-code")
    assert planned(project)["ours"]["state"] == "recorded"
    cells = json.loads(bench(project, "report", *CALL, "--format", "json").stdout)
    assert {cell["model"] for cell in cells if cell["status"] == "ok"} == {"majority", "ours"}


def test_a_changed_script_is_another_run(project):
    before = planned(project)["ours"]["run_id"]
    project.write({"model.py": GOOD.replace("good", "bad")})
    assert planned(project)["ours"]["run_id"] != before
    project.write({"model.py": GOOD})
    assert planned(project)["ours"]["run_id"] == before


def test_a_program_that_fails_is_a_failure_record_and_the_others_go_on(project):
    project.write({"model.py": GOOD.replace("good", "great")})
    bench(project, "run", *CALL, "--offline", "--allow-code", code=1)
    table = records.history(project.home)
    assert dict(zip(table["model"], table["status"], strict=True)) == {"majority": "ok", "ours": "failed"}
    (reason,) = table.filter(status="failed")["reason"]
    assert 'line 1 of what it printed\n  "label" is "great", none of: bad, good' in reason
    cell = planned(project)["ours"]
    assert cell["state"] == "not allowed"
    shown = json.loads(bench(project, "report", *CALL, "--format", "json").stdout)
    assert {cell["status"] for cell in shown if cell["model"] == "ours"} == {"failed"}


AGREEMENT = """
import datasets
import evaluate

class Agreement(evaluate.Metric):
    def _info(self):
        item = datasets.Value("int64")
        features = datasets.Features({"predictions": item, "references": item})
        return evaluate.MetricInfo(description="", citation="", features=features)

    def _compute(self, predictions, references):
        return {"agreement": sum(a == b for a, b in zip(predictions, references)) / len(references)}
"""


@pytest.fixture
def scored(world, monkeypatch):
    """A card that reports a script of the project beside accuracy."""
    monkeypatch.setenv("HF_MODULES_CACHE", str(world.home / "modules"))
    world.card(plenty(80), f"{HASH}metrics: [accuracy, evaluate/agreement]\n")
    world.write({"cards/metrics/agreement/agreement.py": AGREEMENT})
    world.build()
    bench(world, "run", "mine", "--models", "majority", "--offline")
    return world


def reported(world, *more):
    cells = json.loads(bench(world, "report", "mine", "--format", "json", *more).stdout)
    return {cell["metric"]: cell for cell in cells}


def test_a_metric_that_is_a_script_is_shown_and_computed_with_leave_only(scored):
    told = bench(scored, "plan", "mine", "--models", "majority").stdout
    assert "evaluate/agreement runs a script: cards/metrics/agreement/agreement.py" in told
    without = reported(scored)["evaluate/agreement"]
    assert (without["value"], without["status"]) == (None, "not_applicable")
    assert "--allow-code" in without["reason"]
    found = reported(scored, "--allow-code")
    assert found["evaluate/agreement"]["value"] == found["accuracy"]["value"]
    assert found["evaluate/agreement"]["low"] is None
    assert reported(scored) == found
    scored.write({"cards/metrics/agreement/agreement.py": f"{AGREEMENT}# changed"})
    assert reported(scored)["evaluate/agreement"]["value"] is None


def test_a_script_that_fails_is_a_hole_and_the_others_have_their_values(scored):
    scored.write({"cards/metrics/agreement/agreement.py": AGREEMENT.replace("len(references)", "0")})
    found = reported(scored, "--allow-code")
    assert "failed: ZeroDivisionError" in found["evaluate/agreement"]["reason"]
    assert found["accuracy"]["status"] == "ok"


def test_a_card_that_names_a_script_that_is_none_is_refused(world):
    world.card(plenty(80), f"{HASH}metrics: [accuracy, evaluate/../x]\n")
    result = CliRunner().invoke(app, ["card", "check", "mine", "--project", str(world.root)])
    assert result.exit_code == 2
