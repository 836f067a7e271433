"""The worked example of a package: installed as anyone would, it brings a task, a metric and a model family."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from harness import kinds, records
from harness.cli.app import app
from registry.kinds import TASKS
from tests.worlds import table

PACKAGE = Path(__file__).parents[2] / "examples" / "cardbench-example"
LABELS = ("1", "2", "3", "4", "5")
CARD = """\
name: stars
title: Reviews with their stars
kind: task
languages: [en]
license: {spdx: CC0-1.0}
task: ordinal-classification
sources: {rows: {local: data/stars.csv}}
labels: ["1", "2", "3", "4", "5"]
"""
MODEL = "name: median\ntitle: The median label\nfamily: median\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder into which the package is installed, offline."""
    target = tmp_path_factory.mktemp("site")
    install = ("install", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", "--quiet")
    subprocess.run([sys.executable, "-m", "pip", *install, "--target", target, PACKAGE], check=True)
    return target


@pytest.fixture
def project(site, world, monkeypatch):
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)
    rows = table(*((f"review number {n}", LABELS[n * n % 5]) for n in range(100)))
    yield world.write(
        {"cards/datasets/task/stars.yaml": CARD, "data/stars.csv": rows, "cards/models/median.yaml": MODEL}
    )
    for name in set(sys.modules) - before:
        if name.startswith("cardbench_example"):
            del sys.modules[name]


def bench(world, *arguments):
    result = CliRunner().invoke(app, [*arguments, "--project", str(world.root)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_its_cards_pass_every_check(project):
    assert json.loads(bench(project, "card", "check", "stars", "median", "--json"))["problems"] == []


def test_a_run_of_its_task_reports_its_metric(project):
    bench(project, "run", "stars", "--offline")
    cells = {one["metric"]: one for one in json.loads(bench(project, "report", "stars", "--format", "json"))}
    assert list(cells) == ["rank_distance", "accuracy"]
    distance = cells["rank_distance"]
    assert (distance["model"], distance["headline"], distance["higher_is_better"]) == ("median", True, False)
    assert distance["low"] < distance["value"] < distance["high"]
    (run_id,) = records.history(project.home)["run_id"]
    lines = records.predictions(run_id, project.home)
    steps = (lines["gold"].cast(int) - lines["predicted"].cast(int)).abs()
    assert distance["value"] == pytest.approx(steps.mean())


def test_who_brings_it_is_listed_and_counts_in_the_identity(project):
    for what, name in (("tasks", "ordinal-classification"), ("metrics", "rank_distance"), ("families", "median")):
        (line,) = [line for line in bench(project, "list", what).splitlines() if line.startswith(f"{name} ")]
        assert line.endswith("[cardbench-example 0.1.0]")
    brought = {"version": 1, "from": "cardbench-example 0.1.0"}
    bench(project, "run", "stars", "--offline")
    identity = json.loads(records.history(project.home)["identity"][0])
    assert identity["task"]["version"] == identity["model"]["version"] == brought
    assert identity["metrics"]["rank_distance"] == brought
    assert identity["metrics"]["accuracy"] == 1


def test_its_metric_holds_its_own_examples(project):
    metric = kinds.METRICS.get("rank_distance")
    for example in metric.examples:
        gold, predicted = np.array(example["gold"]), np.array(example["predicted"])
        sums = metric().contributions(gold, predicted, example["classes"]).sum(axis=0)
        assert metric().value(sums) == example["value"]


def test_without_it_nothing_is_known_of_its_names(world):
    assert "ordinal-classification" not in TASKS.names()
    assert "median" not in kinds.FAMILIES.names()
