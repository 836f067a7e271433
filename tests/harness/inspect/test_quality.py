"""What runs and an encoder add to a scorecard, and how it is told."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import harness
from harness.execute import execute
from harness.inspect import quality as told
from harness.inspect import spread
from harness.inspect.learning import learning_curves
from harness.inspect.page import page
from harness.inspect.show import described
from harness.spec import Limits
from harness.suites import Wish, bare
from harness.workspace import Workspace
from registry import build
from registry.quality.measure import Scorecard
from tests.tiny_encoder import FILLER, save
from tests.worlds import World, table

SCHEMA = json.loads((Path(harness.__file__).parent / "schema" / "quality.schema.json").read_text("utf-8"))
GAIN = "gain of twice the training rows"


def scorecard(workspace: Workspace, *, encode: bool = False) -> Scorecard:
    version = build.locate("mine", workspace.catalog)
    assert version is not None
    return told.quality(workspace.catalog.dataset("mine"), version, workspace, encode=encode)


def run(workspace: Workspace, *limits: int | None, models: tuple[str, ...] = ("tfidf-logreg",), **changes) -> None:
    for limit in limits:
        suite = bare(("mine",), Wish(models), workspace).model_copy(update={"limits": Limits(train=limit), **changes})
        execute(suite, workspace)


def test_three_sizes_make_a_curve_and_two_do_not(workspace):
    run(workspace, 20, 40)
    assert scorecard(workspace).learning == ()
    assert "3 or more sizes" in scorecard(workspace).measure(GAIN).reason
    run(workspace, None, models=("majority", "tfidf-logreg"))
    (curve,) = scorecard(workspace).learning
    rows = int(scorecard(workspace).measure("rows").note.split()[0])
    assert (curve.model, curve.metric, [size for size, _ in curve.points]) == (
        "tfidf-logreg",
        "accuracy",
        [20, 40, rows],
    )
    found = scorecard(workspace).measure(GAIN)
    assert found.value == pytest.approx(abs(curve.at(2 * rows) - curve.at(rows)))
    assert "tfidf-logreg" in found.note


def test_runs_of_another_recipe_or_version_are_other_curves(world, workspace):
    run(workspace, 20, 40)
    run(workspace, None, override={"tfidf-logreg": {"C": 2.0}})
    assert scorecard(workspace).learning == ()
    run(workspace, None)
    assert len(scorecard(workspace).learning) == 1
    world.card(more="split: {method: hash, seed: 6}\n").build()
    assert scorecard(Workspace(world.catalog, offline=True)).learning == ()


def test_a_saturated_set_gains_less_than_the_margin(world, workspace):
    run(workspace, 20, 40, None, models=("majority",))
    world.card(more="margin: 0.02\nsplit: {method: hash, seed: 5}\n")
    found = scorecard(Workspace(world.catalog, offline=True)).measure(GAIN)
    assert (found.value, found.verdict) == (0, "good")


def test_models_that_do_not_learn_from_rows_make_no_curve(workspace):
    version = build.locate("mine", workspace.catalog)
    card = workspace.catalog.dataset("mine")
    run(workspace, 20, 40, None, models=("vader-lexicon",))
    assert learning_curves(card, version, workspace.home) == ()


def test_spread_of_known_vectors():
    axes = np.repeat(np.eye(4, dtype=np.float32), 8, axis=0)
    found = spread.spread_of(axes)
    # 24 of the 31 others are orthogonal; centring leaves three of four directions.
    assert found.distance == pytest.approx(24 / 31, abs=1e-4)
    assert found.rank == pytest.approx(3)
    same = spread.spread_of(np.ones((8, 4), dtype=np.float32))
    assert (same.distance, same.rank) == (0, 1)


def test_an_encoder_that_is_not_there_is_told(world, workspace):
    assert "fewer than 256 rows" in scorecard(workspace, encode=True).measure(spread.DISTANCE).reason
    many(world)
    apart = scorecard(Workspace(world.catalog, offline=True), encode=True).measure(spread.DISTANCE)
    assert apart.reason == "the weights are not fetched; `bench fetch minilm-probe`"
    assert not spread.ready(workspace)
    path = world.root / "cards/datasets/task/mine.yaml"
    path.write_text(path.read_text().replace("[en]", "[en, zh]"))
    assert "the texts are zh" in scorecard(Workspace(world.catalog, offline=True)).measure(spread.RANK).reason


@pytest.mark.slow
def test_spread_is_measured_once_and_kept(world):
    many(world)
    save(world.root / "tiny", FILLER)
    card = "name: minilm-probe\ntitle: Tiny\nfamily: encoder\nweights: {local: tiny}\nrecipe: {method: probe}\n"
    world.write({"cards/models/minilm-probe.yaml": card})
    workspace = Workspace(world.catalog, offline=True)
    assert "not measured yet" in scorecard(workspace).measure(spread.RANK).reason
    found = scorecard(workspace, encode=True)
    assert 0 < found.measure(spread.DISTANCE).value < 2
    assert 1 < found.measure(spread.RANK).value <= 32
    (world.root / "tiny" / "model.safetensors").unlink()
    assert scorecard(workspace) == found


def many(world: World) -> None:
    letters = "abcdefghijklmno"
    rows = [(f"{letters[n % 15]} {letters[n // 15 % 15]} {n}", ("bad", "good")[n % 2]) for n in range(300)]
    world.card(table(*rows), "split: {method: hash, seed: 5}\n").build()


def test_a_card_is_shown_with_its_quality_in_four_lines(workspace):
    found = scorecard(workspace)
    lines = dict(told.pairs(found))
    assert list(lines) == ["relevant labels", "quality and diversity", "right size", "accessibility"]
    assert lines["relevant labels"].startswith("coverage 100.0%; ")
    assert lines["relevant labels"].endswith("not measured: agreement, suspected label errors")
    assert "rebuilds bit for bit yes (good)" in lines["accessibility"]
    assert len(page(workspace.catalog, "mine")) > 3


def test_programs_get_what_the_schema_says(workspace):
    assert told.schema() == SCHEMA
    found = json.loads(json.dumps(described(workspace.catalog, "mine")["quality"], allow_nan=False))
    jsonschema.validate(found, SCHEMA)
    assert found["card"] == "mine"
