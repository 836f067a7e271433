"""A board in the terminal: one table per dataset with its headline metric, then the overall table.

Owns the columns. Refuses markup: every string becomes a rich Text with control characters made visible.
"""

from typing import TYPE_CHECKING

from harness.report import words
from harness.report.board import Board, Cell, DatasetSection
from harness.report.cells import anchored, datasets, headline_cells, labels, tidy
from harness.report.words import ABSENT, STATUS_WORDS, plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text


HOLE_STYLES = {"ok": "red", "failed": "red", "missing": "yellow", "not_applicable": "dim"}


def print_board(board: Board, console: "Console") -> None:
    """What `bench run` ends with and `bench report` prints."""
    board = tidy(board)
    for name, facts in datasets(board).items():
        console.print(_dataset(board, name))
        for note in _notes(board, name, facts):
            console.print(note)
        console.print()
    console.print(_overall(board))
    for line in board.overall:
        if line.missing:
            console.print(_text(f"{line.model} has no result on {', '.join(line.missing)}", "yellow"))
    console.print(_text(board.ranking_rule, "dim"))
    console.print(_text("* best, or not told apart from the best (paired 95% interval includes zero)", "dim"))


def _text(text: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(plain(text), style=style)


def _table(title: str, left: tuple[str, ...], right: tuple[str, ...]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(title=_text(title, "bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for head in left:
        table.add_column(_text(head), overflow="fold")
    for head in right:
        table.add_column(_text(head), justify="right", no_wrap=True)
    return table


def _dataset(board: Board, name: str) -> "Table":
    cells = headline_cells(board, name)
    metric = cells[0].metric if cells else "value"
    table = _table(name, ("model",), (metric, "95% interval", "n", "seeds", "seconds", "params"))
    for label, cell in zip(labels(cells), cells, strict=True):
        table.add_row(_text(label), _value(cell), *_rest(cell))
    return table


def _value(cell: Cell) -> "Text":
    """The number, or which kind of hole this is; the reason stands below the table, where it has room."""
    if cell.value is None:
        word = "n/a" if cell.status == "not_applicable" else STATUS_WORDS[cell.status]
        return _text(word, HOLE_STYLES[cell.status])
    mark = " *" if cell.best_or_tied else "  "
    return _text(words.number(cell.value), "bold" if cell.best_or_tied else "").append(mark, style="default")


def _rest(cell: Cell) -> list["Text"]:
    rest = (
        words.interval(cell.low, cell.high),
        words.count(cell.n),
        words.count(cell.seeds),
        words.seconds(cell.seconds),
        words.parameters(cell.trainable_parameters),
    )
    return list(map(_text, rest))


def _hole(label: str, cell: Cell) -> "Text":
    word = _text(STATUS_WORDS[cell.status], HOLE_STYLES[cell.status])
    return word.append(f": {plain(label)}: {plain(cell.reason)}", style="default")


def _notes(board: Board, name: str, facts: DatasetSection | None) -> list["Text"]:
    cells = headline_cells(board, name)
    notes = [_hole(*pair) for pair in zip(labels(cells), cells, strict=True) if pair[1].value is None]
    notes += [_anchor(cell) for cell in anchored(board, name)]
    if facts and facts.agreement and facts.agreement.get("passed") is False:
        found, wanted = facts.agreement.get("value"), facts.agreement.get("at_least")
        gate = f"agreement gate not passed: {words.number(found)}, at least {words.number(wanted)} asked for"
        notes.append(_text(gate, "yellow"))
    if facts:
        notes += [_text(f"audit: {check}: {count} found", "red") for check, count in facts.audit.items() if count]
        notes += [_text(notice, "yellow") for notice in facts.notices]
    return notes


def _anchor(cell: Cell) -> "Text":
    assert cell.anchor is not None  # noqa: S101 - `anchored` keeps only these
    verdict = _text("reproduced", "green") if cell.anchor.reproduced else _text("not reproduced", "yellow")
    paper = words.published(cell.anchor.value, cell.anchor.tolerance, cell.anchor.source)
    return verdict.append(plain(f": {cell.model} {cell.metric} {words.number(cell.value)} ({paper})"), style="default")


def _overall(board: Board) -> "Table":
    right = ("mean", "mean rank", "datasets", "seconds", "params")
    table = _table("Overall", ("rank", "model"), right)
    for line in board.overall:
        table.add_row(
            _text(words.count(line.rank)),
            _text(line.model),
            _text(words.number(line.mean), "bold"),
            _text(ABSENT if line.mean_rank is None else f"{line.mean_rank:.1f}"),
            _text(words.count(line.datasets)),
            _text(words.seconds(line.seconds)),
            _text(words.parameters(line.trainable_parameters)),
        )
    return table
