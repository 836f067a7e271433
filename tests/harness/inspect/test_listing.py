"""`bench list` and `bench card search`: what a person reads, and what a program does."""

import json

import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.cli.filters import aligned, cut
from registry.errors import display_width
from tests.test_architecture import BENCH, modules_after
from tests.worlds import minimal_card, plenty

PACKAGE = "{package: {registry: pypi, name: x, version: 1.0, artifact: sdist}, path: x.csv}"


def bench(world, *arguments):
    return CliRunner().invoke(app, [*arguments, "--project", str(world.root)])


def line_of(world, name, *arguments):
    told = bench(world, "list", "datasets", *arguments)
    assert told.exit_code == 0, told.stderr
    return next(line for line in told.stdout.splitlines() if line.startswith(f"{name} "))


@pytest.fixture
def shelf(world):
    world.card(plenty(60), "split: {method: hash}\n")
    far = minimal_card("deprecated: its labels were wrong\nsuperseded_by: mine\n", "far")
    far = far.replace("{local: data/far.csv}", PACKAGE).replace("CC0-1.0", "CC-BY-NC-4.0, use: non-commercial")
    return world.write(
        {
            "cards/datasets/task/far.yaml": far.replace("A table of texts with labels", "网店评论"),
            "cards/datasets/task/torn.yaml": "name: {",
            "cards/models/ours.yaml": "name: ours\ntitle: Ours\nfamily: majority\nlanguages: [zh]\n",
        }
    )


def test_a_line_says_what_must_not_be_overlooked(shelf):
    far = line_of(shelf, "far")
    assert "not locked yet" in far
    assert "(non-commercial, deprecated, use mine instead) 网店评论" in far
    assert "cannot be read; see `bench card check`" in line_of(shelf, "torn")
    assert "not built" in line_of(shelf, "mine")
    shelf.build()
    assert "60 rows" in line_of(shelf, "mine")


def test_a_card_in_the_place_of_a_shipped_one_says_so(world):
    ours = minimal_card(name="tweets").replace("kind: task", "kind: general")
    world.write({"cards/datasets/general/tweets.yaml": ours})
    assert "(takes the place of a shipped card) A table" in line_of(world, "tweets")


def test_programs_get_every_fact(shelf):
    rows = {row["name"]: row for row in json.loads(bench(shelf, "list", "cards", "--json").stdout)}
    far = rows["far"]
    assert (far["kind"], far["task"], far["languages"]) == ("task", "text-classification", ["en"])
    assert (far["license"], far["use"]) == ("CC-BY-NC-4.0", "non-commercial")
    assert (far["deprecated"], far["superseded_by"]) == ("its labels were wrong", "mine")
    assert (far["locked"], far["built"], far["rows"]) == (False, False, None)
    assert not rows["torn"]["readable"]
    assert rows["ours"] == {
        "name": "ours",
        "summary": "model  zh  Ours",
        "section": "models",
        "file": "cards/models/ours.yaml",
        "title": "Ours",
        "shadows": False,
        "readable": True,
        "languages": ["zh"],
    }


def test_filters_choose_and_what_they_leave_out_for_want_of_knowledge_is_counted(shelf):
    shelf.build()
    told = bench(shelf, "list", "datasets", "--kind", "task", "--language", "en", "--min-rows", "1")
    assert [line.split()[0] for line in told.stdout.splitlines()] == ["mine"]
    assert "cards left out: rows are counted when a card is built" in told.stderr
    both = bench(shelf, "list", "datasets", "--use", "research, non-commercial", "--not-built")
    names = [line.split()[0] for line in both.stdout.splitlines()]
    assert "far" in names
    assert "mine" not in names
    assert "\nours " not in bench(shelf, "list", "cards", "--not-locked", "--kind", "task").stdout


def test_a_list_that_a_filter_empties_says_so(shelf):
    told = bench(shelf, "list", "datasets", "--min-rows", "1000000")
    assert (told.exit_code, told.stdout) == (0, "")
    assert "no datasets match" in told.stderr


def test_wrong_words_are_refused_with_the_nearest(shelf):
    from registry.errors import UserError

    for arguments, nearest in (
        (("list", "dataset"), "datasets"),
        (("list", "datasets", "--task", "text-clasification"), "text-classification"),
        (("card", "search", "x", "--kind", "taks"), "task"),
    ):
        told = bench(shelf, *arguments)
        assert isinstance(told.exception, UserError)
        assert f'nearest: "{nearest}"' in str(told.exception)
    told = bench(shelf, "list", "ops", "--kind", "task")
    assert "ops cannot be filtered" in str(told.exception)


def test_a_search_finds_cards_of_every_section_the_best_first(shelf):
    names = [line.split()[0] for line in bench(shelf, "card", "search", "评论").stdout.splitlines()]
    assert {"far", "shop-reviews-zh"} <= set(names)
    assert bench(shelf, "card", "search", "ours").stdout.startswith("ours ")
    found = json.loads(bench(shelf, "card", "search", "评论", "--use", "non-commercial", "--json").stdout)
    assert [row["name"] for row in found] == ["far"]
    nothing = bench(shelf, "card", "search", "nowhere")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "no card matches" in nothing.stderr


@pytest.mark.parametrize("arguments", [["list"], ["list", "datasets"], ["card", "search", "tweets"]])
def test_a_list_of_remembered_cards_loads_no_engine_and_parses_nothing(world, monkeypatch, arguments):
    world.card()
    monkeypatch.setattr("registry.memo.SETTLED", -(10**18))
    bench(world, *arguments)
    loaded = modules_after(BENCH.format(arguments=[*arguments, "--project", str(world.root)]))
    assert "harness.inspect.listing" in loaded
    assert not loaded & {"polars", "duckdb", "pyarrow", "numpy", "requests", "jsonschema", "rich", "yaml"}


# Columns


def test_cells_stand_below_each_other_however_wide_their_characters_are():
    lines = aligned([("a", "网店", "", "x"), ("bcd", "e", "", "y")])
    assert lines == ["a    网店  x", "bcd  e     y"]


def test_one_cell_that_is_too_wide_pushes_its_own_line_only():
    lines = aligned([("a", "b" * 60, "x"), ("c", "d", "y")])
    assert lines == [f"a  {'b' * 60}  x", "c  d  y"]


def test_a_title_cannot_drive_the_terminal():
    assert aligned([("a", "\x1b[31mred\u202e")]) == ["a  \\x1b[31mred\\u202e"]


@pytest.mark.parametrize("columns", range(2, 14))
def test_a_line_is_cut_where_the_terminal_ends(columns):
    short = cut("ab网店评论cd", columns)
    assert display_width(short) <= columns
    assert short == "ab网店评论cd" or short.endswith("…")
