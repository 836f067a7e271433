"""Plans: which cells make sense, what a run's identity hears, and what is recorded already."""

import json
import shutil

import pytest

from harness import records
from harness.execute import execute
from harness.folds import Folds
from harness.plan import ModelInSuite, Plan, plan
from harness.spec import Limits, Suite, model_card
from harness.suites import Wish, bare
from harness.workspace import Workspace
from registry.errors import UserError
from tests.harness.conftest import HASH
from tests.worlds import World, minimal_card, plenty


def planned(workspace: Workspace, *models: str, **changes: object) -> Plan:
    suite = bare(("mine",), Wish(models or ("majority",), 1), workspace)
    return plan(suite.model_copy(update=changes), workspace)


def run_id(workspace: Workspace, model: str = "tfidf-logreg", **changes: object) -> str:
    (cell,) = planned(workspace, model, **changes).cells
    assert cell.spec
    return cell.spec.run_id


def test_a_bare_dataset_gets_its_tasks_default_models(workspace: Workspace) -> None:
    assert "tfidf-logreg" in bare(("mine",), Wish((), 1), workspace).models


def test_a_lexicon_for_other_labels_is_not_applicable(workspace: Workspace) -> None:
    (cell,) = planned(workspace, "vader-lexicon").cells
    assert cell.state == "not applicable"
    assert "negative" in cell.reason


def test_a_model_for_another_language_is_not_applicable(world: World) -> None:
    world.card(plenty(80), HASH)
    card = minimal_card(HASH).replace("[en]", "[zh]")
    world.write({"cards/datasets/task/mine.yaml": card})
    world.build()
    (cell,) = planned(Workspace(world.catalog), "vader-lexicon").cells
    assert cell.reason == "reads en only; the data is zh"


def test_a_card_without_a_train_split_suits_only_models_that_learn_nothing(world: World) -> None:
    world.card(plenty(80, ("negative", "positive")))
    world.build()
    workspace = Workspace(world.catalog)
    states = {cell.model: cell.state for cell in planned(workspace, "majority", "vader-lexicon").cells}
    assert states == {"majority": "not applicable", "vader-lexicon": "to run"}


def test_an_unbuilt_dataset_is_to_prepare_and_nothing_is_built(world: World) -> None:
    world.card(plenty(80), HASH)
    (cell,) = planned(Workspace(world.catalog)).cells
    assert cell.state == "to prepare"
    assert not (world.home / "versions").exists()


def test_what_is_recorded_is_not_run_again_and_gives_an_estimate(workspace: Workspace) -> None:
    suite = bare(("mine",), Wish(("majority",), 1), workspace)
    assert planned(workspace).seconds is None
    execute(suite, workspace)
    assert [cell.state for cell in planned(workspace).cells] == ["recorded"]
    again = planned(workspace, limits=Limits(train=10))
    assert again.seconds is not None
    assert [cell.state for cell in again.cells] == ["to run"]


def test_the_identity_hears_what_changes_results(workspace: Workspace) -> None:
    base = run_id(workspace)
    assert run_id(workspace, override={"tfidf-logreg": {"C": 3}}) != base
    assert run_id(workspace, "majority") != base


def test_a_model_that_no_seed_can_change_runs_once(workspace: Workspace) -> None:
    assert len(planned(workspace, "tfidf-logreg", seeds=(1, 2, 3)).cells) == 1
    assert run_id(workspace, seeds=(2,)) == run_id(workspace)
    seeded = {
        name: ModelInSuite(model_card(workspace.catalog, name), None).seeded
        for name in ("minilm-finetune", "minilm-probe")
    }
    assert seeded == {"minilm-finetune": True, "minilm-probe": False}


def test_the_identity_ignores_names_titles_and_defaults_written_out(world: World, workspace: Workspace) -> None:
    base = run_id(workspace)
    card = "name: other\ntitle: Another name\nfamily: tfidf\nrecipe: {analyzer: auto}\n"
    world.write({"cards/models/other.yaml": card})
    assert run_id(Workspace(world.catalog), "other") == base


def test_a_run_id_is_the_hash_of_what_it_prints(workspace: Workspace) -> None:
    (cell,) = planned(workspace).cells
    assert cell.spec
    assert json.loads(json.dumps(cell.spec.identity))["evaluate"]["split"] == "test"
    assert len(cell.spec.run_id) == 16


def test_an_unknown_model_is_named_with_the_nearest(workspace: Workspace) -> None:
    suite = Suite(name="s", title="t", datasets=("mine",), models=("majorty",))
    with pytest.raises(UserError, match='nearest: "majority"'):
        plan(suite, workspace)


K_FOLD = "split: {method: k-fold, folds: 4, repeats: 2}\n"


def test_every_fold_is_a_run_of_its_own(world: World) -> None:
    world.card(plenty(80), K_FOLD)
    unbuilt = planned(Workspace(world.catalog)).cells
    assert [cell.fold for cell in unbuilt] == list(Folds(4, 2).each())
    world.build()
    cells = planned(Workspace(world.catalog)).cells
    assert [cell.fold for cell in cells] == [cell.fold for cell in unbuilt]
    assert {cell.state for cell in cells} == {"to run"}
    assert len({cell.spec.run_id for cell in cells if cell.spec}) == 8
    assert cells[5].place == "seed 1, repeat 2, fold 1"


def test_the_identity_of_a_fold_names_it_and_what_it_selects_by(world: World) -> None:
    world.card(plenty(80), K_FOLD)
    version = world.build().published.digest
    cell = planned(Workspace(world.catalog)).cells[5]
    assert cell.spec
    assert cell.spec.identity["evaluate"] == {"version": version, "split": "train", "repeat": 2, "fold": 1}
    assert cell.spec.identity["validation"] == {"one_in": 10}


def test_what_was_run_of_some_folds_estimates_the_others(world: World) -> None:
    world.card(plenty(80), K_FOLD)
    workspace = Workspace(world.catalog, offline=True)
    execute(bare(("mine",), Wish(("majority",)), workspace), workspace)
    first = records.find("", workspace.home)[0]
    shutil.rmtree(workspace.home / "runs" / first.run_id)
    again = planned(workspace)
    assert [cell.spec.run_id for cell in again.of("to run") if cell.spec] == [first.run_id]
    assert again.seconds is not None


def test_examples_drawn_by_seed_make_every_seed_a_run(workspace: Workspace) -> None:
    few = planned(workspace, "tfidf-logreg", seeds=(1, 2, 3), limits=Limits(per_class=4)).cells
    assert [cell.spec.identity["limit"]["seed"] for cell in few if cell.spec] == [1, 2, 3]
    assert len({cell.spec.run_id for cell in few if cell.spec}) == 3
    assert few[0].spec is not None
    assert few[0].spec.train.endswith(":4/class")
    everything = planned(workspace, "tfidf-logreg", seeds=(1, 2, 3), limits=Limits(per_class=1000)).cells
    assert [cell.spec.run_id for cell in everything if cell.spec] == [run_id(workspace)]
