"""The cells of a board as a JSON array and as CSV: exact numbers for programs, nothing rounded.

Owns the order and names of the fields (see harness/schema/report.schema.json). Refuses NaN.
"""

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from harness.report.board import Board, Cell
from harness.report.cells import tidy

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_json(board: Board) -> str:
    """An array with one object per cell, one cell a line."""
    lines = [json.dumps(asdict(cell), ensure_ascii=False, allow_nan=False) for cell in tidy(board).cells]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def as_csv(board: Board) -> str:
    """One row per cell; the anchor takes four columns, several run ids are parted by spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    rows = [flat(cell) for cell in tidy(board).cells]
    writer.writerow(flat_names())
    writer.writerows([_csv_cell(value) for value in row.values()] for row in rows)
    return out.getvalue()


def flat(cell: Cell) -> dict[str, Any]:
    """A cell without nesting."""
    fields = asdict(cell)
    anchor = fields.pop("anchor") or {}
    fields["run_ids"] = " ".join(cell.run_ids)
    return fields | {f"anchor_{name}": anchor.get(name) for name in ANCHOR_FIELDS}


def flat_names() -> list[str]:
    names = [name for name in Cell.__dataclass_fields__ if name != "anchor"]
    return names + [f"anchor_{name}" for name in ANCHOR_FIELDS]


ANCHOR_FIELDS = ("value", "tolerance", "source", "reproduced")


def _csv_cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers never do."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
