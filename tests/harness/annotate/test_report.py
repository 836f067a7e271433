"""The report on votes: for cards that were never built, of hostile texts, by column and by length."""

import json
import re

import pytest
from typer.testing import CliRunner

from harness.annotate.report import reported
from harness.annotate.report_lines import lines
from harness.cli.app import app
from harness.workspace import Workspace
from registry.errors import UserError
from tests.worlds import World, table

ASKED = """\
annotation:
  question: q
  votes: {columns: [ann, bob, cy]}
  agreement: {at_least: 0.9, min_votes: 3}
labels: [bad, good]
"""
ROWS = [
    (f"r{n:02}", f"{'long ' * (n % 5)}text [red]{n}\x1b[31m <b>\u202e", *votes)
    for n, votes in enumerate([("good", "good", "bad"), ("bad", "bad", "bad"), ("good", "bad", "")] * 10)
]


@pytest.fixture
def rated(world: World) -> World:
    return world.card(table(*ROWS, header="id,text,ann,bob,cy"), ASKED)


def told(world: World, **options) -> str:
    return "\n".join(lines(reported("mine", Workspace(world.catalog, offline=True), **options)))


def facts(world: World, **options) -> dict:
    return reported("mine", Workspace(world.catalog, offline=True), **options)


def test_a_card_that_was_never_built_is_reported_on(rated):
    text = told(rated)
    assert "80 votes on 30 of 30 items, 2 to 3 each (median 3)" in text
    assert "not met (on_failure: fail)" in text
    assert "10 of 30 rows with votes have fewer than the 3 votes" in text
    for measure in ("* krippendorff-alpha (nominal)", "  fleiss-kappa", "  gwet-ac1", "  percent", "  cohen-kappa"):
        assert measure in text
    assert "by label, each against all others" in text
    assert "of 3 pairs" in text
    assert not (rated.home / "versions").exists()


def test_texts_cannot_drive_the_terminal(rated):
    text = told(rated)
    assert "[red]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_each_annotator_is_held_against_what_the_others_come_to(rated):
    ann, bob, cy = facts(rated)["annotators"]
    assert [one["votes"] for one in (ann, bob, cy)] == [30, 30, 20]
    # Where ann and bob agree they are the majority against cy; ann and cy, or bob and cy, tie on the first kind of row.
    assert cy["against"]["items"] == 20
    assert ann["against"]["items"] == bob["against"]["items"] == 20
    assert cy["value"] < ann["value"]


def test_the_worst_items_come_with_their_texts(rated):
    worst = facts(rated)["worst_items"]
    assert worst[0]["votes"] == ["good", "bad"]
    assert worst[0]["text"].startswith("long")


def test_by_length_in_quarters(rated):
    parts = facts(rated, by="length")["slices"]
    assert sum(one["rows"] for one in parts["slices"]) == 30
    assert len(parts["slices"]) == 4
    assert "by length" in told(rated, by="length")


def test_by_the_columns_of_the_published_rows(rated):
    with pytest.raises(UserError, match='no column "split"'):
        facts(rated, by="split")
    rated.card(more=ASKED.replace("at_least: 0.9, min_votes: 3", "min_votes: 1"))
    rated.build()
    named = [one["name"] for one in facts(rated, by="split")["slices"]["slices"]]
    assert named in (["test"], ["(none)", "test"])


def test_a_column_that_is_not_there_is_refused(rated):
    with pytest.raises(UserError, match='nearest: "label"'):
        facts(rated, by="lable")


def test_another_measure_does_not_change_the_gates(rated):
    found = facts(rated, measure="cohen-kappa")
    assert (found["measure"], found["level"]) == ("cohen-kappa", "nominal")
    assert found["gates"] == facts(rated)["gates"]


def test_anonymous_votes_have_no_pairs_and_the_report_says_so(world):
    world.card(
        table(*((f"r{n}", f"text {n}", str(n % 3), str(n % 4)) for n in range(12)), header="id,text,a,b"),
        "select: SELECT id, text, [a::INTEGER, b::INTEGER] AS votes FROM rows\n"
        "annotation: {question: q, scale: {min: 0, max: 5}, votes: votes}\n"
        'labels: {from: {low: "aggregate < 2", high: "aggregate >= 2"}}\n',
    )
    text = told(world)
    assert "all votes are anonymous" in text
    assert "the card asks for nothing" in text
    assert re.search(r"cohen-kappa \(interval\) +-  the votes are anonymous", text)


def test_a_card_without_votes_is_refused(world):
    world.card(table(("a", "good"), ("b", "bad")))
    with pytest.raises(UserError, match="asks for no votes"):
        told(world)


def test_the_command_prints_for_people_and_for_programs(rated):
    run = CliRunner().invoke(app, ["annotate", "report", "mine", "--offline", "--project", str(rated.root)])
    assert (run.exit_code, "krippendorff-alpha" in run.stdout) == (0, True)
    run = CliRunner().invoke(app, ["annotate", "report", "mine", "--offline", "--json", "--project", str(rated.root)])
    assert json.loads(run.stdout)["card"] == "mine"
