"""Which records stand for a model on a dataset, put together over seeds and folds; and where they do not, why.

Reads records, no predictions. A part of the runs never passes for all of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

import numpy as np

from harness import records
from harness.plan import Plan, Planned
from harness.records import RunRecord
from harness.workspace import Workspace

Status = Literal["ok", "failed", "missing", "not_applicable"]

Pass: TypeAlias = Sequence[RunRecord]
"""Runs that together predict every evaluated row once: one run, or the folds of one repeat with one seed."""


@dataclass(frozen=True)
class Scored:
    """One model on one dataset."""

    planned: tuple[Planned, ...]
    status: Status
    reason: str
    found: tuple[RunRecord, ...] = ()
    """The successes, in order of seed, repeat and fold."""
    passes: tuple[Pass, ...] = ()
    """Those of them that belong to a pass with nothing missing."""

    @property
    def complete(self) -> bool:
        return self.status == "ok"

    @property
    def n(self) -> int | None:
        """Evaluated rows; None where no pass is whole."""
        return sum(record.n or 0 for record in self.passes[0]) if self.passes else None

    @property
    def seeds(self) -> int:
        return len({one[0].seed for one in self.passes})

    @property
    def seconds(self) -> float | None:
        """Of a pass, all its folds together; mean over passes."""
        costs = [[record.seconds for record in one if record.seconds is not None] for one in self.passes]
        known = [sum(cost) for cost, one in zip(costs, self.passes, strict=True) if len(cost) == len(one)]
        return round(float(np.mean(known)), 3) if known else None

    @property
    def trainable_parameters(self) -> int | None:
        """Of the largest: models that count words have more where there are more of them."""
        counts = [record.trainable_parameters for record in self.found if record.trainable_parameters is not None]
        return max(counts, default=None)


def scored(plan: Plan, workspace: Workspace) -> dict[tuple[str, str], Scored]:
    """By dataset and model: what the records say of it."""
    by_pair: dict[tuple[str, str], list[Planned]] = defaultdict(list)
    for cell in plan.cells:
        by_pair[cell.dataset, cell.model].append(cell)
    known = records.load([cell.spec.run_id for cell in plan.cells if cell.spec], workspace.home)
    return {pair: _scored(tuple(cells), known) for pair, cells in by_pair.items()}


def _scored(cells: tuple[Planned, ...], known: Mapping[str, RunRecord]) -> Scored:
    """A pair counts as scored only when every seed and every fold of it is."""
    blocked = next((cell for cell in cells if cell.state == "not applicable"), None)
    if blocked:
        return Scored(cells, "not_applicable", blocked.reason)
    tried = [known[cell.spec.run_id] for cell in cells if cell.spec and cell.spec.run_id in known]
    found = tuple(record for record in tried if record.status == "ok")
    failed = [record for record in tried if record.status == "failed"]
    whole = tuple(_passes(cells, {record.run_id: record for record in found}))
    if failed:
        return Scored(cells, "failed", _failure(failed, len(cells)), found, whole)
    if len(found) < len(cells):
        return Scored(cells, "missing", _lack(cells, len(found)), found, whole)
    return Scored(cells, "ok", "", found, whole)


def _passes(cells: Sequence[Planned], found: Mapping[str, RunRecord]) -> list[Pass]:
    """The successes of one seed and repeat, where none of them is missing."""
    together = groupby(cells, key=lambda cell: (cell.seed, cell.fold and cell.fold.repeat))
    ids = [[cell.spec.run_id if cell.spec else "" for cell in alike] for _, alike in together]
    return [[found[one] for one in ids_of_pass] for ids_of_pass in ids if all(one in found for one in ids_of_pass)]


def _failure(failed: Sequence[RunRecord], planned: int) -> str:
    """The first reason; with folds, also how many runs failed and which was the first."""
    first = failed[0]
    if first.fold is None:
        return first.reason
    return f"{len(failed)} of {planned} runs failed, the first of them {first.place}: {first.reason}"


def _lack(cells: Sequence[Planned], found: int) -> str:
    reason = next((cell.reason for cell in cells if cell.reason), "")
    if reason or cells[0].fold is None:
        return reason or "not run yet"
    return f"{len(cells) - found} of {len(cells)} runs not made yet"
