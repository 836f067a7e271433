"""Boards from records: numbers, intervals, holes, anchors and ranks."""

import shutil
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from harness import records
from harness.execute import execute
from harness.metrics.accuracy import Accuracy
from harness.models.majority import Majority
from harness.plan import plan
from harness.report import kept
from harness.report.assemble import board
from harness.report.board import Board, Cell
from harness.report.markdown import as_markdown
from harness.report.ranking import overall
from harness.spec import Limits, Suite
from harness.suites import Wish, bare
from harness.workspace import Workspace
from registry.errors import UserError
from tests.worlds import World, plenty, table

HASH = "split: {method: hash, seed: 5}\n"


@pytest.fixture
def workspace(world: World) -> Workspace:
    world.card(plenty(80), HASH)
    return Workspace(world.catalog, offline=True)


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The majority answer as if its seed mattered: a cheap model with several runs."""
    monkeypatch.setattr(Majority, "uses_seed", staticmethod(lambda recipe: recipe is not None))


def made(workspace: Workspace, *models: str, seeds: int = 1, **changes: Any) -> Board:
    suite = bare(("mine",), Wish(models, seeds), workspace).model_copy(update=changes)
    execute(suite, workspace)
    return board(plan(suite, workspace), workspace)


def cell(board: Board, model: str, metric: str = "accuracy") -> Cell:
    return next(one for one in board.cells if (one.model, one.metric) == (model, metric))


@pytest.mark.usefixtures("seeded")
def test_a_cell_has_its_value_interval_and_provenance(workspace: Workspace) -> None:
    found = cell(made(workspace, "majority", seeds=2), "majority")
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
    assert (found.seeds, len(found.run_ids), found.headline, found.best_or_tied) == (2, 2, True, True)
    assert found.train.startswith("mine@")


@pytest.mark.usefixtures("seeded")
def test_a_cell_that_was_not_run_is_a_hole(workspace: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority",), 1), workspace)
    execute(suite, workspace)
    wider = suite.model_copy(update={"seeds": (1, 2)})
    found = cell(board(plan(wider, workspace), workspace), "majority")
    assert (found.status, found.value, found.reason) == ("missing", None, "not run yet")


def test_an_anchor_says_whether_it_was_reproduced(world: World) -> None:
    anchors = "anchors: [{model: majority, metric: accuracy, value: VALUE, tolerance: 0.01, source: us}]\n"
    world.card(plenty(80), HASH + anchors.replace("VALUE", "0.999"))
    missed = cell(made(Workspace(world.catalog), "majority"), "majority")
    assert missed.anchor is not None
    assert not missed.anchor.reproduced
    world.card(None, HASH + anchors.replace("VALUE", str(missed.value)))
    met = cell(made(Workspace(world.catalog), "majority"), "majority")
    assert met.anchor is not None
    assert met.anchor.reproduced
    assert cell(made(Workspace(world.catalog), "majority"), "majority", "macro_f1").anchor is None


def test_a_metric_that_cannot_be_computed_is_absent_with_its_reason(world: World) -> None:
    world.card(plenty(80), HASH + "labels: [bad, good, ugly]\n")
    found = cell(made(Workspace(world.catalog), "majority"), "majority", "macro_f1")
    assert (found.value, found.status) == (None, "not_applicable")
    assert found.reason == 'no row of the evaluated split has the label "ugly"'


def test_an_unchanged_report_is_read_back_and_a_changed_card_is_not(world: World, workspace: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority",), 1), workspace)
    first = kept.report(execute(suite, workspace).plan, workspace)
    again = kept.report(plan(suite, workspace), workspace)
    assert again.board == first.board
    world.card(None, HASH + "citation: somebody\n")
    changed = kept.report(plan(suite, Workspace(world.catalog)), Workspace(world.catalog))
    assert changed.board.datasets[0].citation == "somebody"


def test_a_record_that_was_removed_and_made_again_is_another_report(workspace: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority",), 1), workspace)
    before = kept.fingerprint(execute(suite, workspace).plan, workspace)
    assert kept.fingerprint(plan(suite, workspace), workspace) == before
    shutil.rmtree(workspace.home / "runs")
    assert kept.fingerprint(execute(suite, workspace).plan, workspace) != before


def test_the_fingerprint_covers_the_program() -> None:
    covered = kept._code()
    assert {"harness/plan.py", "registry/gate.py", "harness/report/templates/page.html"} <= set(covered)
    assert not any(name.endswith(".pyc") for name in covered)


ANCHOR = "anchors: [{model: majority, metric: accuracy, value: 0.5, tolerance: 0.5, source: us}]\n"


@pytest.mark.parametrize(
    "changes",
    [{"limits": Limits(train=10)}, {"override": {"tfidf-logreg": {"C": 2.0}}}],
    ids=["limit", "override"],
)
def test_another_protocol_is_not_held_against_a_published_value(world: World, changes: dict[str, Any]) -> None:
    world.card(plenty(80), HASH + ANCHOR.replace("majority", "tfidf-logreg"))
    workspace = Workspace(world.catalog, offline=True)
    assert cell(made(workspace, "tfidf-logreg"), "tfidf-logreg").anchor is not None
    assert cell(made(workspace, "tfidf-logreg", **changes), "tfidf-logreg").anchor is None
    # A limit that leaves every row in is no other protocol.
    assert cell(made(workspace, "tfidf-logreg", limits=Limits(train=1000)), "tfidf-logreg").anchor is not None


def test_a_metric_where_less_is_better_is_ranked_the_other_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ((f"{word} thing number {n}", word) for n in range(100) for word in ("bad", "good"))
    world.card(table(*rows), HASH + "metrics: [accuracy]\n")
    workspace = Workspace(world.catalog, offline=True)
    up = made(workspace, "majority", "tfidf-logreg")
    assert [line.model for line in up.overall] == ["tfidf-logreg", "majority"]
    monkeypatch.setattr(Accuracy, "higher_is_better", False)
    down = made(workspace, "majority", "tfidf-logreg")
    assert [line.model for line in down.overall] == ["majority", "tfidf-logreg"]
    assert [line.mean_rank for line in down.overall] == [1.0, 2.0]
    assert [one.best_or_tied for one in down.cells] == [True, False]
    assert not any(one.higher_is_better for one in down.cells)


def test_torn_predictions_name_the_folder(workspace: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority",), 1), workspace)
    planned = execute(suite, workspace).plan
    file = next(workspace.home.glob("runs/*/predictions.parquet"))
    file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(UserError, match="Remove that folder") as raised:
        board(planned, workspace)
    assert str(file.parent) in str(raised.value)


def test_predictions_of_different_rows_are_not_compared(workspace: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority", "tfidf-logreg"), 1), workspace)
    planned = execute(suite, workspace).plan
    file = next(workspace.home.glob("runs/*/predictions.parquet"))
    pl.read_parquet(file).head(3).write_parquet(file)
    with pytest.raises(UserError, match="different rows"):
        board(planned, workspace)


def test_an_unbuilt_dataset_has_no_counts(workspace: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority",), 1), workspace)
    found = board(plan(suite, workspace), workspace)
    assert (found.datasets[0].rows_read, found.datasets[0].rows_kept) == (None, None)
    assert (found.overall[0].seconds, found.overall[0].trainable_parameters) == (None, None)


@pytest.fixture
def folded(world: World) -> Workspace:
    """A table of 80 rows for 4-fold cross-validation, twice."""
    world.card(plenty(80), "split: {method: k-fold, folds: 4, repeats: 2}\n")
    return Workspace(world.catalog, offline=True)


def test_the_folds_of_a_repeat_are_one_result_over_all_rows(folded: Workspace) -> None:
    one = made(folded, "tfidf-logreg")
    found = cell(one, "tfidf-logreg")
    assert (found.split, found.folds, found.repeats) == ("cross-validation", 4, 2)
    assert (found.n, found.seeds, len(found.run_ids)) == (80, 1, 8)
    predictions = pl.concat([records.predictions(run_id, folded.home) for run_id in found.run_ids])
    assert predictions.height == 160
    assert found.value == pytest.approx((predictions["gold"] == predictions["predicted"]).mean())
    assert found.low is not None
    assert found.low < found.value < found.high
    costs = [record.seconds for record in records.find("", folded.home)]
    assert found.seconds == pytest.approx(sum(costs) / 2, abs=0.01)
    assert "Bengio" in one.ranking_rule


@pytest.mark.usefixtures("seeded")
def test_seeds_and_repeats_are_averaged_alike(folded: Workspace) -> None:
    found = cell(made(folded, "majority", seeds=2), "majority")
    assert (found.n, found.seeds, len(found.run_ids)) == (80, 2, 16)


def test_a_fold_that_failed_is_a_hole_that_names_it(folded: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority",)), folded)
    planned = execute(suite, folded).plan
    spec = planned.cells[6].spec
    assert spec
    (record,) = records.find(spec.run_id, folded.home)
    shutil.rmtree(folded.home / "runs" / spec.run_id)
    missing = cell(board(plan(suite, folded), folded), "majority")
    assert (missing.status, missing.value, missing.reason) == ("missing", None, "1 of 8 runs not made yet")
    records.save(replace(record, status="failed", reason="it broke", n=None), None, folded.home)
    failed = cell(board(plan(suite, folded), folded), "majority")
    assert (failed.status, failed.value) == ("failed", None)
    assert failed.reason == "1 of 8 runs failed, the first of them seed 1, repeat 2, fold 2: it broke"
    assert failed.n == 80


def test_classes_with_fewer_rows_than_asked_for_are_told(world: World) -> None:
    rows = [(f"review number {n}", "rare" if n % 20 == 0 else "common") for n in range(200)]
    world.card(table(*rows), HASH)
    workspace = Workspace(world.catalog, offline=True)
    one = made(workspace, "tfidf-logreg", seeds=2, limits=Limits(per_class=16))
    (section,) = one.datasets
    assert any(notice.startswith("fewer than 16 training rows, all of them used: rare (") for notice in section.notices)
    found = cell(one, "tfidf-logreg")
    assert (found.seeds, found.train.rpartition(":")[2]) == (2, "16/class")


def headline(dataset: str, model: str, value: float | None) -> Cell:
    blank: dict[str, Any] = dict.fromkeys(Cell.__dataclass_fields__)
    known = {"dataset": dataset, "model": model, "value": value, "headline": True, "higher_is_better": True}
    return Cell(**{**blank, **known, "seconds": 1.0, "trainable_parameters": 5})


def test_ranks_compare_only_models_with_every_score_and_ties_share() -> None:
    values = {"a": (0.9, 0.7), "b": (0.7, 0.9), "c": (0.95, None), "d": (0.1, 0.2)}
    cells = [headline(name, model, pair[index]) for model, pair in values.items() for index, name in enumerate("xy")]
    suite = Suite(name="s", title="t", datasets=("x", "y"), models=tuple(values))
    lines = {line.model: line for line in overall(suite, cells)}
    assert {model: line.rank for model, line in lines.items()} == {"a": 1, "b": 1, "c": None, "d": 3}
    assert (lines["a"].mean_rank, lines["c"].missing) == (1.5, ("y",))


def test_a_cost_that_is_not_known_everywhere_is_absent() -> None:
    cells = [headline("x", "a", 0.9), replace(headline("y", "a", 0.8), seconds=None, trainable_parameters=None)]
    suite = Suite(name="s", title="t", datasets=("x", "y"), models=("a",))
    assert [(line.seconds, line.trainable_parameters) for line in overall(suite, cells)] == [(None, None)]
    known = [replace(one, seconds=2.0, trainable_parameters=0) for one in cells]
    assert [(line.seconds, line.trainable_parameters) for line in overall(suite, known)] == [(4.0, 0)]


def test_metrics_of_opposite_directions_have_no_mean() -> None:
    better = {"x": True, "y": False}
    scores = {"a": (0.9, 0.2), "b": (0.8, 0.3)}
    cells = [
        replace(headline(name, model, pair[index]), higher_is_better=better[name])
        for model, pair in scores.items()
        for index, name in enumerate("xy")
    ]
    lines = overall(Suite(name="s", title="t", datasets=("x", "y"), models=("a", "b")), cells)
    assert [(line.model, line.rank, line.mean, line.mean_rank) for line in lines] == [
        ("a", None, None, 1.0),
        ("b", None, None, 2.0),
    ]


def test_metrics_of_different_scales_have_no_mean() -> None:
    cells = [headline(name, "a", value) for name, value in (("x", 0.9), ("y", 24.9))]
    suite = Suite(name="s", title="t", datasets=("x", "y"), models=("a",))
    assert [line.rank for line in overall(suite, cells)] == [1]
    assert [(line.rank, line.mean) for line in overall(suite, cells, one_scale=False)] == [(None, None)]


NUMBERS = """\
name: rated
title: Texts with a number
kind: task
languages: [en]
license: {spdx: CC0-1.0}
task: text-regression
sources: {rows: {local: data/rated.csv}}
split: {method: hash, seed: 5}
"""


@pytest.fixture
def two_tasks(world: World, workspace: Workspace) -> Workspace:
    rows = (f"a text of {number} words,{number % 7}.5\n" for number in range(80))
    world.write({"cards/datasets/task/rated.yaml": NUMBERS, "data/rated.csv": "text,score\n" + "".join(rows)})
    return Workspace(world.catalog, offline=True)


def test_datasets_of_different_tasks_stand_on_one_board_without_a_ranking(two_tasks: Workspace) -> None:
    suite = bare(("mine", "rated"), Wish(), two_tasks)
    found = board(plan(suite, two_tasks), two_tasks)
    assert [(part.name, part.version) for part in found.datasets] == [("mine", ""), ("rated", "")]
    assert {"tfidf-logreg", "tfidf-ridge"} <= {model.name for model in found.models}
    assert found.overall == ()
    assert found.ranking_rule.startswith("Models are compared on each dataset, and not ranked")


def test_a_model_of_two_tasks_has_no_mean_of_accuracy_and_error(two_tasks: Workspace) -> None:
    suite = bare(("mine", "rated"), Wish(("majority",)), two_tasks)
    execute(suite, two_tasks)
    found = board(plan(suite, two_tasks), two_tasks)
    assert [(line.rank, line.mean, line.datasets) for line in found.overall] == [(None, None, 2)]
    text = as_markdown(found)
    assert "### rmse, less is better\n" in text
    assert "### accuracy\n" in text


def test_a_restricted_licence_and_a_better_card_stand_on_every_board(world: World) -> None:
    world.card(plenty(80), HASH).card(plenty(80), HASH, name="other")
    path = world.root / "cards/datasets/task/mine.yaml"
    text = path.read_text().replace("{spdx: CC0-1.0}", "{spdx: NOASSERTION, use: research, note: by its authors}")
    path.write_text(f"{text}superseded_by: other\n")
    (section,) = made(Workspace(world.catalog, offline=True), "majority").datasets
    assert section.notices[:2] == ("research use only (by its authors)", "superseded by other")


def test_an_anchor_of_few_rows_is_held_against_a_run_of_as_few(world: World) -> None:
    anchor = "{model: majority, metric: accuracy, value: 0.5, tolerance: 0.5, source: a paper, per_class: 4}"
    world.card(plenty(80), f"{HASH}anchors: [{anchor}]\n")
    workspace = Workspace(world.catalog, offline=True)
    assert cell(made(workspace, "majority"), "majority").anchor is None
    assert cell(made(workspace, "majority", limits=Limits(per_class=5)), "majority").anchor is None
    found = cell(made(workspace, "majority", limits=Limits(per_class=4)), "majority").anchor
    assert found is not None
    assert found.reproduced
