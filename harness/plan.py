"""A suite to the cells of its matrix, each with what stands in its way or what is recorded of it already.

Owns which cells make sense and a run's identity. Trains nothing, builds nothing, opens no socket.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from harness import records, weights
from harness.device import Device, detect
from harness.kinds import FAMILIES, METRICS, TASKS
from harness.spec import ModelCard, RunSpec, Suite, model_card
from harness.weights import Weights
from harness.workspace import Workspace
from registry import build
from registry.card import DatasetCard
from registry.errors import UserError
from registry.identity import part
from registry.kinds import TASKS as REGISTRY_TASKS
from registry.store import Published

State = Literal["recorded", "to run", "not applicable", "to prepare"]


@dataclass(frozen=True)
class Dataset:
    """A dataset of a suite; `published` is None until it is built."""

    card: DatasetCard
    published: Published | None


@dataclass(frozen=True)
class ModelInSuite:
    """A model of a suite; `weights` is None for families without any, and until they are fetched."""

    card: ModelCard
    weights: Weights | None

    @property
    def ready(self) -> bool:
        return self.card.weights is None or self.weights is not None


@dataclass(frozen=True)
class Planned:
    """One cell of the matrix. `seconds` is an estimate from past records, None where there are none."""

    dataset: str
    model: str
    seed: int
    state: State
    reason: str = ""
    spec: RunSpec | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Plan:
    """The whole matrix of a suite, in the suite's order."""

    suite: Suite
    datasets: Mapping[str, Dataset]
    models: Mapping[str, ModelInSuite]
    cells: tuple[Planned, ...]

    def of(self, state: State) -> tuple[Planned, ...]:
        return tuple(cell for cell in self.cells if cell.state == state)

    @property
    def seconds(self) -> float | None:
        """The estimate for what is to run; None where a part of it was never run before."""
        times = [cell.seconds for cell in (*self.of("to run"), *self.of("to prepare"))]
        known = [time for time in times if time is not None]
        return sum(known) if len(known) == len(times) else None


def plan(suite: Suite, workspace: Workspace, built: Mapping[str, Published] | None = None) -> Plan:
    """What a run of the suite would do now. CardProblems and UserError for cards that are wrong.

    `built` holds versions that are known already; without it they are looked for in the store.
    """
    datasets = {name: _dataset(name, workspace, built or {}) for name in suite.datasets}
    models = {name: _model(name, suite, workspace) for name in suite.models}
    past = _past(workspace)
    cells = tuple(
        _cell(datasets[dataset], models[model], seed, suite, workspace, past)
        for dataset in suite.datasets
        for model in suite.models
        for seed in suite.seeds
    )
    return Plan(suite, datasets, models, cells)


def bare_suite(datasets: tuple[str, ...], models: tuple[str, ...], seeds: int, workspace: Workspace) -> Suite:
    """The suite of `bench run DATASET...`: the task's default models where none are named."""
    cards = [workspace.catalog.dataset(name) for name in datasets]
    defaults = [name for card in cards for name in TASKS.get(card.task).default_models]
    title = cards[0].title if len(cards) == 1 else ", ".join(datasets)
    chosen = tuple(dict.fromkeys(models or defaults))
    return Suite(
        name="-".join(datasets)[:64].rstrip("-"),
        title=title,
        datasets=datasets,
        models=chosen,
        seeds=tuple(range(1, seeds + 1)),
    )


def _dataset(name: str, workspace: Workspace, built: Mapping[str, Published]) -> Dataset:
    return Dataset(workspace.catalog.dataset(name), built.get(name) or build.locate(name, workspace.catalog))


def _model(name: str, suite: Suite, workspace: Workspace) -> ModelInSuite:
    card = model_card(workspace.catalog, name, suite.override.get(name))
    if card.weights is None:
        return ModelInSuite(card, None)
    try:
        return ModelInSuite(card, weights.fetch(card.weights, workspace.weights_context(name, offline=True)))
    except UserError:  # not fetched yet
        return ModelInSuite(card, None)


def _cell(
    dataset: Dataset, model: ModelInSuite, seed: int, suite: Suite, workspace: Workspace, past: Mapping[str, float]
) -> Planned:
    name, called = dataset.card.name, model.card.name
    reason = _obstacle(dataset, model.card)
    if reason:
        return Planned(name, called, seed, "not applicable", reason)
    if dataset.published is None or not model.ready:
        missing = "the dataset is not built" if dataset.published is None else "the weights are not fetched"
        return Planned(name, called, seed, "to prepare", missing)
    spec = run_spec(dataset.card, dataset.published, model, seed, suite.limits.train, detect())
    if records.done(spec.run_id, workspace.home):
        return Planned(name, called, seed, "recorded", spec=spec)
    splits = dataset.published.manifest["splits"]
    rows = (spec.train_limit or splits["train"]["rows"]) + splits["test"]["rows"]
    rate = past.get(called)
    return Planned(name, called, seed, "to run", spec=spec, seconds=None if rate is None else rate * rows)


def _obstacle(dataset: Dataset, model: ModelCard) -> str:
    """Why this model makes no sense on this dataset; empty where it does."""
    family = FAMILIES.get(model.family)
    other = [language for language in dataset.card.languages if model.languages and language not in model.languages]
    if other:
        return f"reads {', '.join(model.languages)} only; the data is {', '.join(other)}"
    if family.needs_training_data and "train" not in dataset.card.split.split.promised:
        return "needs training data; the card has none"
    if dataset.published is not None:
        return str(family.unfit(tuple(dataset.published.manifest["labels"])) or "")
    return ""


def run_spec(
    card: DatasetCard, published: Published, model: ModelInSuite, seed: int, limit: int | None, device: Device
) -> RunSpec:
    """The run of one cell. Its identity covers everything that can change a prediction or a score."""
    manifest, family = published.manifest, FAMILIES.get(model.card.family)
    available = manifest["splits"]["train"]["rows"]
    used = limit if limit is not None and limit < available else None
    recipe = model.card.recipe
    identity = {
        "train": [{"version": published.digest}] if available else [],
        "evaluate": {"version": published.digest, "split": "test"},
        "labels": manifest["labels"],
        "task": {"name": card.task, "version": TASKS.get(card.task).version},
        "metrics": {name: METRICS.get(name).version for name in REGISTRY_TASKS.get(card.task).metrics},
        "model": {
            "family": model.card.family,
            "version": family.version,
            "recipe": part(recipe),
        },
        "resolved": family.resolve(recipe, device),
        "seed": seed,
    }
    if used is not None:
        identity["limit"] = {"train": used}
    if model.weights is not None:
        identity["weights"] = model.weights.identity
    return RunSpec(card.name, published.digest, model.card.name, seed, used, identity)


def _past(workspace: Workspace) -> dict[str, float]:
    """Seconds per row, trained on or predicted, of each model, from this store's records."""
    table = records.history(workspace.home).filter(pl.col("status") == "ok")
    seconds = (pl.col("seconds_fit") + pl.col("seconds_predict")) / (pl.col("train_rows") + pl.col("n"))
    return dict(table.group_by("model").agg(seconds.median()).rows())
