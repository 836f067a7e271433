"""What every card that ships must be: checked, licensed, pinned, and named by nothing that is not there."""

import re

import pytest

from harness.inspect.check import check_cards
from harness.kinds import FAMILIES
from harness.kinds import TASKS as HARNESS_TASKS
from harness.spec import model_card, suite
from registry import project
from registry.catalog import Catalog
from registry.kinds import TASKS

CATALOG = Catalog(project.at(project.shipped()))
DATASETS, MODELS, SUITES = list(CATALOG.datasets), list(CATALOG.models), list(CATALOG.suites)
COMMIT = r"[0-9a-f]{40}"


def from_the_hub(name):
    return any(source.origin_kind == "hub" for source in CATALOG.dataset(name).sources.values())


def test_there_are_cards_of_every_kind():
    kinds = {CATALOG.dataset(name).kind for name in DATASETS}
    assert kinds == {"general", "vertical", "task"}
    assert MODELS
    assert SUITES


@pytest.mark.parametrize("name", [*DATASETS, *MODELS, *SUITES])
def test_a_shipped_card_checks_clean(name):
    checked = check_cards(CATALOG, (name,))
    assert checked.text() == "1 card checked, no problems."


def test_names_are_unique_over_all_sections():
    names = [*DATASETS, *MODELS, *SUITES]
    assert len(names) == len(set(names)), "a bare name on the command line must mean one card"


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_says_its_licence_and_where_it_is_from(name):
    card = CATALOG.dataset(name)
    assert re.fullmatch(r"[A-Za-z0-9.+-]+", card.license.spdx)
    assert card.license.note, "shipped data quotes people: the note says whose words they are"
    assert card.citation


@pytest.mark.parametrize("name", DATASETS)
def test_every_source_of_a_dataset_is_pinned(name):
    for source in CATALOG.dataset(name).sources.values():
        if source.origin_kind == "hub":  # a commit that was read in public; where none was, the first build locks one
            assert source.origin.revision is None or re.fullmatch(COMMIT, source.origin.revision)
            continue
        if source.origin_kind == "version":
            assert re.fullmatch(r"[0-9a-f]{12,64}", source.origin.digest)
            continue
        assert re.fullmatch(r"[0-9a-f]{64}", source.sha256 or "")
        assert getattr(source.origin, "version", None), "a package without a version is another one tomorrow"


@pytest.mark.parametrize("name", MODELS)
def test_weights_of_a_model_are_pinned(name):
    weights = model_card(CATALOG, name).weights
    assert weights is None or weights.sha256 or (weights.hub and re.fullmatch(COMMIT, weights.hub.revision))


@pytest.mark.parametrize("name", DATASETS)
def test_the_metrics_of_a_dataset_are_its_tasks(name):
    card = CATALOG.dataset(name)
    assert set(card.metrics) <= set(TASKS.get(card.task).metrics)


@pytest.mark.parametrize("name", DATASETS)
def test_guidelines_that_a_card_points_to_are_there(name):
    annotation = CATALOG.dataset(name).annotation
    if annotation and annotation.guidelines:
        text = (project.shipped() / annotation.guidelines).read_text(encoding="utf-8")
        assert len(text.split()) > 50


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_names_cards_that_are_there(name):
    found = suite(CATALOG, name)
    assert set(found.datasets) <= set(DATASETS)
    assert set(found.every_model) <= set(MODELS)


@pytest.mark.parametrize("name", DATASETS)
def test_a_protocol_card_names_the_published_value_it_reproduces(name):
    card = CATALOG.dataset(name)
    usual = [model_card(CATALOG, model).family for model in HARNESS_TASKS.get(card.task).default_models]
    learns = any(FAMILIES.get(family).needs_training_data for family in usual)
    if card.split.method == "all-test" and learns:
        assert card.anchors
    for anchor in card.anchors:
        assert anchor.model in MODELS
        assert anchor.metric in card.metrics


@pytest.mark.parametrize("name", [name for name in DATASETS if not from_the_hub(name)])
def test_the_lock_that_ships_knows_every_dataset_that_packages_hold(name):
    from registry import lock

    assert lock.entry(CATALOG.project, name) is not None
