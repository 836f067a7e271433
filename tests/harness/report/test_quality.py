"""The scorecard on the page: tables that need no JavaScript, and pictures that the chart program can draw."""

import json
import re
from dataclasses import replace

import pytest
import vl_convert

from harness.execute import execute
from harness.plan import plan
from harness.report import pictures
from harness.report.assemble import board
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from harness.report.quality import bars, state, view
from harness.suites import Wish, bare
from harness.workspace import Workspace
from registry.quality.measure import Growth, LearningCurve, Measure, Part, Scorecard
from tests.harness.report.boards import SCRIPT, dataset
from tests.harness.report.boards import board as toy


@pytest.fixture
def made(workspace: Workspace):
    suite = bare(("mine",), Wish(("majority",)), workspace)
    execute(suite, workspace)
    return board(plan(suite, workspace), workspace)


def drawn(spec: dict) -> str:
    """As SVG, by the Vega-Lite that ships."""
    return vl_convert.vegalite_to_svg({**spec, "width": 300})


def test_every_picture_of_a_dataset_can_be_drawn(made):
    (facts,) = made.datasets
    found = {
        one.caption.split(":")[0].split(";")[0]: one.spec
        for one in pictures.pictures(facts.quality, facts.label_counts)
    }
    assert list(found) == ["Labels", "Vocabulary growth", "Lengths"]
    for spec in found.values():
        assert isinstance(spec["height"], int)
        assert "http" not in json.dumps(spec)
        assert "<path" in drawn(spec)
    assert all(split in drawn(found["Labels"]) for split in ("train", "validation", "test"))


def test_learning_curves_are_drawn_where_there_are_some():
    curve = LearningCurve("tfidf-logreg", "accuracy", ((100, 0.7), (200, 0.75), (400, 0.8)), 0.9, 2.0, 0.5)
    caption, spec = pictures.learning([curve])
    assert "accuracy" in caption
    assert "tfidf-logreg" in drawn(spec)
    assert pictures.learning([]) is pictures.growth(Growth()) is pictures.balance({}) is None


def test_of_many_labels_the_most_frequent_are_drawn_and_the_caption_says_so():
    counts = {"train": {f"类{n:02d}": n for n in range(1, 78)}, "test": {"类01": 5}}
    caption, spec = pictures.balance(counts)
    assert caption.endswith("the 12 most frequent of 77")
    assert "类77" in drawn(spec)
    assert "类01" not in drawn(spec)


def test_the_page_has_four_tables_with_values_verdicts_and_reasons(made):
    text = as_html(made, "")
    section = text[text.index('<div class="quality">') :]
    assert re.findall(r"<h5>(.*?)</h5>", section) == [part.title for part in made.datasets[0].quality.parts]
    assert "100.0%" in section
    assert 'class="badge good"' in section
    assert "the card has labels without the votes behind them" in section
    assert section.count('class="spec"') == 3


def test_markdown_has_every_measure_and_the_lengths_as_bars(made):
    text = as_markdown(made)
    measures = [one for part in made.datasets[0].quality.parts for one in part.measures]
    assert len(re.findall(r"^\| (Relevant|Quality and|Right|Access).*$", text, re.M)) == len(measures)
    assert re.search(r"Characters a row, train: [ ▁▂▃▄▅▆▇█]+ \(\d+ to \d+\)", text)


def test_hostile_text_stays_text():
    part = Part("labels", "Relevant labels", (Measure(SCRIPT, SCRIPT, "", SCRIPT, verdict="poor", rule=SCRIPT),))
    hostile = replace(dataset(), label_counts={"train": {SCRIPT: 3}}, quality=Scorecard(SCRIPT, "0", (part,)))
    found = replace(toy(), datasets=(hostile,))
    assert "alert(1)" in as_html(found, "")
    assert "<script>alert(1)" not in as_html(found, "")
    assert "<script>" not in as_markdown(found)


def test_a_dataset_that_is_not_built_has_no_section():
    assert view(None) is None
    assert view(dataset()) is None
    assert '<div class="quality">' not in as_html(toy(), "")


def test_bars_leave_no_count_blank():
    assert bars([0, 1, 400, 800]) == " ▁▄█"
    assert bars([]) == bars([0, 0]) == ""


def test_a_lock_that_changed_is_another_state(workspace, world):
    suite = bare(("mine",), Wish(("majority",)), workspace)
    before = state(plan(suite, workspace), workspace)
    (world.root / "cards.lock").unlink()
    assert state(plan(suite, workspace), workspace) != before
