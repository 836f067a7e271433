"""The terminal: no text is taken for markup or for a terminal command."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from harness.report.board import Board
from harness.report.terminal import print_board
from tests.harness.report.boards import MARKUP, board, cell


def printed(board: Board, width: int = 160) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    print_board(board, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_markup_is_printed_as_it_is() -> None:
    assert MARKUP in printed(board())


def test_no_escape_reaches_the_terminal() -> None:
    text = printed(board())
    assert not set(text) & {"\x1b", "\x07", "\u202e"}
    assert "\\x1b[2J" in text


@pytest.mark.parametrize(
    "words",
    [
        "0.876 *",
        "[0.851, 0.899]",
        "1,234",
        "22.7M",
        "failed: minilm-finetune: out of memory",
        "missing: llm-prompt",
        "not applicable: bm25",
        "not reproduced: tfidf-logreg accuracy 0.876 (paper 0.960 ± 0.025, ICWSM 2014, table 4)",
        "reproduced: tfidf-logreg",
        "agreement gate not passed: krippendorff-alpha (nominal) is 0.612",
        "groups across splits: 2 found",
        "evaluated by 5-fold cross-validation, 2 repeats",
        "trained on 16 rows per class of the train split",
        "Overall",
        "has no result on tweets",
        "Mean of the headline metric",
    ],
)
def test_what_is_told(words: str) -> None:
    assert words in printed(board())


@pytest.mark.parametrize("name", ["vader-lexicon", "minilm-finetune-long-name"])
def test_a_name_is_not_folded_where_leaving_a_column_out_makes_room(name: str) -> None:
    busy = replace(cell(model=name, metric="balanced_accuracy"), n=1_234_567, seconds=123_456.0)
    line = replace(board().overall[0], model=name, seconds=123_456.0)
    text = printed(replace(board(), cells=(busy,), overall=(line,)), 80)
    tables = [row for row in text.splitlines() if row.strip().startswith((name, "1 "))]
    assert [name in row for row in tables] == [True, True]
    assert max(map(len, text.splitlines())) <= 80
    assert "params" in printed(replace(board(), cells=(busy,)), 160)


def test_a_metric_that_one_model_lacks_is_told_of_that_model_alone() -> None:
    lacking = replace(cell(model="majority", metric="pearson"), headline=False, value=None, reason="undefined")
    there = replace(cell(metric="pearson"), headline=False)
    assert "no pearson for majority: undefined" in printed(replace(board(), cells=(cell(), there, lacking)))
    assert "no pearson: undefined" in printed(replace(board(), cells=(cell(), lacking)))


def test_it_fits_eighty_columns_and_takes_an_empty_board() -> None:
    assert max(map(len, printed(board(), 80).splitlines())) <= 80
    assert "best" in printed(replace(board(), cells=(), datasets=(), overall=()))
    assert "unbuilt" in printed(replace(board(), cells=(cell("unbuilt"),), datasets=()))


def test_a_board_of_one_dataset_says_things_once() -> None:
    whole = board()
    (first, *_) = whole.datasets
    cells = tuple(replace(cell, train=f"{first.name}@x:300") for cell in whole.cells if cell.dataset == first.name)
    text = printed(replace(whole, datasets=(first,), cells=cells))
    assert "Overall" not in text
    assert "trained on 300 rows" in text
