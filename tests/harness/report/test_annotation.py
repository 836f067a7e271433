"""What the page and Markdown say of how a dataset was annotated."""

import io
from dataclasses import replace

from rich.console import Console

from harness.execute import execute
from harness.plan import plan
from harness.report.annotation import AnnotationView, view
from harness.report.assemble import board
from harness.report.board import Board
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from harness.report.soft import soft_cells
from harness.report.terminal import print_board
from harness.suites import Wish, bare
from harness.workspace import Workspace
from tests.harness.report.boards import MARKUP, SCRIPT, dataset
from tests.harness.report.boards import board as toy
from tests.worlds import World, table

ASKED = """\
annotation:
  question: Good or bad?
  guidelines: cards/guidelines/how.md
  guidelines_version: "2"
  votes: {columns: [ann, bob, eve]}
  agreement: {at_least: 0.99, per_label: 0.1}
  on_failure: warn
labels: [bad, good]
metrics: [accuracy]
split: {method: given, column: part}
"""


def made(world: World) -> Board:
    """Eve says good whatever she reads."""
    rows = [
        (f"r{n:02d}", f"text number {n}", label, label, "good", ("train", "test")[n % 5 == 0])
        for n, label in enumerate(("bad", "good") * 20)
    ]
    world.write({"cards/guidelines/how.md": "Read, then say."})
    world.card(table(*rows, header="id,text,ann,bob,eve,part"), ASKED)
    workspace = Workspace(world.catalog, offline=True)
    suite = bare(("mine",), Wish(("majority",)), workspace)
    execute(suite, workspace)
    return board(plan(suite, workspace), workspace)


def shown(found: Board) -> AnnotationView:
    (facts,) = found.datasets
    seen = view(facts, soft_cells(found, "mine"))
    assert seen is not None
    return seen


def test_what_was_asked_and_how_it_was_decided_is_said(world: World) -> None:
    said = dict(shown(made(world)).said)
    assert (said["Question"], said["Answer"], said["Decided by"]) == ("Good or bad?", "one label", "majority")
    assert said["Guidelines"].startswith("cards/guidelines/how.md, version 2, ")
    assert (said["Votes per item"], said["Ties"]) == ("3", "0.0% of the items with votes")
    assert said["Asked of the votes"] == "at least 0.99, 0.1 for each label: not met"


def test_the_tables_name_labels_annotators_pairs_and_models(world: World) -> None:
    tables = {one.title: one for one in shown(made(world)).tables}
    assert [row[0] for row in tables["Agreement on each label"].rows] == ["bad", "good"]
    (worst, *_) = tables["Annotators"].rows
    assert (worst[0], worst[1], worst[3]) == ("eve", "40", "0.500")
    assert tables["Pairs that agree least"].rows[0][0] == "ann, eve"
    assert {row[0] for row in tables["Models against the votes"].rows} == {"majority"}


def test_the_page_and_markdown_show_it_and_the_terminal_says_that_the_gate_failed(world: World) -> None:
    found = made(world)
    html, text = as_html(found, ""), as_markdown(found)
    for words in ("Good or bad?", "Agreement on each label", "eve"):
        assert words in html
    for words in ("### Annotation\n\n- Question: Good or bad?", "#### Annotators\n\n| Annotator |", "| eve | 40 | -0"):
        assert words in text
    console = Console(file=io.StringIO(), width=200)
    print_board(found, console)
    assert isinstance(console.file, io.StringIO)
    assert "agreement gate not passed: krippendorff-alpha" in console.file.getvalue()


def test_a_manifest_of_before_says_less_and_breaks_nothing() -> None:
    asked = {"question": SCRIPT, "answer": "single", "scale": None, "aggregate": "mean", "gates": ""}
    facts = replace(dataset(), annotation=asked)
    seen = view(facts, {})
    assert seen is not None
    assert ([name for name, _ in seen.said], seen.tables) == (["Question", "Answer", "Decided by"], ())
    assert view(dataset(), {}) is view(None, {}) is None


def test_hostile_names_are_text() -> None:
    raters = {"annotators": [{"name": SCRIPT, "votes": 3, "skill": None}], "left_out": 2, "anonymous_votes": 0}
    asked = {"question": MARKUP, "answer": "single", "aggregate": "majority", "raters": raters}
    whole = replace(toy(), datasets=(replace(dataset(), annotation=asked),))
    assert SCRIPT not in as_html(whole, "").partition('id="payload"')[0]
    assert SCRIPT not in as_markdown(whole)
    assert "2 annotators more" in as_markdown(whole)
