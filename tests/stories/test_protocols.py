"""Beyond one held-out split: cross-validation that is cut short and goes on, and a few examples of each class."""

import json
import time

import pytest

from tests.stories.conftest import CARD, Stage

FEW = """name: few
title: How many examples are enough
datasets: [my-reviews]
models: [majority, tfidf-logreg]
seeds: [1, 2, 3]
limits: {per_class: 8}
"""


def test_cross_validation_goes_on_where_it_was_killed(stage: Stage) -> None:
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + "split: {method: k-fold, folds: 5, repeats: 2}\n")
    wanted = ("my-reviews", "--models", "majority,tfidf-logreg")
    process = stage.start("run", *wanted)
    while len(list(stage.home.glob("runs/*"))) < 3 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    kept = {folder.name: folder.stat().st_mtime_ns for folder in stage.home.glob("runs/*")}
    states = [row["state"] for row in json.loads(stage.bench("plan", *wanted, "--json").stdout)]
    assert states.count("recorded") == len(kept) < states.count("recorded") + states.count("to run") == 20
    assert "evaluated by 5-fold cross-validation, 2 repeats" in stage.bench("run", *wanted).stdout
    assert {name: (stage.home / "runs" / name).stat().st_mtime_ns for name in kept} == kept
    cells = {cell["model"]: cell for cell in stage.cells("my-reviews") if cell["headline"]}
    assert {(cell["n"], cell["status"], len(cell["run_ids"])) for cell in cells.values()} == {(300, "ok", 10)}
    assert cells["tfidf-logreg"]["value"] > 0.9 > cells["majority"]["value"]
    assert "seed 1, repeat 2, fold 0" in stage.bench("list", "runs").stdout
    assert "Bengio and Grandvalet" in (stage.home / "reports/my-reviews.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_few_examples_of_each_class_drawn_by_every_seed(stage: Stage) -> None:
    stage.write("cards/suites/few.yaml", FEW)
    assert "trained on 8 rows per class of the train split" in stage.bench("run", "few").stdout
    few = {cell["model"]: cell for cell in stage.cells("few") if cell["headline"]}
    assert {(cell["seeds"], len(cell["run_ids"])) for cell in few.values()} == {(3, 3)}
    assert few["tfidf-logreg"]["low"] < few["tfidf-logreg"]["value"] < few["tfidf-logreg"]["high"]
    stage.bench("run", "my-reviews", "--models", "tfidf-logreg", "--per-class", "64", "--seeds", "2")
    (more,) = (cell for cell in stage.cells("my-reviews") if cell["headline"])
    assert more["value"] > few["tfidf-logreg"]["value"]
    assert more["train"].endswith(":64/class")
    again = stage.bench("run", "my-reviews").stderr
    assert "as last time, tfidf-logreg; 2 seeds, 64 training rows per class" in again
    assert "nothing to do" in again
