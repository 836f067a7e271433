"""Scores beside scores: all test rows, and those that no audit flags."""

import csv
import io

import polars as pl
import pytest

from harness import records
from harness.execute import execute
from harness.plan import plan
from harness.report import clean, kept
from harness.report.assemble import board
from harness.report.flat import as_csv
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from harness.suites import Wish, bare
from harness.workspace import Workspace
from registry import build
from registry.audits.checks.near import Near
from registry.audits.kept import audited, flagged
from tests.harness.report.boards import cell
from tests.worlds import World, table

SEEN = 4
"""Test rows that are a train row but for one word."""

LONG = "the room was clean and the staff were kind to us on every single day of our stay number"


@pytest.fixture
def workspace(world: World) -> Workspace:
    """Rows that say their split; some test rows repeat a train row, and their labels are the other ones."""
    train = [
        (f"t{n:02d}", f"{n} {chr(97 + n % 26) * 9} item {n * 7}", ("bad", "good")[n % 2], "train") for n in range(40)
    ]
    train += [(f"u{n}", f"{LONG} {n} {'qwertyuiop'[n] * 9}", "good", "train") for n in range(SEEN)]
    test = [(f"v{n:02d}", f"{n} {chr(98 + n % 25) * 9} thing {n * 11}", "good", "test") for n in range(12)]
    test += [(f"w{n}", f"{LONG} {n} {'qwertyuiop'[n] * 9} again", "bad", "test") for n in range(SEEN)]
    csv_text = table(*train, *test, header="id,text,label,part")
    world.card(csv_text, "split: {method: given, column: part}\n").build()
    return Workspace(world.catalog, offline=True)


def made(workspace: Workspace, *models: str):
    suite = bare(("mine",), Wish(models or ("majority",)), workspace)
    execute(suite, workspace)
    return board(plan(suite, workspace), workspace)


def look(workspace: Workspace) -> None:
    version = build.locate("mine", workspace.catalog)
    audited({"near": Near()}, version, workspace.home)
    assert flagged(version, workspace.home)["id"].to_list() == [f"w{n}" for n in range(SEEN)]


def test_nobody_looked_so_nothing_is_claimed(workspace):
    found = made(workspace)
    assert {(one.clean_value, one.clean_n) for one in found.cells if one.value is not None} == {(None, None)}
    assert "`bench audit mine`" in found.cells[0].clean_reason
    assert "no score on the clean subset: not audited" in as_markdown(found).lower()
    assert "No score on the clean subset: not audited" in as_html(found, "")


def test_the_clean_score_is_that_of_the_rows_that_are_not_flagged(workspace):
    made(workspace)
    look(workspace)
    (first, *_) = made(workspace).cells
    answers = records.predictions(first.run_ids[0], workspace.home)
    unseen = answers.filter(~pl.col("id").str.starts_with("w"))
    assert first.clean_n == unseen.height == 12
    assert first.clean_value == pytest.approx((unseen["gold"] == unseen["predicted"]).mean())
    assert first.value == pytest.approx((answers["gold"] == answers["predicted"]).mean())
    assert first.clean_value != first.value
    assert first.clean_reason == ""


def test_a_metric_that_the_clean_rows_leave_undefined_says_why(workspace):
    look(workspace)
    found = {one.metric: one for one in made(workspace).cells}
    # Every test row with the label "bad" is flagged.
    assert (found["macro_f1"].clean_value, found["macro_f1"].clean_n) == (None, 12)
    assert '"bad"' in found["macro_f1"].clean_reason


def test_every_format_has_it(workspace):
    look(workspace)
    found = made(workspace)
    (row, *_) = csv.DictReader(io.StringIO(as_csv(found)))
    assert float(row["clean_value"]) == found.cells[0].clean_value
    assert row["clean_n"] == "12"
    words = clean.told(found.cells[0])
    assert words.endswith(" on 12 rows")
    assert words in as_markdown(found)
    assert words in as_html(found, "")
    assert "Clean: without 4 test rows" in as_html(found, "")


def test_an_audit_makes_the_report_anew(workspace):
    suite = bare(("mine",), Wish(("majority",)), workspace)
    execute(suite, workspace)
    before = kept.fingerprint(plan(suite, workspace), workspace)
    look(workspace)
    assert kept.fingerprint(plan(suite, workspace), workspace) != before


def test_without_training_rows_there_is_nothing_to_repeat(world):
    world.card(table(("one", "bad"), ("two", "good"))).build()
    found = made(Workspace(world.catalog, offline=True), "vader-lexicon")
    assert {one.clean_reason for one in found.cells if one.value is not None} <= {
        "there are no training rows that a test row could repeat"
    }


def test_lines_for_the_terminal_name_each_model():
    assert clean.lines([cell(), cell(model="majority")]) == [
        "clean: without 44 test rows that audits found in or near the training data",
        "on the clean subset: tfidf-logreg 0.861 on 1,190 rows; majority 0.861 on 1,190 rows",
    ]
    assert clean.lines([]) == []
