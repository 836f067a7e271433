"""Boards of several tasks: models by task, upper bounds, metrics without intervals, what a machine lacks."""

import json
from pathlib import Path

import pytest

from harness.execute import execute
from harness.models.espeak import Espeak
from harness.plan import plan
from harness.report.assemble import board
from harness.report.board import Board
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from harness.spec import suite
from harness.suites import Wish, bare
from harness.workspace import Workspace
from registry.errors import CardProblems
from tests.worlds import World

CARD = """\
name: {name}
title: Rows of {task}
kind: task
languages: [en]
license: {{spdx: CC0-1.0}}
task: {task}
sources: {{rows: {{local: data/{name}.jsonl}}}}
{more}"""
SUITE = """\
name: several
title: Several tasks
datasets: [summaries, scores]
models: {models}
"""


def lay(world: World, name: str, task: str, rows: list[dict], more: str = "") -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    card = CARD.format(name=name, task=task, more=more)
    world.write({f"cards/datasets/task/{name}.yaml": card, f"data/{name}.jsonl": text})


@pytest.fixture
def workspace(world: World) -> Workspace:
    reports = [f"Report {n} begins here. Sales of item {n} fell. Nobody knows why." for n in range(60)]
    lay(world, "summaries", "summarisation", [{"text": t, "reference": t.split(". ")[1]} for t in reports])
    lay(
        world,
        "scores",
        "text-regression",
        [{"text": f"good {'very ' * (n % 5)}{n}", "score": n % 5} for n in range(80)],
    )
    choices = [{"user": f"u{n % 9}", "item": f"i{n * 7 % 20}", "day": f"2024-01-{1 + n // 9:02}"} for n in range(180)]
    more = (
        'select: SELECT rows."user", item, day FROM rows\n'
        "collection: SELECT DISTINCT item AS id, item AS text FROM rows\n"
        "split: {method: temporal, column: day, ratios: {train: 0.7, validation: 0.1, test: 0.2}}\n"
    )
    lay(world, "choices", "recommendation", choices, more)
    lay(world, "sayings", "speech-synthesis", [{"text": f"Say {n}."} for n in range(5)], "split: {method: all-test}\n")
    return Workspace(world.catalog, offline=True)


def made(workspace: Workspace, *datasets: str, models: tuple[str, ...] = ()) -> Board:
    asked = bare(datasets, Wish(models), workspace)
    execute(asked, workspace)
    return board(plan(asked, workspace), workspace)


def told(found: Board, dataset: str, metric: str) -> dict[str, tuple]:
    cells = [cell for cell in found.cells if (cell.dataset, cell.metric) == (dataset, metric)]
    return {cell.model: (cell.value, cell.best_or_tied, cell.role) for cell in cells}


def test_what_sees_the_right_answers_is_an_upper_bound_and_no_model(workspace: Workspace) -> None:
    found = made(workspace, "summaries", models=("lead-3", "textrank", "extractive-oracle"))
    scores = told(found, "summaries", "rouge_l")
    assert scores["extractive-oracle"][0] > max(scores["lead-3"][0], scores["textrank"][0])
    assert scores["extractive-oracle"][1:] == (None, "bound")
    best = max("lead-3", "textrank", key=lambda model: scores[model][0])
    assert scores[best][1:] == (True, "model")
    assert "extractive-oracle" not in {line.model for line in found.overall}
    assert "an upper bound: it sees the right answers" in as_html(found, "")


def test_datasets_of_several_tasks_have_models_of_their_own_and_no_ranking(workspace: Workspace) -> None:
    (workspace.catalog.project.root / "cards" / "suites").mkdir()
    models = "{summarisation: [lead-3], text-regression: [majority, tfidf-ridge]}"
    path = workspace.catalog.project.root / "cards" / "suites" / "several.yaml"
    path.write_text(SUITE.format(models=models), encoding="utf-8")
    again = Workspace(type(workspace.catalog)(workspace.catalog.project), offline=True)
    asked = suite(again.catalog, "several")
    execute(asked, again)
    found = board(plan(asked, again), again)
    pairs = {(cell.dataset, cell.model) for cell in found.cells}
    assert pairs == {("summaries", "lead-3"), ("scores", "majority"), ("scores", "tfidf-ridge")}
    assert found.overall == ()
    assert "## Overall" not in as_markdown(found)
    assert 'href="#overall"' not in as_html(found, "")


@pytest.mark.parametrize(
    ("models", "problem"),
    [
        ("{summarisation: [lead-3]}", '"scores" is of text-regression, for which `models:` names none'),
        ("{summarisation: [lead-3], text-regression: [majority], translation: [copy]}", "no dataset of this suite"),
        (
            "{summarising: [lead-3], text-regression: [majority]}",
            'unknown task "summarising"',
        ),
        (
            "{summarisation: [leed-3], text-regression: [majority]}",
            'there is no model card "leed-3"',
        ),
    ],
)
def test_models_by_task_must_fit_the_datasets(workspace: Workspace, models: str, problem: str) -> None:
    root: Path = workspace.catalog.project.root
    (root / "cards" / "suites").mkdir()
    (root / "cards" / "suites" / "several.yaml").write_text(SUITE.format(models=models), encoding="utf-8")
    with pytest.raises(CardProblems, match=problem.split("`", maxsplit=1)[0].replace("(", r"\(")):
        suite(type(workspace.catalog)(workspace.catalog.project), "several")


def test_a_metric_that_is_no_sum_has_a_value_and_neither_interval_nor_ties(workspace: Workspace) -> None:
    found = made(workspace, "choices", models=("popularity", "item-knn"))
    cells = [cell for cell in found.cells if cell.metric == "coverage_at_10"]
    assert all(cell.value and 0 < cell.value <= 1 for cell in cells)
    assert {(cell.low, cell.high, cell.best_or_tied) for cell in cells} == {(None, None, None)}


def test_a_line_of_recommendation_is_a_user(workspace: Workspace) -> None:
    found = made(workspace, "choices", models=("popularity",))
    assert {cell.n for cell in found.cells} == {9}


def test_what_the_machine_lacks_is_told_before_anything_runs(workspace: Workspace, monkeypatch) -> None:
    monkeypatch.setattr(Espeak, "lacks", staticmethod(lambda: "espeak-ng is not installed here"))
    (cell,) = plan(bare(("sayings",), Wish(("espeak-ng",)), workspace), workspace).cells
    assert (cell.state, cell.reason) == ("not applicable", "espeak-ng is not installed here")


def test_rows_of_each_class_cannot_be_counted_where_there_are_none(workspace: Workspace) -> None:
    from harness.spec import Limits

    asked = bare(("scores",), Wish(("majority",), limits=Limits(per_class=5)), workspace)
    (cell,) = plan(asked, workspace).cells
    assert cell.reason == "rows of each class are to be counted, and a row of text-regression is of no one class"
