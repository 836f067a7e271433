"""One run spec to one record: load, fit, predict, score, save. No branch on a model or a task.

`fit` sees train and validation, `predict` sees inputs without labels, and the scores are computed here.
"""

import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from time import perf_counter
from typing import Any

import polars as pl

from harness import lines, records
from harness.data import collection, data
from harness.device import Device
from harness.kinds import FAMILIES, METRICS, TASKS
from harness.measuring import measured
from harness.model import Fitted, Setting
from harness.plan import ModelInSuite
from harness.records import RunRecord
from harness.scoring import computed
from harness.spec import RunSpec
from harness.workspace import Workspace
from registry.card import DatasetCard
from registry.digest import canonical
from registry.errors import UserError
from registry.kinds import TASKS as REGISTRY_TASKS
from registry.store import Published

LIBRARIES = (
    "torch",
    "transformers",
    "scikit-learn",
    "vaderSentiment",
    "python-crfsuite",
    "bm25s",
    "sacrebleu",
    "ir-measures",
    "jiwer",
    "numpy",
    "polars",
)


@dataclass(frozen=True)
class Job:
    """A run spec with everything it needs at hand."""

    spec: RunSpec
    card: DatasetCard
    published: Published
    model: ModelInSuite
    device: Device


@dataclass(frozen=True)
class _Outcome:
    fitted: Fitted
    train_rows: int
    predictions: pl.DataFrame
    metrics: tuple[dict[str, Any], ...]
    seconds_fit: float
    seconds_predict: float


def run(job: Job, workspace: Workspace) -> RunRecord:
    """The record of the run, saved. A run that fails is a record too; only interrupts and store errors come through."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        outcome = _attempt(job, workspace)
    except Exception as error:  # noqa: BLE001 - whatever a model does wrong is this run's result, not the end of the others
        record = _record(job, started, None, _reason(error))
        records.save(record, None, workspace.home)
        return record
    record = _record(job, started, outcome, "")
    records.save(record, outcome.predictions, workspace.home)
    return record


def _attempt(job: Job, workspace: Workspace) -> _Outcome:
    labels = tuple(job.published.manifest["labels"])
    task = TASKS.get(job.card.task)()
    train, validation, test = data(job.spec, job.published)
    family = FAMILIES.get(job.model.card.family)
    setting = _setting(job, workspace)
    if family.reads_references:
        setting = replace(setting, references=task.examples(test, labels).answers)
    model = family(job.model.card.recipe, setting)
    begun = perf_counter()
    fitted = model.fit(task.examples(train, labels), task.examples(validation, labels))
    trained = perf_counter()
    found = model.predict(task.inputs(test, pl.concat([train, validation])))
    finished = perf_counter()
    fitted = replace(fitted, facts=fitted.facts | model.found())
    answered = lines.within(task.predictions(test, found, labels), setting.collection)
    predictions = measured(answered, test, found, task, setting, workspace)
    metrics = tuple(_score(name, predictions, labels) for name in REGISTRY_TASKS.get(job.card.task).metrics)
    return _Outcome(fitted, train.height, predictions, metrics, trained - begun, finished - trained)


def _setting(job: Job, workspace: Workspace) -> Setting:
    return Setting(
        task=job.card.task,
        labels=tuple(job.published.manifest["labels"]),
        languages=job.card.languages,
        seed=job.spec.seed,
        device=job.device,
        progress=workspace.progress,
        weights=job.model.weights.folder if job.model.weights else None,
        project=job.model.project,
        collection=collection(job.published),
        cache=workspace.home / "answers",
        offline=workspace.offline,
    )


def _score(name: str, predictions: pl.DataFrame, labels: tuple[str, ...]) -> dict[str, Any]:
    metric = METRICS.get(name)()
    found = computed(metric, predictions, labels)
    if isinstance(found, str):
        return {"metric": name, "value": None, "reason": found}
    return {"metric": name, "value": found.value, "reason": ""}


def _reason(error: Exception) -> str:
    """What went wrong and, for anything but a user's error and answers that are none, where in the code."""
    if isinstance(error, UserError | lines.Unusable):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} (line {last.lineno} of {last.name})"


def _record(job: Job, started: str, outcome: _Outcome | None, reason: str) -> RunRecord:
    fold = job.spec.fold
    return RunRecord(
        run_id=job.spec.run_id,
        status="ok" if outcome else "failed",
        reason=reason,
        dataset=job.spec.dataset,
        version=job.spec.version,
        train=job.spec.train,
        split="test" if fold is None else "train",
        repeat=fold.repeat if fold else None,
        fold=fold.number if fold else None,
        model=job.spec.model,
        family=job.model.card.family,
        seed=job.spec.seed,
        train_rows=outcome.train_rows if outcome else None,
        n=outcome.predictions.height if outcome else None,
        metrics=outcome.metrics if outcome else (),
        seconds_fit=outcome.seconds_fit if outcome else None,
        seconds_predict=outcome.seconds_predict if outcome else None,
        trainable_parameters=outcome.fitted.trainable_parameters if outcome else None,
        total_parameters=outcome.fitted.total_parameters if outcome else None,
        device=f"{job.device.kind} {job.device.precision}",
        facts=records.as_json(outcome.fitted.facts) if outcome else "{}",
        identity=canonical(job.spec.identity),
        libraries=records.as_json({name: version(name) for name in LIBRARIES}),
        started=started,
    )
