"""A board in the terminal: one table per dataset with its headline metric, then the overall table.

Owns the columns. Refuses markup: every string becomes a rich Text with control characters made visible.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from harness.report import clean, soft, words
from harness.report.board import Board, Cell, DatasetSection
from harness.report.cells import anchored, conditions, datasets, headline_cells, labels, tidy
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
        console.print(_that_fits(partial(_dataset, board, name), console))
        for note in _notes(board, name, facts):
            console.print(note)
        console.print()
    if len(datasets(board)) > 1 and board.overall:
        _print_overall(board, console)
    console.print(_text("* best, or not told apart from the best (paired 95% interval includes zero)", "dim"))


def _print_overall(board: Board, console: "Console") -> None:
    console.print(_that_fits(partial(_overall, board), console))
    for line in board.overall:
        if line.missing:
            console.print(_text(f"{line.model} has no result on {', '.join(line.missing)}", "yellow"))
    console.print(_text(board.ranking_rule, "dim"))


def _text(text: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(plain(text), style=style)


class Layout(NamedTuple):
    """How much of a table is shown."""

    padding: int
    """Spaces on each side of a column."""
    without: tuple[str, ...] = ()
    """Columns left out; every report file has them."""


LAYOUTS = (Layout(1), Layout(0), Layout(0, ("params",)), Layout(0, ("params", "seconds")))
"""From the widest to the narrowest."""


def _that_fits(table: Callable[[Layout], "Table"], console: "Console") -> "Table":
    """The first layout in which nothing is folded; the narrowest where none is narrow enough."""
    unlimited = console.options.update(width=10_000)
    for layout in LAYOUTS:
        made = table(layout)
        if console.measure(made, options=unlimited).maximum <= console.width:
            return made
    return made


def _table(title: str, left: int, columns: Sequence[tuple[str, Sequence["Text"]]], layout: Layout) -> "Table":
    """Columns with their cells, the first `left` of them words, the others numbers."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=_text(title, "bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, layout.padding),
    )
    kept = [(number, *column) for number, column in enumerate(columns) if column[0] not in layout.without]
    for number, head, _ in kept:
        if number < left:
            table.add_column(_text(head), overflow="fold")
        else:
            table.add_column(_text(head), justify="right", no_wrap=True)
    for line in zip(*(cells for _, _, cells in kept), strict=True):
        table.add_row(*line)
    return table


def _dataset(board: Board, name: str, layout: Layout) -> "Table":
    cells = headline_cells(board, name)
    columns = [
        ("model", [_who(label, cell) for label, cell in zip(labels(cells), cells, strict=True)]),
        (cells[0].metric if cells else "value", list(map(_value, cells))),
        ("95% interval", [_text(words.interval(cell.low, cell.high)) for cell in cells]),
        ("n", [_text(words.count(cell.n)) for cell in cells]),
        ("seeds", [_text(words.count(cell.seeds)) for cell in cells]),
        ("seconds", [_text(words.seconds(cell.seconds)) for cell in cells]),
        ("params", [_text(words.parameters(cell.trainable_parameters)) for cell in cells]),
    ]
    return _table(name, 1, columns, layout)


def _who(label: str, cell: Cell) -> "Text":
    """A model by its name, a bound too; people by one word: a line below the table says how they were measured."""
    return _text(label) if cell.role == "model" else _text("human" if cell.role == "human" else label, "italic")


def _value(cell: Cell) -> "Text":
    """The number, or which kind of hole this is; the reason stands below the table, where it has room."""
    if cell.value is None:
        word = "n/a" if cell.status == "not_applicable" else STATUS_WORDS[cell.status]
        return _text(word, HOLE_STYLES[cell.status])
    mark = " *" if cell.best_or_tied else "  "
    return _text(words.number(cell.value), "bold" if cell.best_or_tied else "").append(mark, style="default")


def _hole(label: str, cell: Cell) -> "Text":
    word = _text(STATUS_WORDS[cell.status], HOLE_STYLES[cell.status])
    return word.append(f": {plain(label)}: {plain(cell.reason)}", style="default")


def _notes(board: Board, name: str, facts: DatasetSection | None) -> list["Text"]:
    cells = headline_cells(board, name)
    less = next((words.direction(cell.higher_is_better) for cell in cells), "")
    notes = [_text(f"{cells[0].metric}: {less}", "dim")] if less else []
    notes += [_hole(*pair) for pair in zip(labels(cells), cells, strict=True) if pair[1].value is None]
    notes += [_anchor(cell) for cell in anchored(board, name)]
    notes += [_text(line, "yellow") for line in _limits(board, name)]
    notes += [_text(line, "dim") for line in (*soft.lines(board, name), *clean.lines(cells))]
    notes += [_text(facts.human, "dim")] if facts and facts.human else []
    if facts and facts.agreement and facts.agreement.get("passed") is False:
        notes += [_text(f"agreement gate not passed: {unmet}", "yellow") for unmet in facts.agreement["unmet"]]
    if facts:
        notes += [_text(f"audit: {check}: {count} found", "red") for check, count in facts.audit.items() if count]
        notes += [_text(notice, "yellow") for notice in facts.notices]
    return notes


def _limits(board: Board, name: str) -> list[str]:
    """What the headline table does not show: folds, fewer training rows than there are, metrics without a value."""
    cells = [cell for cell in board.cells if cell.dataset == name and cell.role == "model"]
    lacking = [cell for cell in cells if not cell.headline and cell.run_ids and cell.value is None]
    valued = {cell.metric for cell in cells if cell.value is not None}
    others = {
        f"{cell.metric} for {cell.model}" if cell.metric in valued else cell.metric: cell.reason
        for cell in lacking
        if cell.metric not in soft.metrics()
    }
    bounds = dict.fromkeys(cell.model for cell in board.cells if cell.dataset == name and cell.role == "bound")
    told = [f"{model} is no model but an upper bound: it sees the right answers" for model in bounds]
    return [*told, *conditions(cells), *(f"no {metric}: {reason}" for metric, reason in others.items())]


def _anchor(cell: Cell) -> "Text":
    assert cell.anchor is not None  # noqa: S101 - `anchored` keeps only these
    verdict = _text("reproduced", "green") if cell.anchor.reproduced else _text("not reproduced", "yellow")
    paper = words.published(cell.anchor.value, cell.anchor.tolerance, cell.anchor.source)
    return verdict.append(plain(f": {cell.model} {cell.metric} {words.number(cell.value)} ({paper})"), style="default")


def _overall(board: Board, layout: Layout) -> "Table":
    lines = board.overall
    columns = [
        ("rank", [_text(words.count(line.rank)) for line in lines]),
        ("model", [_text(line.model) for line in lines]),
        ("mean", [_text(words.number(line.mean), "bold") for line in lines]),
        ("mean rank", [_text(ABSENT if line.mean_rank is None else f"{line.mean_rank:.1f}") for line in lines]),
        ("datasets", [_text(words.count(line.datasets)) for line in lines]),
        ("seconds", [_text(words.seconds(line.seconds)) for line in lines]),
        ("params", [_text(words.parameters(line.trainable_parameters)) for line in lines]),
    ]
    return _table("Overall", 2, columns, layout)
