"""Markdown: every cell is there, and no text becomes markup."""

import re
from dataclasses import replace

import pytest

from harness.report.markdown import as_markdown, escape
from tests.harness.report.boards import CHINESE, board, cell


def test_every_table_row_has_as_many_columns_as_its_head() -> None:
    width = None
    for line in as_markdown(board()).splitlines():
        if not line.startswith("|"):
            width = None
            continue
        found = len(re.findall(r"(?<!\\)\|", line))
        assert width in (None, found), line
        width = found


def test_holes_and_anchors_are_told() -> None:
    text = as_markdown(board())
    for word in (
        "**failed**: out of memory",
        "**missing**",
        "**not applicable**",
        "**not reproduced** (paper 0.960",
    ):
        assert word in text
    assert "| test | text lengths | 0.012 | p = 0.700 |" in text
    assert "1,234 test rows tell a difference of 0.025" in text
    assert "Evaluated by 5-fold cross-validation, 2 repeats." in text
    assert "Trained on 16 rows per class of the train split." in text
    assert CHINESE in text
    assert "gate **not passed**: krippendorff-alpha" in text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("![a](b)", r"!\[a\](b)"),
        ("a|b", r"a\|b"),
        ("macro_f1", "macro_f1"),
        ("_loud_", r"\_loud\_"),
        ("# head", r"\# head"),
        ("1. item", r"1\. item"),
        ("1) item", r"1\) item"),
        ("- item", r"\- item"),
        ("---", r"\---"),
        ("+", r"\+"),
        ("0.448", "0.448"),
        ("6.0% of the items, -0.317", "6.0% of the items, -0.317"),
        ("-0.317", "-0.317"),
        ("#1 of all", "#1 of all"),
        ("0.612 [0.600, 0.620], low", "0.612 [0.600, 0.620], low"),
        ("[0.600, 0.620](a)", r"\[0.600, 0.620\](a)"),
        ("[1, 2]: a", r"\[1, 2\]: a"),
        ("two\n\nlines", "two lines"),
        ("https://x.org", "https&#8203;://x.org"),
        ("a & b", "a &amp; b"),
    ],
)
def test_escape(text: str, safe: str) -> None:
    assert escape(text) == safe


def test_the_audits_that_a_card_asks_for_are_listed_with_their_bounds() -> None:
    text = as_markdown(board())
    assert "| near | 3 | 1,234 | 5 |" in text
    assert re.search(r"^\| noise \| \S+ \| 0 \| \S+ \| &lt;/script", text, re.MULTILINE)


def test_no_raw_html() -> None:
    assert "<" not in as_markdown(board())


def test_a_dataset_that_was_not_built_keeps_its_cells() -> None:
    text = as_markdown(replace(board(), cells=(cell("unbuilt"),), datasets=()))
    assert "## unbuilt" in text
    assert "No version of this dataset was published" in text
