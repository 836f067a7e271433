"""Records to a board: every planned cell gets its number with an interval, or the reason why there is none.

Pure reading: plan, records, predictions and manifests in, frozen values out. Ranks nothing it cannot compare.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from harness.kinds import FAMILIES
from harness.metric import Metric, WholeMetric
from harness.plan import Dataset, Plan, Planned
from harness.report.answers import Answers, answers, contributions, whole
from harness.report.board import Anchor, Board, Cell, ClassScores
from harness.report.classes import by_class
from harness.report.clean import with_clean_scores
from harness.report.human import NAME, Score, human
from harness.report.ranking import overall
from harness.report.scored import Scored, Status, scored
from harness.report.sections import dataset_section, model_section
from harness.report.soft import against_votes
from harness.spec import Limits
from harness.statistics.intervals import score_interval, tied_with_best
from harness.statistics.resampling import Contributions
from harness.workspace import Workspace
from registry.kinds import TASKS as REGISTRY_TASKS

RANKED = (
    "Models are ranked by the mean of the headline metric over the datasets on which every ranked model has a score; "
    "where headline metrics have different scales or directions there is no mean and no rank. "
)
APART = "Models are compared on each dataset, and not ranked over datasets of different tasks. "
RULE = (
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
    parts = {name: _part(name, plan, found, workspace) for name in plan.suite.datasets}
    cells = tuple(cell for part in parts.values() for cell in part.cells)
    ranked = overall(plan.suite, cells, one_scale=_one_scale(plan))
    rule = (RANKED if ranked else APART) + RULE
    return Board(
        name=plan.suite.name,
        title=plan.suite.title,
        cells=cells,
        datasets=tuple(
            replace(dataset_section(name, plan, workspace), human=part.told, by_class=part.by_class)
            for name, part in parts.items()
        ),
        models=tuple(model_section(plan.models[name], workspace) for name in plan.suite.every_model),
        overall=ranked,
        ranking_rule=rule + (FOLDED if any(one.folds for one in plan.datasets.values()) else ""),
        machine=", ".join(sorted({record.device for one in found.values() for record in one.found})),
    )


def _one_scale(plan: Plan) -> bool:
    """Whether the headline metrics have one range, so that a mean of them says something."""
    headlines = [one.metric(_metrics(one)[0]) for one in plan.datasets.values()]
    return len({(one.lowest, one.highest) for one in headlines}) < 2


class _Part(NamedTuple):
    """One dataset's share of the board."""

    cells: list[Cell]
    told: str
    """Of the human row."""
    by_class: tuple[ClassScores, ...]


def _part(name: str, plan: Plan, found: Mapping[tuple[str, str], Scored], workspace: Workspace) -> _Part:
    """Every metric of the card for every model of the suite, and for people; then models against the votes."""
    dataset = plan.datasets[name]
    models = plan.suite.models_for(dataset.card.task)
    complete = {model: found[name, model].passes for model in models if found[name, model].complete}
    metrics = _metrics(dataset)
    given = answers(dataset, complete, metrics, workspace.home)
    cells = [cell for metric in metrics for cell in _metric_cells(metric, dataset, plan, found, given)]
    cells = with_clean_scores(cells, dataset, given, workspace.home)
    people = human(dataset, metrics, given.groups)
    cells += [_human_cell(metric, dataset, plan, score) for metric, score in (people.scores if people else {}).items()]
    cells.sort(key=lambda cell: metrics.index(cell.metric))
    soft = against_votes(dataset, complete, given, workspace.home)
    if soft is not None:
        others = REGISTRY_TASKS.get(dataset.card.task).soft_metrics
        against = [cell for metric in others for cell in _metric_cells(metric, dataset, plan, found, soft)]
        cells += with_clean_scores(against, dataset, soft, workspace.home)
    return _Part(cells, people.told if people else "", by_class(dataset, given))


def _metric_cells(
    metric: str,
    dataset: Dataset,
    plan: Plan,
    found: Mapping[tuple[str, str], Scored],
    given: Answers,
) -> list[Cell]:
    computed = dataset.metric(metric)
    if isinstance(computed, WholeMetric):
        return _whole_cells(metric, dataset, plan, found, given)
    sums = {model: contributions(computed, dataset, given, model) for model in given.frames}
    bounds = {model for model in given.frames if _role(model, plan) == "bound"}
    usable = {model: one for model, one in sums.items() if not isinstance(one, str) and model not in bounds}
    tied = _tied(computed, usable, given)
    cells = []
    for model in plan.suite.models_for(dataset.card.task):
        blank = _blank(metric, dataset, plan, model, found[dataset.card.name, model])
        summed = sums.get(model)
        if isinstance(summed, str):
            blank |= {"status": "not_applicable", "reason": summed}
        elif summed is not None:
            blank |= score_interval(computed, summed, given.groups, sizes=given.sizes)._asdict()
            blank |= {"best_or_tied": tied.get(model), "anchor": _anchor(dataset, plan, blank)}
            blank |= {"n": given.frames[model][0].height}
        cells.append(Cell(**blank))
    return cells


def _whole_cells(
    metric: str,
    dataset: Dataset,
    plan: Plan,
    found: Mapping[tuple[str, str], Scored],
    given: Answers,
) -> list[Cell]:
    """Cells of a metric that is no sum over rows: values without intervals, and nobody is tied."""
    computed, cells = dataset.metric(metric), []
    for model in plan.suite.models_for(dataset.card.task):
        blank = _blank(metric, dataset, plan, model, found[dataset.card.name, model])
        if model in given.frames:
            values = whole(computed, dataset, given, model)
            if isinstance(values, str):
                blank |= {"status": "not_applicable", "reason": values}
            else:
                blank |= {"value": sum(values) / len(values), "n": given.frames[model][0].height}
        cells.append(Cell(**blank))
    return cells


def _role(model: str, plan: Plan) -> Literal["model", "bound"]:
    """What sees the right answers is no model."""
    return "bound" if FAMILIES.get(plan.models[model].card.family).reads_references else "model"


def _human_cell(metric: str, dataset: Dataset, plan: Plan, score: Score) -> Cell:
    """A cell of nobody's run."""
    status: Status = "ok" if score.value is not None else "not_applicable"
    blank = _blank(metric, dataset, plan, NAME, Scored((), status, "")) | score._asdict()
    return Cell(**blank, clean_reason="annotators learn from no training rows" if status == "ok" else "")


def _tied(metric: Metric, usable: Mapping[str, Contributions], given: Answers) -> dict[str, bool]:
    """For each model with a value, whether it is the best or cannot be told from it."""
    if not usable:
        return {}
    value = metric.value if metric.higher_is_better else lambda totals: -metric.value(totals)
    return dict(zip(usable, tied_with_best(list(usable.values()), value, given.groups, sizes=given.sizes), strict=True))


def _blank(metric: str, dataset: Dataset, plan: Plan, model: str, one: Scored) -> dict[str, Any]:
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
        "higher_is_better": dataset.metric(metric).higher_is_better,
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
        "headline": metric == _metrics(dataset)[0],
        "role": _role(model, plan) if model in plan.models else "human",
    }


def _metrics(dataset: Dataset) -> tuple[str, ...]:
    return dataset.card.metrics or REGISTRY_TASKS.get(dataset.card.task).default_metrics


def _anchor(dataset: Dataset, plan: Plan, cell: Mapping[str, Any]) -> Anchor | None:
    """The published value for this cell, if the card gives one, held against the number.

    None where the suite limits the training rows otherwise or changes the recipe: that is another protocol than the
    paper's.
    """
    if plan.suite.override.get(cell["model"]):
        return None
    limits = {one.spec.limits for one in plan.cells if one.spec and _is_of(one, cell)}
    for anchor in dataset.card.anchors:
        asked = {Limits(per_class=anchor.per_class)}
        if (anchor.model, anchor.metric) == (cell["model"], cell["metric"]) and limits <= asked:
            reproduced = abs(cell["value"] - anchor.value) <= anchor.tolerance
            return Anchor(anchor.value, anchor.tolerance, anchor.source, reproduced)
    return None


def _is_of(planned: Planned, cell: Mapping[str, Any]) -> bool:
    return (planned.dataset, planned.model) == (cell["dataset"], cell["model"])
