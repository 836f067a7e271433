"""A suite to the cells of its matrix, each with what stands in its way or what is recorded of it already.

Owns which cells make sense and what a run's identity covers. Trains nothing, builds nothing, opens no socket.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

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
    """A dataset of a suite; `published` is None until it is built, and `trouble` says why it could not be."""

    card: DatasetCard
    published: Published | None
    trouble: str = ""


@dataclass(frozen=True)
class ModelInSuite:
    """A model of a suite; `weights` is None for families without any, and until they are fetched."""

    card: ModelCard
    weights: Weights | None
    trouble: str = ""

    @property
    def ready(self) -> bool:
        return self.card.weights is None or self.weights is not None

    @property
    def seeded(self) -> bool:
        """Whether another seed can give other predictions."""
        return bool(FAMILIES.get(self.card.family).uses_seed(self.card.recipe))


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


@dataclass(frozen=True)
class Prepared:
    """What is known before planning: versions that were just built, and why something could not be had."""

    built: Mapping[str, Published]
    trouble: Mapping[str, UserError]


def plan(suite: Suite, workspace: Workspace, prepared: Prepared | None = None) -> Plan:
    """What a run of the suite would do now. CardProblems and UserError for cards that are wrong."""
    known = prepared or Prepared({}, {})
    datasets = {name: _dataset(name, workspace, known) for name in suite.datasets}
    models = {name: _model(name, suite, workspace, known) for name in suite.models}
    past = _past(workspace)
    cells = tuple(
        _cell(datasets[dataset], models[model], seed, suite, workspace, past)
        for dataset in suite.datasets
        for model in suite.models
        for seed in (suite.seeds if models[model].seeded else suite.seeds[:1])
    )
    return Plan(suite, datasets, models, cells)


def estimate(plan: Plan) -> str:
    """How long the rest takes, as far as this store's records tell."""
    if not plan.of("to run") and not plan.of("to prepare"):
        left_out = len(plan.of("not applicable"))
        others = f"; {left_out} not applicable" if left_out else ""
        return f"nothing to do: everything is recorded{others}"
    if plan.seconds is None:
        return "no estimate: there is no earlier run of some of these models here, or data must be built first"
    return f"about {plan.seconds:,.0f} s by earlier runs"


def run_spec(
    card: DatasetCard, published: Published, model: ModelInSuite, seed: int, limit: int | None, device: Device
) -> RunSpec:
    """The run of one cell. Its identity covers everything that can change a prediction or a score."""
    manifest, family = published.manifest, FAMILIES.get(model.card.family)
    available = manifest["splits"]["train"]["rows"]
    used = limit if limit is not None and limit < available else None
    identity: dict[str, Any] = {
        "train": [{"version": published.digest}] if available else [],
        "evaluate": {"version": published.digest, "split": "test"},
        "labels": manifest["labels"],
        "task": {"name": card.task, "version": TASKS.get(card.task).version},
        "metrics": {name: METRICS.get(name).version for name in REGISTRY_TASKS.get(card.task).metrics},
        "model": {"family": model.card.family, "version": family.version, "recipe": part(model.card.recipe)},
        "resolved": family.resolve(model.card.recipe, device),
    }
    if model.seeded:
        identity["seed"] = seed
    if used is not None:
        identity["limit"] = {"train": used}
    if model.weights is not None:
        identity["weights"] = model.weights.identity
    return RunSpec(card.name, published.digest, model.card.name, seed, used, identity)


def _dataset(name: str, workspace: Workspace, known: Prepared) -> Dataset:
    card = workspace.catalog.dataset(name)
    if name in known.trouble:
        return Dataset(card, None, str(known.trouble[name]))
    try:
        return Dataset(card, known.built.get(name) or build.locate(name, workspace.catalog))
    except UserError as error:  # its version fails a gate or contradicts the lock: a hole with that reason
        return Dataset(card, None, str(error))


def _model(name: str, suite: Suite, workspace: Workspace, known: Prepared) -> ModelInSuite:
    card = model_card(workspace.catalog, name, suite.override.get(name))
    if card.weights is None or name in known.trouble:
        return ModelInSuite(card, None, str(known.trouble.get(name, "")))
    try:
        return ModelInSuite(card, weights.fetch(card.weights, workspace.weights_context(name, offline=True)))
    except UserError:  # not fetched yet; fetching says what is wrong, if anything is
        return ModelInSuite(card, None)


def _cell(
    dataset: Dataset,
    model: ModelInSuite,
    seed: int,
    suite: Suite,
    workspace: Workspace,
    past: Mapping[tuple[str, str], float],
) -> Planned:
    name, called = dataset.card.name, model.card.name
    obstacle = _obstacle(dataset, model.card)
    if obstacle:
        return Planned(name, called, seed, "not applicable", obstacle)
    if dataset.published is None:
        return Planned(
            name, called, seed, "to prepare", dataset.trouble or "not built as the card and its data stand now"
        )
    if not model.ready:
        return Planned(name, called, seed, "to prepare", model.trouble or "the weights are not fetched")
    spec = run_spec(dataset.card, dataset.published, model, seed, suite.limits.train, detect())
    if records.done(spec.run_id, workspace.home):
        return Planned(name, called, seed, "recorded", spec=spec)
    splits = dataset.published.manifest["splits"]
    epochs = getattr(model.card.recipe, "epochs", 1)
    rows = (spec.train_limit or splits["train"]["rows"]) * epochs + splits["test"]["rows"]
    rate = past.get((called, name), past.get((called, "")))
    return Planned(name, called, seed, "to run", spec=spec, seconds=None if rate is None else rate * rows)


def _obstacle(dataset: Dataset, model: ModelCard) -> str:
    """Why this model makes no sense on this dataset; empty where it does."""
    family = FAMILIES.get(model.family)
    other = [language for language in dataset.card.languages if not _reads(model, language)]
    if other:
        return f"reads {', '.join(model.languages)} only; the data is {', '.join(other)}"
    if dataset.card.task not in family.tasks:
        return f"cannot read the inputs of {dataset.card.task}"
    if family.needs_training_data and _without_training(dataset):
        return "needs training data; the card has none"
    if dataset.published is not None:
        return str(family.unfit(tuple(dataset.published.manifest["labels"])) or "")
    return ""


def _without_training(dataset: Dataset) -> bool:
    """Whether the train split is empty, as far as can be told: splits that the source gives show in a version only."""
    split = dataset.card.split.split
    if dataset.published is not None and split.column:
        return not dataset.published.manifest["splits"]["train"]["rows"]
    return not split.column and "train" not in split.promised


def _reads(model: ModelCard, language: str) -> bool:
    """A model for `en` reads `en-GB` too (RFC 4647, basic filtering)."""
    return not model.languages or any(f"{language}-".startswith(f"{known}-") for known in model.languages)


def _past(workspace: Workspace) -> dict[tuple[str, str], float]:
    """Seconds per row, trained on or predicted, of (model, dataset) from this store's records; "" for any dataset."""
    columns = ("status", "model", "dataset", "seconds_fit", "seconds_predict", "train_rows", "n", "facts")
    table = records.history(workspace.home, columns).filter(pl.col("status") == "ok")
    epochs = pl.col("facts").str.json_path_match("$.epochs").cast(pl.Int64, strict=False).fill_null(1)
    rows = pl.col("train_rows") * epochs + pl.col("n")
    rates = table.with_columns(rate=(pl.col("seconds_fit") + pl.col("seconds_predict")) / rows)
    of_both = rates.group_by("model", "dataset").agg(pl.col("rate").median()).rows()
    of_model = rates.group_by("model").agg(pl.col("rate").median()).rows()
    return {**{(model, ""): rate for model, rate in of_model}, **{(m, dataset): rate for m, dataset, rate in of_both}}
