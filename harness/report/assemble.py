"""Records to a board: every planned cell gets its number with an interval, or the reason why there is none.

Pure reading: plan, records, predictions and manifests in, frozen values out. Ranks nothing it cannot compare.
"""

from collections.abc import Mapping
from typing import Any

from harness.kinds import METRICS
from harness.metric import Metric
from harness.plan import Dataset, Plan, Planned
from harness.report.answers import Answers, answers, contributions
from harness.report.board import Anchor, Board, Cell
from harness.report.clean import with_clean_scores
from harness.report.ranking import overall
from harness.report.scored import Scored, scored
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
FOLDED = (
    " Cross-validation: in each repeat every row is predicted once, by a model that was trained without its fold. "
    "Metrics are computed over all predictions of a repeat, and repeats are averaged and resampled as seeds are. The "
    "training data of the folds overlap, so these intervals do not cover how results vary with the training data; no "
    "unbiased estimate of that exists (Bengio and Grandvalet 2004)."
)


def board(plan: Plan, workspace: Workspace) -> Board:
    """The leaderboard of a plan as the records stand now."""
    found = scored(plan, workspace)
    cells = tuple(cell for name in plan.suite.datasets for cell in _cells_of(name, plan, found, workspace))
    return Board(
        name=plan.suite.name,
        title=plan.suite.title,
        cells=cells,
        datasets=tuple(dataset_section(name, plan, workspace) for name in plan.suite.datasets),
        models=tuple(model_section(plan.models[name], workspace) for name in plan.suite.models),
        overall=overall(plan.suite, cells),
        ranking_rule=RULE + (FOLDED if any(one.folds for one in plan.datasets.values()) else ""),
        machine=", ".join(sorted({record.device for one in found.values() for record in one.found})),
    )


def _cells_of(name: str, plan: Plan, found: Mapping[tuple[str, str], Scored], workspace: Workspace) -> list[Cell]:
    """Every metric of the card for every model of the suite on one dataset."""
    dataset = plan.datasets[name]
    complete = {model: found[name, model].passes for model in plan.suite.models if found[name, model].complete}
    given = answers(dataset, complete, workspace.home)
    cells = [
        cell
        for number, metric in enumerate(_metrics(dataset))
        for cell in _metric_cells(metric, number == 0, dataset, plan, found, given)
    ]
    return with_clean_scores(cells, dataset, given, workspace.home)


def _metric_cells(
    metric: str,
    headline: bool,
    dataset: Dataset,
    plan: Plan,
    found: Mapping[tuple[str, str], Scored],
    given: Answers,
) -> list[Cell]:
    computed = METRICS.get(metric)()
    sums = {model: contributions(computed, dataset, given, model) for model in given.frames}
    usable = {model: one for model, one in sums.items() if not isinstance(one, str)}
    tied = _tied(computed, usable, given)
    cells = []
    for model in plan.suite.models:
        blank = _blank(metric, headline, dataset, plan, model, found[dataset.card.name, model])
        summed = sums.get(model)
        if isinstance(summed, str):
            blank |= {"status": "not_applicable", "reason": summed}
        elif summed is not None:
            blank |= score_interval(computed, summed, given.groups, sizes=given.sizes)._asdict()
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
    folds = dataset.folds
    return {
        "board": plan.suite.name,
        "dataset": dataset.card.name,
        "version": dataset.published.digest if dataset.published else "",
        "train": spec.train if spec else "",
        "split": "cross-validation" if folds else "test",
        "folds": folds.folds if folds else None,
        "repeats": folds.repeats if folds else None,
        "kind": dataset.card.kind,
        "model": model,
        "metric": metric,
        "higher_is_better": METRICS.get(metric).higher_is_better,
        "value": None,
        "low": None,
        "high": None,
        "anchor": None,
        "n": one.n,
        "seeds": one.seeds,
        "seconds": one.seconds,
        "trainable_parameters": one.trainable_parameters,
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
    limited = any(one.spec and str(one.spec.limits) for one in plan.cells if _is_of(one, cell))
    if limited or plan.suite.override.get(cell["model"]):
        return None
    for anchor in dataset.card.anchors:
        if (anchor.model, anchor.metric) == (cell["model"], cell["metric"]):
            reproduced = abs(cell["value"] - anchor.value) <= anchor.tolerance
            return Anchor(anchor.value, anchor.tolerance, anchor.source, reproduced)
    return None


def _is_of(planned: Planned, cell: Mapping[str, Any]) -> bool:
    return (planned.dataset, planned.model) == (cell["dataset"], cell["model"])
