"""The F1 of each label, in every form of a report."""

from dataclasses import replace
from typing import NamedTuple

import polars as pl
import pytest

from harness.report.answers import Answers
from harness.report.board import ClassScores
from harness.report.classes import by_class
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from tests.harness.report.boards import board


class Built(NamedTuple):
    manifest: dict


class Named(NamedTuple):
    task: str


class Asked(NamedTuple):
    published: Built | None
    card: Named


def answered(*answers: str) -> Answers:
    frames = [pl.DataFrame({"id": ["1", "2", "3"], "gold": ["a", "b", "b"], "predicted": list(one)}) for one in answers]
    return Answers({"mine": frames}, None, None, None)


def scores(task: str, labels: list[str], *answers: str):
    return by_class(Asked(Built({"labels": labels}), Named(task)), answered(*answers))


def test_each_label_has_the_mean_over_passes_of_its_f1():
    assert scores("text-classification", ["a", "b"], "abb") == (ClassScores("mine", (1.0, 1.0)),)
    # first pass: a 2*1/(1+2), b 2*1/(2+1); the second is all right
    ((model, found),) = scores("text-classification", ["a", "b"], "aab", "abb")
    assert (model, found) == ("mine", pytest.approx(((2 / 3 + 1) / 2, (2 / 3 + 1) / 2)))


def test_a_label_that_nobody_has_or_predicts_has_no_f1():
    ((_, found),) = scores("text-pair", ["a", "b", "c"], "abb")
    assert found == (1.0, 1.0, None)


def test_tasks_without_one_label_a_row_have_no_such_table():
    assert scores("translation", [], "abb") == ()
    assert by_class(Asked(None, Named("text-pair")), answered()) == ()


def test_reports_show_it():
    first, *others = board().datasets
    told = tuple(ClassScores("some-model", (0.125, *([None] * (len(first.labels) - 1)))) for _ in range(1))
    shown = replace(board(), datasets=(replace(first, by_class=told), *others))
    assert "F1 of each label" in as_html(shown, "")
    assert "0.125" in as_html(shown, "")
    assert "| some-model | 0.125 |" in as_markdown(shown)
