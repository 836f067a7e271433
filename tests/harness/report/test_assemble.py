"""Boards from records: numbers, intervals, holes, anchors and ranks."""

from typing import Any

import pytest

from harness.execute import execute
from harness.plan import bare_suite, plan
from harness.report import kept
from harness.report.assemble import board
from harness.report.board import Board, Cell
from harness.report.ranking import overall
from harness.spec import Suite
from harness.workspace import Workspace
from tests.worlds import World, plenty

HASH = "split: {method: hash, seed: 5}\n"


@pytest.fixture
def workspace(world: World) -> Workspace:
    world.card(plenty(80), HASH)
    return Workspace(world.catalog, offline=True)


def made(workspace: Workspace, *models: str, seeds: int = 1) -> Board:
    suite = bare_suite(("mine",), models, seeds, workspace)
    execute(suite, workspace)
    return board(plan(suite, workspace), workspace)


def cell(board: Board, model: str, metric: str = "accuracy") -> Cell:
    return next(one for one in board.cells if (one.model, one.metric) == (model, metric))


def test_a_cell_has_its_value_interval_and_provenance(workspace: Workspace) -> None:
    found = cell(made(workspace, "majority", seeds=2), "majority")
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
    assert (found.seeds, len(found.run_ids), found.headline, found.best_or_tied) == (2, 2, True, True)
    assert found.train.startswith("mine@")


def test_a_cell_that_was_not_run_is_a_hole(workspace: Workspace) -> None:
    suite = bare_suite(("mine",), ("majority",), 1, workspace)
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
    assert "label" in found.reason


def test_an_unchanged_report_is_read_back_and_a_changed_card_is_not(world: World, workspace: Workspace) -> None:
    suite = bare_suite(("mine",), ("majority",), 1, workspace)
    first = execute(suite, workspace).report
    again = kept.report(plan(suite, workspace), workspace)
    assert again.board == first.board
    world.card(None, HASH + "citation: somebody\n")
    changed = kept.report(plan(suite, Workspace(world.catalog)), Workspace(world.catalog))
    assert changed.board.datasets[0].citation == "somebody"


def headline(dataset: str, model: str, value: float | None) -> Cell:
    blank: dict[str, Any] = dict.fromkeys(Cell.__dataclass_fields__)
    known = {"dataset": dataset, "model": model, "value": value, "headline": True, "seconds": 1.0}
    return Cell(**{**blank, **known, "trainable_parameters": 5})


def test_ranks_compare_only_models_with_every_score_and_ties_share() -> None:
    values = {"a": (0.9, 0.7), "b": (0.7, 0.9), "c": (0.95, None), "d": (0.1, 0.2)}
    cells = [headline(name, model, pair[index]) for model, pair in values.items() for index, name in enumerate("xy")]
    suite = Suite(name="s", title="t", datasets=("x", "y"), models=tuple(values))
    lines = {line.model: line for line in overall(suite, cells)}
    assert {model: line.rank for model, line in lines.items()} == {"a": 1, "b": 1, "c": None, "d": 3}
    assert (lines["a"].mean_rank, lines["c"].missing) == (1.5, ("y",))
