"""What every renderer asks of the cells of a board: which are headlines, their labels, their order.

Owns the rule that a number that is not finite is a visible hole. Refuses to compute any statistic.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from harness.report.board import Board, Cell, DatasetSection
from harness.report.words import limit, protocol, short


def tidy(board: Board) -> Board:
    """The same board in which only finite numbers are ok; a NaN becomes a failed cell that says so."""
    return replace(board, cells=tuple(map(_finite, board.cells)))


def _finite(cell: Cell) -> Cell:
    low, high, seconds = map(_or_none, (cell.low, cell.high, cell.seconds))
    cell = replace(cell, low=low, high=high, seconds=seconds)
    if cell.value is None:
        return cell if cell.status != "ok" else _without_value(cell)
    if math.isfinite(cell.value):
        return cell
    reason = cell.reason or f"the metric gave {cell.value}, which is not a finite number"
    cell = replace(cell, value=None, low=None, high=None, clean_value=None, clean_n=None)
    return replace(cell, status="failed", reason=reason, best_or_tied=None)


def _without_value(cell: Cell) -> Cell:
    """The run went well and yet the metric has no value here: a hole all the same."""
    reason = cell.reason or "no value was recorded"
    return replace(cell, status="not_applicable", reason=reason, low=None, high=None, best_or_tied=None)


def _or_none(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def headline_metrics(board: Board) -> dict[str, str]:
    """dataset -> its headline metric; the first metric seen where no cell is marked."""
    found: dict[str, str] = {}
    for cell in (*(c for c in board.cells if c.headline), *board.cells):
        found.setdefault(cell.dataset, cell.metric)
    return found


def headline_cells(board: Board, dataset: str) -> list[Cell]:
    """One dataset's cells of its headline metric: models, best first, holes last; then bounds and people."""
    metric = headline_metrics(board).get(dataset)
    cells = [cell for cell in board.cells if (cell.dataset, cell.metric) == (dataset, metric)]
    return sorted(cells, key=lambda cell: (cell.role != "model", cell.value is None, _distance_from_best(cell)))


def _distance_from_best(cell: Cell) -> float:
    """A number that is least for the best."""
    value = cell.value or 0.0
    return -value if cell.higher_is_better else value


def datasets(board: Board) -> dict[str, DatasetSection | None]:
    """Every dataset that has a section or a cell; one that could not be built has cells only."""
    facts: dict[str, DatasetSection | None] = {section.name: section for section in board.datasets}
    return facts | {cell.dataset: facts.get(cell.dataset) for cell in board.cells}


def anchored(board: Board, dataset: str) -> list[Cell]:
    """One dataset's cells that have a published value beside them, whatever the metric."""
    return [cell for cell in board.cells if cell.dataset == dataset and cell.anchor is not None]


def conditions(cells: Sequence[Cell]) -> list[str]:
    """How models were evaluated and what they learnt from, where that is not the test and the whole train split."""
    protocols = dict.fromkeys(protocol(cell.folds, cell.repeats) for cell in cells)
    limits = dict.fromkeys(limit(cell.train) for cell in cells)
    folded = (f"evaluated by {told}" for told in protocols if told)
    return [*folded, *(f"trained on {rows} of the train split" for rows in limits if rows)]


def labels(cells: Sequence[Cell]) -> list[str]:
    """The model of each cell, followed by what tells it from another cell of the same model."""
    again = Counter(cell.model for cell in cells)
    return [cell.model + (_apart(cell, cells) if again[cell.model] > 1 else "") for cell in cells]


def _apart(cell: Cell, cells: Sequence[Cell]) -> str:
    rivals = [other for other in cells if other.model == cell.model]
    parts = {
        "train": f"trained on {short(cell.train) or 'nothing'}",
        "split": f"split {cell.split}",
    }
    told = [text for field, text in parts.items() if len({getattr(other, field) for other in rivals}) > 1]
    return "".join(f" · {text}" for text in told)
