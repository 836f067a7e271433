"""A user brings a CSV, gets a leaderboard, and changes things one at a time."""

import json
from collections.abc import Callable

from tests.stories.conftest import CARD, Stage, reviews

CHEAP = ("--models", "majority,tfidf-logreg")


def test_from_a_csv_to_a_leaderboard(stage: Stage) -> None:
    shown = stage.bench("run", "my-reviews", *CHEAP)
    assert "tfidf-logreg" in shown.stdout
    cells = {(cell["model"], cell["metric"]): cell for cell in stage.cells("my-reviews")}
    best, floor = cells["tfidf-logreg", "accuracy"], cells["majority", "accuracy"]
    assert best["value"] > 0.9 > floor["value"]
    assert best["low"] <= best["value"] <= best["high"]
    assert best["n"] > 10
    assert best["trainable_parameters"] > 0
    assert (stage.home / "reports" / "my-reviews.html").exists()
    assert json.loads((stage.root / "cards.lock").read_text())["cards"]["my-reviews"]["content_digest"].startswith(
        best["version"]
    )


def test_the_second_time_there_is_nothing_to_do(stage: Stage) -> None:
    stage.bench("run", "my-reviews", *CHEAP)
    before = stage.cells("my-reviews")
    again = stage.bench("run", "my-reviews")
    assert "nothing to do" in again.stderr
    assert stage.cells("my-reviews") == before


def test_a_new_model_runs_alone(stage: Stage) -> None:
    stage.bench("run", "my-reviews", "--models", "majority")
    planned = json.loads(stage.bench("plan", "my-reviews", *CHEAP, "--json").stdout)
    assert {row["model"]: row["state"] for row in planned} == {"majority": "recorded", "tfidf-logreg": "to run"}


def test_a_better_title_changes_no_number_and_a_new_seed_does(stage: Stage) -> None:
    stage.bench("run", "my-reviews", *CHEAP)
    (before,) = {cell["version"] for cell in stage.cells("my-reviews")}
    stage.write("cards/datasets/task/my-reviews.yaml", CARD.replace("What our", "All that our"))
    assert "nothing to do" in stage.bench("run", "my-reviews").stderr
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + "split: {method: hash, seed: 14}\n")
    assert "2 runs to do" in stage.bench("run", "my-reviews").stderr
    assert {cell["version"] for cell in stage.cells("my-reviews")} != {before}


def test_row_order_and_thread_count_change_nothing(make_stage: Callable[[str], Stage]) -> None:
    one, two = make_stage("one"), make_stage("two")
    header, *lines = reviews(300).splitlines()
    two.write("data/reviews.csv", "\n".join([header, *reversed(lines)]) + "\n")
    built = [
        json.loads(stage.bench("build", "my-reviews", "--json", POLARS_MAX_THREADS=threads).stdout)[0]
        for stage, threads in ((one, "1"), (two, "2"))
    ]
    assert built[0]["content_digest"] == built[1]["content_digest"]
    assert built[0]["build_key"] != built[1]["build_key"]


def test_a_model_that_fails_is_a_hole_with_its_reason(stage: Stage) -> None:
    stage.write("models/broken/config.json", "{}")
    weights = "weights: {local: models/broken}\n"
    stage.write("cards/models/broken.yaml", f"name: broken\ntitle: No weights in it\nfamily: encoder\n{weights}")
    shown = stage.bench("run", "my-reviews", "--models", "majority,broken", code=1)
    assert "failed" in shown.stderr
    cells = {(cell["model"], cell["metric"]): cell for cell in stage.cells("my-reviews")}
    hole = cells["broken", "accuracy"]
    assert (hole["status"], hole["value"]) == ("failed", None)
    assert "safetensors" in hole["reason"]


def test_why_explains_a_run_a_version_and_a_row(stage: Stage) -> None:
    doubled = reviews(300) + reviews(1)[len("text,label\n") :]
    stage.write("data/reviews.csv", doubled)
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + "clean: [dedupe_exact]\n")
    stage.bench("run", "my-reviews", "--models", "majority")
    cell = stage.cells("my-reviews")[0]
    assert '"family": "majority"' in stage.bench("why", cell["run_ids"][0]).stdout
    assert '"op": "dedupe_exact"' in stage.bench("why", cell["version"][:12]).stdout
    ledger = json.loads(stage.bench("build", "my-reviews", "--json").stdout)[0]["ledger"]
    assert ledger == [["dedupe_exact", "duplicate", 1]]
    assert "no run, version or row" in stage.bench("why", "nobody", code=2).stderr


def test_wrong_words_are_answered_with_the_nearest_right_ones(stage: Stage) -> None:
    assert 'nearest: "my-reviews"' in stage.bench("run", "my-review", code=2).stderr
    assert 'nearest: "majority"' in stage.bench("run", "my-reviews", "--models", "majorty", code=2).stderr
    assert 'nearest: "metrics"' in stage.bench("list", "metric", code=2).stderr


def test_what_one_model_lacks_is_a_hole_and_the_others_go_on(stage: Stage) -> None:
    lost = "name: lost\ntitle: Weights that are not there\nfamily: encoder\nweights: {local: models/lost}\n"
    stage.write("cards/models/lost.yaml", lost)
    shown = stage.bench("run", "my-reviews", "--models", "majority,lost", code=1)
    assert 'no weights folder "models/lost"' in shown.stderr
    cells = {cell["model"]: cell for cell in stage.cells("my-reviews") if cell["metric"] == "accuracy"}
    assert cells["majority"]["value"] is not None
    assert (cells["lost"]["status"], cells["lost"]["value"]) == ("missing", None)
    stage.bench("run", "my-reviews", "--models", "lost", code=2)


def test_a_narrower_report_leaves_the_board_alone(stage: Stage) -> None:
    stage.bench("run", "my-reviews", *CHEAP)
    before = (stage.home / "reports" / "my-reviews.json").read_text()
    stage.bench("report", "my-reviews", "--models", "majority")
    assert (stage.home / "reports" / "my-reviews.json").read_text() == before


def test_changed_data_is_announced_and_locked_anew(stage: Stage) -> None:
    stage.bench("build", "my-reviews")
    stage.write("data/reviews.csv", reviews(320))
    told = stage.bench("build", "my-reviews").stderr
    assert "changed: source reviews: data/reviews.csv" in told


def test_a_gate_that_is_not_met_is_a_hole_in_the_report_too(stage: Stage) -> None:
    card = CARD.replace("my-reviews", "doubtful").replace("data/reviews.csv", "data/votes.csv")
    annotation = """select: SELECT text, votes::INTEGER[] AS votes FROM reviews
labels: {from: {low: "aggregate <= 1.5", high: "aggregate > 1.5"}}
split: {method: all-test}
annotation:
  question: How good is it?
  scale: {min: 0, max: 3}
  votes: votes
  agreement: {measure: krippendorff-alpha, level: interval, at_least: 0.9}
"""
    rows = "".join(f'"text {number}","[{number % 4}, {(number // 4) % 4}]"\n' for number in range(40))
    stage.write("data/votes.csv", "text,votes\n" + rows)
    stage.write("cards/datasets/task/doubtful.yaml", card + annotation)
    suite = "name: both\ntitle: Both\ndatasets: [my-reviews, doubtful]\nmodels: [majority]\n"
    stage.write("cards/suites/both.yaml", suite)
    stage.bench("run", "both", code=1)
    headline = {cell["dataset"]: cell for cell in stage.cells("both") if cell["headline"]}
    assert headline["my-reviews"]["status"] == "ok"
    assert headline["doubtful"]["value"] is None


def test_building_what_holds_no_dataset_says_so(stage: Stage) -> None:
    assert "no dataset in majority" in stage.bench("build", "majority", code=2).stderr


def test_a_run_without_training_names_the_data_it_was_tried_on(stage: Stage) -> None:
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + "split: {method: all-test}\n")
    stage.bench("run", "my-reviews", "--models", "vader-lexicon")
    (cell, *_) = stage.cells("my-reviews")
    assert cell["train"] == ""
    assert "on my-reviews@" in stage.bench("why", cell["run_ids"][0]).stdout
    assert "my-reviews@" in stage.bench("list", "runs").stdout
