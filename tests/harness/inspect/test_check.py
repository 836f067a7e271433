"""`bench card check`: what a card names is there, its data fit, and the places of mistakes reach other programs."""

import json
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.inspect.check import Checked, check_cards
from registry.errors import Problem
from tests.worlds import minimal_card, plenty, table

AT = "cards/datasets/task/{}.yaml"


def checked(world, *names, data=False):
    return check_cards(world.catalog, names, data=data)


def card(world, name, more=""):
    return world.write({AT.format(name): minimal_card(more, name)})


def bench(world, *arguments):
    return CliRunner().invoke(app, ["card", "check", *arguments, "--project", str(world.root)])


# Cards that others replace


def test_a_successor_is_a_card_that_is_there(world):
    card(world, "new")
    card(world, "old", "superseded_by: nwe\n")
    (problem,) = checked(world, "old").problems
    assert problem.path == ("superseded_by",)
    assert problem.what == 'there is no dataset card "nwe"; nearest: "new"'
    card(world, "old", "superseded_by: new\n")
    assert not checked(world, "old").problems


def test_cards_that_supersede_each_other_are_told_with_the_whole_way(world):
    card(world, "a", "superseded_by: b\n")
    card(world, "b", "superseded_by: c\n")
    card(world, "c", "superseded_by: a\n")
    card(world, "before", "superseded_by: a\n")
    assert [problem.what for problem in checked(world).problems] == [
        "is superseded by itself: a -> b -> c -> a",
        "is superseded by itself: b -> c -> a -> b",
        "is superseded by itself: c -> a -> b -> c",
    ]


def test_the_successor_of_a_card_may_be_like_it(world):
    world.write({AT.format("new"): "like: old\nname: new\n"})
    card(world, "old", "superseded_by: new\ndeprecated: its labels were wrong\n")
    assert not checked(world).problems
    assert world.catalog.dataset("new").superseded_by is None
    assert world.catalog.dataset("new").deprecated == ""


def test_the_mistakes_of_a_successor_are_its_own(world):
    card(world, "old", "superseded_by: new\n")
    card(world, "new", "metrics: [bleu]\n")
    assert [problem.file for problem in checked(world).problems] == [AT.format("new")]


# Files


def test_a_card_under_another_ending_is_not_overlooked_in_silence(world):
    world.write({"cards/datasets/task/mine.yml": minimal_card(), "cards/models/OURS.YAML": "name: ours\n"})
    assert checked(world).notices == (
        "cards/datasets/task/mine.yml is not read: the names of cards end in .yaml",
        "cards/models/OURS.YAML is not read: the names of cards end in .yaml",
    )


# Data


def test_data_at_hand_are_looked_at_when_the_structure_is_right(world):
    world.card(table(("a", "bad"), ("b", "odd")), "labels: [bad, good]\n")
    assert not checked(world).problems
    (problem,) = checked(world, data=True).problems
    assert problem.path == ("labels",)
    world.card(more="labels: [bad, good]\nmetrics: [bleu]\n")
    assert [problem.path for problem in checked(world, data=True).problems] == [("metrics", "1")]


def test_the_data_of_shipped_cards_are_looked_at_where_they_are_named(world):
    assert not [notice for notice in checked(world, data=True).notices if "tweets" in notice]
    assert [notice for notice in checked(world, "tweets", data=True).notices if "tweets" in notice]


def test_the_command_looks_at_data_unless_told_otherwise(world):
    world.card(table(("a", "bad"), ("b", "odd")), "labels: [bad, good]\n")
    assert bench(world, "mine").exit_code == 2
    assert bench(world, "mine", "--no-data").exit_code == 0


# For other programs


def test_every_format_says_the_same(world):
    world.card(plenty(), "metrics: [bleu]\nmargin: 2\n")
    text, plain, flag, github = (
        bench(world, "mine", *arguments)
        for arguments in ((), ("--format", "json"), ("--json",), ("--format", "github"))
    )
    assert [told.exit_code for told in (text, plain, flag, github)] == [2] * 4
    assert plain.stdout == flag.stdout
    problems = json.loads(plain.stdout)["problems"]
    assert len(problems) == 2
    assert text.stdout == ""
    assert all(problem["what"] in text.stderr for problem in problems)
    assert len(github.stdout.splitlines()) == 2
    assert bench(world, "mine", "--format", "xml").exit_code == 2


def read_back(line: str) -> dict[str, str]:
    """What GitHub reads out of a workflow command."""
    command, _, message = line.removeprefix("::").partition("::")
    name, _, properties = command.partition(" ")
    pairs = (pair.split("=", 1) for pair in properties.split(","))
    return {"command": name, "message": unquote(message), **{key: unquote(value) for key, value in pairs}}


@pytest.mark.parametrize(
    "what", ["100% wrong", "a: b, c", "two\nlines\r\n::set-env name=X::y", "%0A", "网店：评论", "::error::no"]
)
def test_no_text_of_a_card_breaks_out_of_its_annotation(what):
    problem = Problem("cards/a,b:c%.yaml", 3, 7, ("labels", what), what, "Do it.")
    text = Checked(1, (problem,), ()).as_github(".")
    assert text.count("\n") == 1
    assert read_back(text.removesuffix("\n")) == {
        "command": "error",
        "file": "cards/a,b:c%.yaml",
        "line": "3",
        "col": "7",
        "title": f"labels > {what}",
        "message": f"{what}\nDo it.",
    }


def test_annotations_name_files_from_where_the_command_stands(world, monkeypatch):
    world.card(more="metrics: [bleu]\n")
    monkeypatch.chdir(world.root.parent)
    assert read_back(bench(world, "mine", "--format", "github").stdout)["file"] == f"project/{AT.format('mine')}"
    monkeypatch.chdir(world.root)
    assert read_back(bench(world, "mine", "--format", "github").stdout)["file"] == AT.format("mine")


def test_a_card_that_is_made_from_itself_is_told_with_the_way(world):
    for name, above in (("mine", "other"), ("other", "third"), ("third", "mine"), ("beside", "mine")):
        made = minimal_card(name=name).replace(
            f"local: data/{name}.csv", f"version: {{card: {above}, digest: {'0' * 12}}}"
        )
        world.write({AT.format(name): made})
    (problem,) = checked(world, "mine").problems
    assert problem.path == ("sources", "rows", "version")
    assert problem.what == "derives from itself: mine -> other -> third -> mine"
    assert checked(world, "beside").problems == ()


def test_a_card_that_compares_itself_with_cards_that_are_made_from_it_is_told(world):
    card(world, "mine", "clean: [{dedupe_against: other}]\n")
    card(world, "other", "clean: [{dedupe_against: {card: mine, splits: [test]}}]\n")
    (problem,) = checked(world, "mine").problems
    assert problem.path == ("clean",)
    assert problem.what == "derives from itself: mine -> other -> mine"
    card(world, "other")
    assert checked(world, "mine").problems == ()


def test_a_card_to_compare_with_is_there(world):
    card(world, "films")
    card(world, "mine", "clean: [{dedupe_against: flims}]\n")
    (problem,) = checked(world, "mine").problems
    assert problem.path == ("clean",)
    assert problem.what == 'there is no dataset card "flims" to compare with; nearest: "films"'


def test_the_data_of_a_card_is_checked_without_the_one_that_it_is_compared_with(world):
    world.card(plenty(), "clean: [{dedupe_against: films}]\n")
    card(world, "films")
    assert checked(world, "mine", data=True).problems == ()


def test_a_mistake_in_the_sql_is_told_in_lines(world):
    world.card(plenty(), "select: SELECT nope AS text, label FROM rows\n")
    told = bench(world, "mine").stderr
    assert "nope" in told
    assert "\\n" not in told
