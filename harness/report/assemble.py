"""Records to a board: every planned cell gets its number with an interval, or the reason why there is none.

Pure reading: plan, records, predictions and manifests in, frozen values out. Ranks nothing it cannot compare.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness import records
from harness.kinds import METRICS
from harness.metric import Metric
from harness.plan import Dataset, Plan, Planned
from harness.records import RunRecord
from harness.report.answers import Answers, answers, contributions
from harness.report.board import Anchor, Board, Cell
from harness.report.ranking import overall
from harness.report.sections import dataset_section, model_section
from harness.statistics.intervals import score_interval, tied_with_best
from harness.statistics.resampling import Contributions
from harness.workspace import Workspace
from registry.kinds import TASKS as REGISTRY_TASKS

RULE = (
    "Models are ranked by the mean of the headline metric over the datasets on which every ranked model has a score; "
    "where headline metrics run in opposite directions there is no mean and no rank. "
    "Models marked as tied cannot be told from the best one on that dataset: the 95% interval of the paired "
    "difference, corrected for the number of comparisons (Holm), includes zero. Intervals resample test rows (whole "
    "groups where the card splits by group) and, with several seeds, seeds; accuracy with one seed and no groups has "
    "a Wilson interval."
)


@dataclass(frozen=True)
class Scored:
    """One model on one dataset: its records over seeds, and what each test row adds to a metric's sums."""

    planned: tuple[Planned, ...]
    found: tuple[RunRecord, ...]
    """The successes, in order of seed."""
    status: str
    reason: str

    @property
    def complete(self) -> bool:
        return self.status == "ok"


def board(plan: Plan, workspace: Workspace) -> Board:
    """The leaderboard of a plan as the records stand now."""
    scored = _scored(plan, workspace)
    cells = tuple(cell for name in plan.suite.datasets for cell in _cells_of(name, plan, scored, workspace))
    return Board(
        name=plan.suite.name,
        title=plan.suite.title,
        cells=cells,
        datasets=tuple(dataset_section(name, plan.datasets[name], workspace) for name in plan.suite.datasets),
        models=tuple(model_section(plan.models[name], workspace) for name in plan.suite.models),
        overall=overall(plan.suite, cells),
        ranking_rule=RULE,
        machine=", ".join(sorted({record.device for one in scored.values() for record in one.found})),
    )


def _scored(plan: Plan, workspace: Workspace) -> dict[tuple[str, str], Scored]:
    by_pair: dict[tuple[str, str], list[Planned]] = defaultdict(list)
    for cell in plan.cells:
        by_pair[cell.dataset, cell.model].append(cell)
    ids = [cell.spec.run_id for cell in plan.cells if cell.spec]
    known = records.load(ids, workspace.home)
    return {pair: _status(tuple(cells), known) for pair, cells in by_pair.items()}


def _status(cells: tuple[Planned, ...], known: Mapping[str, RunRecord]) -> Scored:
    """A pair counts as scored only when every seed of it is."""
    blocked = next((cell for cell in cells if cell.state == "not applicable"), None)
    if blocked:
        return Scored(cells, (), "not_applicable", blocked.reason)
    tried = [known[cell.spec.run_id] for cell in cells if cell.spec and cell.spec.run_id in known]
    good = tuple(record for record in tried if record.status == "ok")
    failed = next((record for record in tried if record.status == "failed"), None)
    if failed:
        return Scored(cells, good, "failed", failed.reason)
    if len(good) < len(cells):
        reason = next((cell.reason for cell in cells if cell.reason), "") or "not run yet"
        return Scored(cells, good, "missing", reason)
    return Scored(cells, good, "ok", "")


def _cells_of(name: str, plan: Plan, scored: Mapping[tuple[str, str], Scored], workspace: Workspace) -> list[Cell]:
    """Every metric of the card for every model of the suite on one dataset."""
    dataset = plan.datasets[name]
    complete = {model: scored[name, model].found for model in plan.suite.models if scored[name, model].complete}
    given = answers(dataset, complete, workspace.home)
    return [
        cell
        for number, metric in enumerate(_metrics(dataset))
        for cell in _metric_cells(metric, number == 0, dataset, plan, scored, given)
    ]


def _metric_cells(
    metric: str,
    headline: bool,
    dataset: Dataset,
    plan: Plan,
    scored: Mapping[tuple[str, str], Scored],
    given: Answers,
) -> list[Cell]:
    computed = METRICS.get(metric)()
    sums = {model: contributions(computed, dataset, given, model) for model in given.frames}
    usable = {model: found for model, found in sums.items() if not isinstance(found, str)}
    tied = _tied(computed, usable, given)
    cells = []
    for model in plan.suite.models:
        blank = _blank(metric, headline, dataset, plan, model, scored[dataset.card.name, model])
        found = sums.get(model)
        if isinstance(found, str):
            blank |= {"status": "not_applicable", "reason": found}
        elif found is not None:
            blank |= score_interval(computed, found, given.groups, sizes=given.sizes)._asdict()
            blank |= {"best_or_tied": tied[model], "anchor": _anchor(dataset, plan, blank)}
        cells.append(Cell(**blank))
    return cells


def _tied(metric: Metric, usable: Mapping[str, Contributions], given: Answers) -> dict[str, bool]:
    """For each model with a value, whether it is the best or cannot be told from it."""
    if not usable:
        return {}
    value = metric.value if metric.higher_is_better else lambda totals: -metric.value(totals)
    return dict(zip(usable, tied_with_best(list(usable.values()), value, given.groups, sizes=given.sizes), strict=True))


def _blank(metric: str, headline: bool, dataset: Dataset, plan: Plan, model: str, one: Scored) -> dict[str, Any]:
    """What a cell says whether or not it has a number."""
    spec = next((cell.spec for cell in one.planned if cell.spec), None)
    seconds = [record.seconds for record in one.found if record.seconds is not None]
    return {
        "board": plan.suite.name,
        "dataset": dataset.card.name,
        "version": dataset.published.digest if dataset.published else "",
        "train": spec.train if spec else "",
        "split": "test",
        "fold": None,
        "kind": dataset.card.kind,
        "model": model,
        "metric": metric,
        "higher_is_better": METRICS.get(metric).higher_is_better,
        "value": None,
        "low": None,
        "high": None,
        "anchor": None,
        "n": one.found[0].n if one.found else None,
        "seeds": len(one.found),
        "seconds": round(float(np.mean(seconds)), 3) if seconds else None,
        "trainable_parameters": one.found[0].trainable_parameters if one.found else None,
        "status": one.status,
        "reason": one.reason,
        "run_ids": tuple(record.run_id for record in one.found),
        "headline": headline,
    }


def _metrics(dataset: Dataset) -> tuple[str, ...]:
    return dataset.card.metrics or REGISTRY_TASKS.get(dataset.card.task).default_metrics


def _anchor(dataset: Dataset, plan: Plan, cell: Mapping[str, Any]) -> Anchor | None:
    """The published value for this cell, if the card gives one, held against the number.

    None where the suite limits the training rows or changes the recipe: that is another protocol than the paper's.
    """
    limited = any(one.spec and one.spec.train_limit for one in plan.cells if _is_of(one, cell))
    if limited or plan.suite.override.get(cell["model"]):
        return None
    for anchor in dataset.card.anchors:
        if (anchor.model, anchor.metric) == (cell["model"], cell["metric"]):
            reproduced = abs(cell["value"] - anchor.value) <= anchor.tolerance
            return Anchor(anchor.value, anchor.tolerance, anchor.source, reproduced)
    return None


def _is_of(planned: Planned, cell: Mapping[str, Any]) -> bool:
    return (planned.dataset, planned.model) == (cell["dataset"], cell["model"])
