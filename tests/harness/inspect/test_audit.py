"""`bench audit`, as people read it and as programs do."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from harness import gc
from harness.cli.app import app
from harness.workspace import Workspace
from registry.errors import UserError
from registry.versions import tags
from tests.registry.audits.planted import many, prose, row, typos
from tests.registry.audits.published import publish
from tests.worlds import minimal_card

SCHEMA = Path(gc.__file__).parent / "schema" / "audit.schema.json"
LEAKY = [*many(40), row(900, typos(prose(0)), split="test")]


def bench(world, *arguments):
    return CliRunner().invoke(app, ["audit", *arguments, "--project", str(world.root)])


def told(world, *arguments):
    result = bench(world, *arguments, "--json")
    found = json.loads(result.stdout)
    mistakes = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(found)
    assert not [f"{error.json_path}: {error.message}" for error in mistakes]
    return result.exit_code, found


def stored(world, rows, card="mine"):
    world.write({f"cards/datasets/task/{card}.yaml": minimal_card(name=card)})
    return publish(world.home, rows, card)


def test_what_is_fine_is_one_line_and_what_is_not_shows_both_sides(world):
    stored(world, LEAKY)
    result = bench(world)
    assert result.exit_code == 0, "a hint is no failure"
    lines = result.stderr.splitlines()
    assert any(line.startswith("mine ") and line.endswith("24 train, 8 validation, 9 test") for line in lines)
    assert "  fine: leaks, ngrams, noise, order" in lines
    at = lines.index("  near (hint): 1 of 9 test rows are nearly the same as a row of train or validation")
    assert lines[at + 2].startswith('      test r0900: "')
    assert lines[at + 3].startswith('      train r0000: "')


def test_programs_get_all_of_it(world):
    version = stored(world, LEAKY)
    code, found = told(world)
    assert code == 0
    (card,) = found["cards"]
    assert (card["card"], card["content_digest"]) == ("mine", version.digest)
    assert list(card["audits"]) == ["leaks", "near", "ngrams", "noise", "order"]
    assert [one["id"] for one in card["audits"]["near"]["worst"]] == ["r0900"]
    assert found["across"]["table"] == []


def test_options_are_parameters(world):
    stored(world, LEAKY)
    _, found = told(world, "--near", "0.99", "--ngrams", "5", "--limit", "0")
    audits = found["cards"][0]["audits"]
    assert audits["near"]["found"] == 0
    assert audits["near"]["parameters"]["threshold"] == 0.99
    assert audits["ngrams"]["parameters"]["words"] == 5
    assert audits["ngrams"]["worst"] == []


def test_a_torn_group_is_a_violation(world):
    torn = [row(n, prose(n), group=f"g{n % 3}", split=("train", "train", "test")[n % 4 % 3]) for n in range(12)]
    stored(world, torn)
    result = bench(world)
    assert result.exit_code == 1
    assert "  order (violation): " in result.stderr
    assert told(world)[1]["cards"][0]["audits"]["order"]["violation"]


def test_of_several_cards_each_is_held_against_all_others(world):
    stored(world, many(40), "one")
    stored(world, [*many(10, start=500), row(900, prose(0), split="test")], "two")
    _, found = told(world)
    assert found["across"]["table"] == [
        {"card": "two", "other_card": "one", "rows": 1, "exact": 1, "near": 0, "ngrams": 0}
    ]
    lines = bench(world).stderr.splitlines()
    assert "  1 of 3 of two in one (1, 0, 0)" in lines
    assert "    1.00  exact: test r0900 and train r0000" in lines


def test_cards_without_a_common_row_are_fine_together(world):
    stored(world, many(20), "one")
    stored(world, many(20, start=500), "two")
    assert "between the 2 cards: fine, no test row of one is known from another" in bench(world).stderr


def test_hostile_texts_and_ids_do_not_reach_the_terminal(world):
    evil = "\x1b[31mred\x1b[0m " + prose(0)
    stored(world, [*many(20), row(900, evil), row(901, evil, "two", split="test") | {"id": "\x1b]0;own\x07"}])
    result = bench(world)
    assert "\x1b" not in result.stderr
    assert "order (violation)" in result.stderr


def test_a_card_that_is_not_built_and_a_changed_version_are_told(world):
    result = bench(world)
    assert isinstance(result.exception, UserError)
    version = stored(world, LEAKY)
    named = bench(world, f"mine@{version.digest[:12]}")
    assert named.exit_code == 0
    os.truncate(version.split("test"), 10)
    again = bench(world, f"mine@{version.digest[:12]}", "--near", "0.8")
    assert isinstance(again.exception, UserError)
    assert "changed after it was published" in again.exception.what


@pytest.mark.parametrize("option", [("--near", "0.1"), ("--ngrams", "2")])
def test_a_parameter_out_of_range_is_refused(world, option):
    assert bench(world, *option).exit_code == 2


def test_what_was_found_goes_with_its_version(world):
    version = stored(world, LEAKY)
    bench(world)
    for path in sorted(world.home.rglob("*"), reverse=True):
        os.utime(path, (0, 0))
    space = Workspace(world.catalog, offline=True)
    assert {one.kind for one in gc.garbage(space)} == {"versions", "audits"}
    tags.add(world.catalog.project, "mine", "1.0.0", version.digest)
    assert gc.garbage(space) == []
