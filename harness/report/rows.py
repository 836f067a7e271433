"""The cells as the page's own table reads them: raw values to sort by, and the words to show.

Owns the payload of `templates/table.js`. Refuses markup: every value is set as textContent.
"""

import json
from typing import Any

from harness.report.board import Board, Cell
from harness.report.cells import headline_metrics
from harness.report.words import (
    STATUS_WORDS,
    count,
    interval,
    limit,
    number,
    parameters,
    protocol,
    published,
    seconds,
    short,
)


def payload(board: Board) -> str:
    """JSON that is safe inside a script element. Field names are written once, not once per cell."""
    headlines = headline_metrics(board)
    rows = [_row(cell, headlines.get(cell.dataset) == cell.metric) for cell in board.cells]
    fields = list(rows[0]) if rows else []
    return embed({"fields": fields, "rows": [list(row.values()) for row in rows]})


def embed(value: Any) -> str:
    """JSON with no `<` in it, so that no text can close the script element around it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _row(cell: Cell, headline: bool) -> dict[str, Any]:
    return {
        "dataset": cell.dataset,
        "kind": cell.kind,
        "model": cell.model,
        "metric": cell.metric,
        "status": cell.status,
        "statusText": STATUS_WORDS[cell.status],
        "headline": headline,
        "human": cell.role != "model",
        "best": bool(cell.best_or_tied),
        "about": about(cell),
        "reason": cell.reason,
        "value": cell.value,
        "valueText": number(cell.value),
        "low": cell.low,
        "lowText": interval(cell.low, cell.high),
        **_costs(cell),
        **_sources(cell),
    }


def _costs(cell: Cell) -> dict[str, Any]:
    return {
        "n": cell.n,
        "nText": count(cell.n),
        "seeds": cell.seeds,
        "seedsText": count(cell.seeds),
        "seconds": cell.seconds,
        "secondsText": seconds(cell.seconds),
        "parameters": cell.trainable_parameters,
        "parametersText": parameters(cell.trainable_parameters),
    }


def _sources(cell: Cell) -> dict[str, Any]:
    anchor = cell.anchor
    return {
        "version": cell.version,
        "versionText": short(cell.version),
        "runs": " ".join(cell.run_ids),
        "reproduced": None if anchor is None else anchor.reproduced,
        "paper": "" if anchor is None else published(anchor.value, anchor.tolerance, anchor.source),
    }


def about(cell: Cell) -> str:
    """What the cell was trained and evaluated on, where that is not the plain case; of people, that they are people."""
    if cell.role != "model":
        return "not a model" if cell.role == "human" else "an upper bound: it sees the right answers"
    source, used = cell.train.partition("@")[0], limit(cell.train)
    other = source not in ("", cell.dataset)
    told = protocol(cell.folds, cell.repeats)
    parts = [
        f"trained on {short(cell.train)}" if other else f"trained on {used}" if used else "",
        told or ("" if cell.split == "test" else f"split {cell.split}"),
    ]
    return ", ".join(part for part in parts if part)
