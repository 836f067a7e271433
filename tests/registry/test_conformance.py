"""The published JSON Schemas and the typed check agree, and where they do not the card's author is told where."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness.inspect.check import check_cards
from registry import project, yamlsource
from registry.catalog import Catalog
from registry.conformance import disagreements
from tests.worlds import minimal_card

SCHEMAS = sorted((Path(project.__file__).parent / "schema").glob("*.schema.json"))
SHIPPED = Catalog(project.at(project.shipped()))


def found(text, section="datasets"):
    return [
        (problem.path, problem.what) for problem in disagreements(section, yamlsource.parse(text, "cards/mine.yaml"))
    ]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_that_ships_is_one(path):
    Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_every_section_has_a_schema():
    assert [path.name.partition(".")[0] for path in SCHEMAS] == ["dataset", "model", "suite"]


@pytest.mark.parametrize("section", project.SECTIONS)
def test_every_shipped_card_is_what_the_schema_says(section):
    for name in SHIPPED.section(section):
        assert not list(disagreements(section, SHIPPED.merged(section, name).source))


@pytest.mark.parametrize(
    "more",
    [
        "citation: null\nselect: null\n",
        "clean: [whitespace, {whitespace: null}, {length: {min_chars: 3}}]\n",
        "labels: [1, 2.50, x]\n",
        "published: 2014\nmargin: 0.02\ncreators: [Nobody]\nurl: https://example.org/x\n",
        "split: {ratios: {train: 1, validation: 0, test: 0}}\n",
        "split: {method: all-test}\ndescription: 42\n",
    ],
)
def test_what_the_typed_check_takes_the_schema_takes(world, more):
    assert found(minimal_card(more)) == []
    assert check_cards(world.card(more=more).catalog, ("mine",)).problems == ()


def test_a_child_needs_no_more_than_what_it_changes():
    assert found("like: tweets\nname: child\nlabels: null\n") == []


def test_a_value_that_only_looks_right_stands_at_its_place(world):
    world.card(
        more='margin: "0.02"\nanchors: [{model: majority, metric: accuracy, value: 1, tolerance: "1", source: s}]\n'
    )
    problems = check_cards(world.catalog, ("mine",)).problems
    assert [(problem.line, problem.path, problem.what) for problem in problems] == [
        (8, ("margin",), 'must be a number, not "0.02"'),
        (9, ("anchors", "1", "tolerance"), 'must be a number, not "1"'),
    ]


def test_a_mistake_that_both_checks_see_is_told_once(world):
    world.card(more='margin: "0.02"\nmetrics: [bleu]\n')
    problems = check_cards(world.catalog, ("mine",)).problems
    assert [problem.path for problem in problems] == [("margin",), ("metrics", "1")]
