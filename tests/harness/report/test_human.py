"""People on the leaderboard: scored as models are, and never taken for one; models against the votes."""

import io
import json
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest
from rich.console import Console

import harness
from harness import records
from harness.execute import execute
from harness.kinds import METRICS
from harness.plan import plan
from harness.report.answers import Answers, contributions
from harness.report.assemble import board
from harness.report.board import Board, Cell
from harness.report.flat import as_csv, as_json
from harness.report.human import NAME
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from harness.report.terminal import print_board
from harness.suites import Wish, bare
from harness.workspace import Workspace
from tests.worlds import World, table

SCHEMA = json.loads((Path(harness.__file__).parent / "schema" / "report.schema.json").read_text("utf-8"))
SPLIT = "split: {method: given, column: part}\nmetrics: [accuracy]\n"
THREE = f"""\
annotation: {{question: q, votes: {{columns: [ann, bob, eve]}}, agreement: {{at_least: -1}}}}
labels: [bad, good]
{SPLIT}"""
SCALE = f"""\
select: SELECT id, text, part, votes::INTEGER[] AS votes FROM rows
annotation: {{question: q, scale: {{min: -4, max: 4}}, votes: votes, agreement: {{at_least: -1}}}}
labels: {{from: {{bad: "aggregate < -0.5", good: "aggregate > 0.5"}}, else: {{drop: neutral}}}}
{SPLIT}"""

Votes = tuple[str, str, str]
BAD, GOOD, SPLIT_UP = ("bad", "bad", "bad"), ("good", "good", "good"), ("bad", "good", "good")


def voted(world: World, *test: Votes, more: str = THREE, models: tuple[str, ...] = ("majority",)) -> Board:
    """A board where three people labelled each row; what they say of the test rows is given."""
    rows = [(f"t{n:02d}", f"training text {n}", *((BAD, GOOD, GOOD)[n % 3]), "train") for n in range(30)]
    rows += [(f"v{n:02d}", f"unseen text {n}", *votes, "test") for n, votes in enumerate(test)]
    world.card(table(*rows, header="id,text,ann,bob,eve,part"), more)
    return made(world, models)


def rated(world: World, *test: str, train: str = "[-3, -2]") -> Board:
    """The same on a scale."""
    rows = [(f"t{n:02d}", f"training text {n}", (train, "[2, 3]")[n % 2], "train") for n in range(30)]
    rows += [(f"v{n:02d}", f"unseen text {n}", votes, "test") for n, votes in enumerate(test)]
    world.card(table(*rows, header="id,text,votes,part"), SCALE)
    return made(world)


def made(world: World, models: tuple[str, ...] = ("majority",)) -> Board:
    workspace = Workspace(world.catalog, offline=True)
    suite = bare(("mine",), Wish(models), workspace)
    execute(suite, workspace)
    return board(plan(suite, workspace), workspace)


def people(found: Board, metric: str = "accuracy") -> Cell:
    return next(cell for cell in found.cells if (cell.role, cell.metric) == ("human", metric))


def soft(found: Board, model: str, metric: str) -> Cell:
    return next(cell for cell in found.cells if (cell.model, cell.metric) == (model, metric))


def test_each_annotator_is_held_against_the_others(world: World) -> None:
    found = people(voted(world, BAD, BAD, GOOD, GOOD, SPLIT_UP))
    # On the last row ann is wrong; bob and eve are half right, as the two beside each of them tie.
    assert found.value == pytest.approx((4 + 1 / 3) / 5)
    assert (found.n, found.status, found.headline) == (5, "ok", True)
    assert (found.low, found.high) == (pytest.approx(0.5, abs=0.4), 1.0)


def test_a_card_that_gives_a_tie_to_the_first_answer_does_so_beside_each_vote(world: World) -> None:
    found = voted(world, BAD, GOOD, SPLIT_UP, more=THREE.replace("agreement:", "ties: first, agreement:"))
    # Beside bob and eve of the last row stands bad alone: all three are wrong.
    assert people(found).value == pytest.approx(2 / 3)
    assert "by their majority; of a tie the first answer counts; 3 of 3 rows scored" in found.datasets[0].human


def test_people_are_no_model(world: World) -> None:
    found = voted(world, BAD, BAD, GOOD, GOOD, SPLIT_UP, models=("majority", "tfidf-logreg"))
    human = people(found)
    assert (human.model, human.best_or_tied, human.run_ids, human.seconds, human.anchor) == (NAME, None, (), None, None)
    assert {line.model for line in found.overall} == {"majority", "tfidf-logreg"}
    assert [cell.role for cell in found.cells if cell.headline] == ["model", "model", "human"]
    jsonschema.validate(json.loads(as_json(found)), SCHEMA)
    assert as_csv(found).count(",human,,,,\n") == 1


def test_votes_that_stand_for_no_label_are_wrong_and_told(world: World) -> None:
    found = rated(world, "[2, 3, 0]", "[2, 2, 2]", "[-2, -3, -1]", "[-1, -1, -1]")
    assert people(found).value == pytest.approx((2 / 3 + 3) / 4)
    (section,) = found.datasets
    assert "their mean and the rules of the card; 4 of 4 rows scored" in section.human
    told = "8.3% of the weight is of votes that stand for no label and count as wrong, 100.0% of the rest is right"
    assert told in section.human


def test_what_the_others_do_not_decide_is_left_out_and_told(world: World) -> None:
    found = rated(world, "[1, 1, 0]", "[-2, -2]", "[2]")
    # Beside each 1 the others have a mean of 0.5, which no rule takes; the 0 is a third of a row, and wrong.
    assert people(found).value == pytest.approx(1 / (1 + 1 / 3))
    assert "2 of 3 rows scored" in found.datasets[0].human
    assert "2 votes left out, as the others give no label" in found.datasets[0].human


def test_an_aggregate_that_weighs_annotators_is_no_yardstick_for_one_vote(world: World) -> None:
    weighing = THREE.replace("agreement:", "aggregate: dawid-skene, agreement:")
    found = voted(world, BAD, GOOD, SPLIT_UP, more=weighing)
    assert people(found).value == pytest.approx((2 + 1 / 3) / 3)
    told = (
        "by their majority, not by dawid-skene, which weighs all votes together; labels that tie count in equal parts"
    )
    assert told in found.datasets[0].human


def test_with_one_vote_a_row_there_is_a_reason_and_no_number(world: World) -> None:
    found = rated(world, "[2]", "[-2]")
    assert (people(found).status, people(found).value) == ("not_applicable", None)
    assert people(found).reason == "no evaluated row has two votes"
    assert found.datasets[0].human == ""
    jsonschema.validate(json.loads(as_json(found)), SCHEMA)


def test_of_numbers_there_is_no_such_score_and_the_reason_says_so(world: World) -> None:
    rows = [(f"t{n:02d}", f"training text {n}", f"[{n % 4}, 3]", "train") for n in range(30)]
    rows += [(f"v{n:02d}", f"unseen text {n}", "[1, 2]", "test") for n in range(3)]
    world.card(table(*rows, header="id,text,votes,part"), SCALE)
    path = world.root / "cards/datasets/task/mine.yaml"
    lines = path.read_text().replace("text-classification", "text-regression").replace("[accuracy]", "[rmse]")
    path.write_text("".join(line for line in lines.splitlines(keepends=True) if not line.startswith("labels")))
    found = people(made(world), "rmse")
    assert (found.value, found.reason) == (None, "annotators are compared on labels only")


def test_a_card_that_nobody_was_asked_about_has_neither_people_nor_votes(world: World) -> None:
    rows = [(f"text {n}", ("bad", "good")[n % 2], ("train", "train", "test")[n % 3]) for n in range(30)]
    world.card(table(*rows, header="text,label,part"), SPLIT)
    found = made(world)
    assert {(cell.metric, cell.role) for cell in found.cells} == {("accuracy", "model")}


def test_a_model_is_scored_against_the_votes(world: World) -> None:
    found = voted(world, BAD, GOOD, SPLIT_UP)
    # Two thirds of the training rows are good, and so say two thirds of the votes on the last row.
    one, other = np.array([1 / 3, 2 / 3]), np.log([1 / 3, 2 / 3])
    entropy = soft(found, "majority", "cross_entropy")
    assert entropy.value == pytest.approx((-other[0] - other[1] - one @ other) / 3)
    assert (entropy.n, entropy.headline, entropy.higher_is_better) == (3, False, False)
    divergence = soft(found, "majority", "jensen_shannon").value
    assert divergence is not None
    assert 0 < divergence < 1
    assert {cell.best_or_tied for cell in found.cells if cell.metric == "jensen_shannon"} <= {True, False}


def test_a_model_without_probabilities_has_a_reason_there(world: World) -> None:
    found = voted(world, BAD, GOOD, SPLIT_UP)
    (run_id,) = soft(found, "majority", "accuracy").run_ids
    file = world.home / "runs" / run_id / "predictions.parquet"
    records.predictions(run_id, world.home).drop("probabilities").write_parquet(file)
    cell = soft(made(world), "majority", "cross_entropy")
    assert (cell.value, cell.status, cell.reason) == (None, "not_applicable", "the model gives no probabilities")


def test_every_seed_of_a_model_needs_them(world: World) -> None:
    voted(world, BAD, GOOD, SPLIT_UP)
    workspace = Workspace(world.catalog, offline=True)
    (dataset,) = plan(bare(("mine",), Wish(("majority",)), workspace), workspace).datasets.values()
    first = pl.DataFrame({"id": ["1"], "gold": ["bad"], "soft_label": [[0.5, 0.5]], "probabilities": [[0.5, 0.5]]})
    given = Answers({"one": [first, first.drop("probabilities")]}, None, None, None)
    assert contributions(METRICS.get("cross_entropy")(), dataset, given, "one") == "the model gives no probabilities"


def test_records_of_before_serve_as_they_are(world: World) -> None:
    found = voted(world, BAD, GOOD, SPLIT_UP)
    (run_id,) = soft(found, "majority", "cross_entropy").run_ids
    (record,) = records.find(run_id, world.home)
    assert "cross_entropy" not in record.identity
    assert "cross_entropy" not in {one["metric"] for one in record.metrics}


def test_groups_are_drawn_whole(world: World) -> None:
    grouped = THREE.replace(SPLIT, "split: {method: all-test, group: part}\nmetrics: [accuracy]\n")
    found = voted(world, BAD, SPLIT_UP, more=grouped)
    assert people(found).n == 32
    # All train rows are right in all resamples: two groups leave three values, both ends among them.
    assert (people(found).low, people(found).high) == (pytest.approx((1 + 1 / 3) / 2), 1.0)


def test_in_cross_validation_people_are_scored_on_the_rows_that_models_are(world: World) -> None:
    folded = THREE.replace(SPLIT, "split: {method: k-fold, folds: 3}\nmetrics: [accuracy]\n")
    found = voted(world, SPLIT_UP, SPLIT_UP, more=folded)
    assert people(found).value == pytest.approx((30 + 2 / 3) / 32)
    sizes = {(cell.role, cell.metric): (cell.n, cell.split) for cell in found.cells}
    assert set(sizes.values()) == {(32, "cross-validation")}
    assert len(sizes) == 4


def test_every_format_shows_people_apart(world: World) -> None:
    found = voted(world, BAD, BAD, GOOD, GOOD, SPLIT_UP)
    console = Console(file=io.StringIO(), width=100)
    print_board(found, console)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    (row,) = [line for line in lines if line.strip().startswith("human  ")]
    assert "0.867" in row
    assert "*" not in row
    assert lines.index(row) > max(at for at, line in enumerate(lines) if line.strip().startswith("majority"))
    assert f"| *{NAME}* | 0.867 |" in as_markdown(found)
    assert "Human: each vote is held against" in as_markdown(found)
    html = as_html(found, "")
    assert '<tr class=" human">' in html
    assert "Human: each vote is held against" in html
