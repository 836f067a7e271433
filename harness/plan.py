"""A suite to the cells of its matrix, each with what stands in its way or what is recorded of it already.

Owns which cells make sense and what a run's identity covers. Trains nothing, builds nothing, opens no socket.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from harness import records, weights
from harness.data import ONE_IN, in_force
from harness.device import Device, detect
from harness.folds import Fold, Folds, evaluated, folds_of
from harness.kinds import FAMILIES, METRICS, TASKS
from harness.outside.evaluating import Evaluated, scripts
from harness.pace import Pace, pace
from harness.spec import Limits, ModelCard, RunSpec, Suite, model_card
from harness.weights import Weights
from harness.workspace import Workspace
from registry import build
from registry.card import DatasetCard
from registry.errors import UserError
from registry.identity import part
from registry.kinds import TASKS as REGISTRY_TASKS
from registry.split import Folding
from registry.store import Published

State = Literal["recorded", "to run", "not applicable", "not allowed", "to prepare"]


@dataclass(frozen=True)
class Dataset:
    """A dataset of a suite; `published` is None until it is built, and `trouble` says why it could not be."""

    card: DatasetCard
    published: Published | None
    trouble: str = ""
    scripts: Mapping[str, Evaluated] = field(default_factory=dict)
    """Its metrics that are scripts, by the names that its card has for them."""

    def metric(self, name: str) -> Any:
        """A metric of its task, or of its card."""
        return self.scripts[name] if name in self.scripts else METRICS.get(name)()

    @property
    def folds(self) -> Folds | None:
        """How it is cross-validated; None for one with a test split."""
        if self.published is not None:
            return folds_of(self.published.manifest)
        split = self.card.split.split
        return Folds(split.folds, split.repeats) if isinstance(split, Folding) else None


@dataclass(frozen=True)
class ModelInSuite:
    """A model of a suite; `weights` is None for families without any, and until they are fetched."""

    card: ModelCard
    weights: Weights | None
    trouble: str = ""
    project: Path = Path()
    """What paths in its card are relative to."""

    @property
    def ready(self) -> bool:
        return self.card.weights is None or self.weights is not None

    @property
    def seeded(self) -> bool:
        """Whether another seed can give other predictions."""
        return bool(FAMILIES.get(self.card.family).uses_seed(self.card.recipe))


@dataclass(frozen=True)
class Planned:
    """One run of the matrix. `seconds` is an estimate from past records, None where there are none."""

    dataset: str
    model: str
    seed: int
    fold: Fold | None
    state: State
    reason: str = ""
    spec: RunSpec | None = None
    seconds: float | None = None

    @property
    def place(self) -> str:
        return records.place(self.seed, *(self.fold or (None, None)))


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
    models = {name: _model(name, suite, workspace, known) for name in suite.every_model}
    past = pace(workspace)
    cells = tuple(
        _cell(datasets[dataset], models[model], seed, fold, suite, workspace, past)
        for dataset in suite.datasets
        for model in suite.models_for(datasets[dataset].card.task)
        for seed in _seeds(datasets[dataset], models[model], suite)
        for fold in _folds(datasets[dataset])
    )
    return Plan(suite, datasets, models, cells)


def estimate(plan: Plan) -> str:
    """How long the rest takes, as far as this store's records tell."""
    if not plan.of("to run") and not plan.of("to prepare"):
        left_out = Counter(cell.state for cell in plan.cells if cell.state != "recorded")
        others = "".join(f"; {count} {state}" for state, count in sorted(left_out.items()))
        return f"nothing to do: everything is recorded{others}"
    if plan.seconds is None:
        return "no estimate: there is no earlier run of some of these models here, or data must be built first"
    return f"about {plan.seconds:,.0f} s by earlier runs"


def run_spec(
    card: DatasetCard,
    published: Published,
    model: ModelInSuite,
    seed: int,
    fold: Fold | None,
    limits: Limits,
    device: Device,
) -> RunSpec:
    """The run of one cell. Its identity covers everything that can change a prediction or a score."""
    manifest, family = published.manifest, FAMILIES.get(model.card.family)
    identity: dict[str, Any] = {
        "train": [{"version": published.digest}] if manifest["splits"]["train"]["rows"] else [],
        "evaluate": {"version": published.digest, "split": evaluated(manifest)},
        "labels": manifest["labels"],
        "task": {"name": card.task, "version": TASKS.version(card.task)},
        "metrics": {name: METRICS.version(name) for name in REGISTRY_TASKS.get(card.task).metrics},
        "model": {
            "family": model.card.family,
            "version": FAMILIES.version(model.card.family),
            "recipe": part(model.card.recipe),
        },
        "resolved": family.resolve(model.card.recipe, device),
    }
    if fold is not None:
        identity["evaluate"] |= {"repeat": fold.repeat, "fold": fold.number}
        if not manifest["splits"]["validation"]["rows"]:
            identity["validation"] = {"one_in": ONE_IN}
    if model.seeded:
        identity["seed"] = seed
    used = in_force(limits, manifest)
    if used.train is not None:
        identity["limit"] = {"train": used.train}
    if used.per_class is not None:
        identity["limit"] = {"per_class": used.per_class, "seed": seed}
    files = family.files(model.card.recipe, model.project)
    if files:
        identity["files"] = files
    if model.weights is not None:
        identity["weights"] = model.weights.identity
    return RunSpec(card.name, published.digest, model.card.name, seed, fold, used, identity)


def _seeds(dataset: Dataset, model: ModelInSuite, suite: Suite) -> tuple[int, ...]:
    """The seeds that can give different results: by the model, or because each draws examples of its own."""
    limits = suite.limits if dataset.published is None else in_force(suite.limits, dataset.published.manifest)
    return suite.seeds if model.seeded or limits.per_class else suite.seeds[:1]


def _folds(dataset: Dataset) -> tuple[Fold | None, ...]:
    """Each fold is a run of its own; one run where there are none."""
    return dataset.folds.each() if dataset.folds else (None,)


def _dataset(name: str, workspace: Workspace, known: Prepared) -> Dataset:
    card = workspace.catalog.dataset(name)
    blank = partial(Dataset, card, scripts=scripts(card, workspace))
    if name in known.trouble:
        return blank(None, str(known.trouble[name]))
    try:
        return blank(known.built.get(name) or build.locate(name, workspace.catalog))
    except UserError as error:  # its version fails a gate or contradicts the lock: a hole with that reason
        return blank(None, str(error))


def _model(name: str, suite: Suite, workspace: Workspace, known: Prepared) -> ModelInSuite:
    card = model_card(workspace.catalog, name, suite.override.get(name))
    context = workspace.weights_context(name, offline=True)
    if card.weights is None or name in known.trouble:
        return ModelInSuite(card, None, str(known.trouble.get(name, "")), context.project)
    try:
        return ModelInSuite(card, weights.fetch(card.weights, context), project=context.project)
    except UserError:  # not fetched yet; fetching says what is wrong, if anything is
        return ModelInSuite(card, None, project=context.project)


def _cell(
    dataset: Dataset,
    model: ModelInSuite,
    seed: int,
    fold: Fold | None,
    suite: Suite,
    workspace: Workspace,
    past: Pace,
) -> Planned:
    blank = partial(Planned, dataset.card.name, model.card.name, seed, fold)
    obstacle = _unlimited(dataset.card, suite.limits) or _obstacle(dataset, model.card)
    if obstacle:
        return blank("not applicable", obstacle)
    if dataset.published is None:
        return blank("to prepare", dataset.trouble or "not built as the card and its data stand now")
    if not model.ready:
        return blank("to prepare", model.trouble or "the weights are not fetched")
    spec = run_spec(dataset.card, dataset.published, model, seed, fold, suite.limits, detect())
    if records.done(spec.run_id, workspace.home):
        return blank("recorded", spec=spec)
    if model.card.program and not workspace.allow_code:
        return blank("not allowed", f"runs `{model.card.program}`; --allow-code allows it", spec=spec)
    return blank("to run", spec=spec, seconds=past.seconds(spec, model.card, dataset.published.manifest))


def _unlimited(card: DatasetCard, limits: Limits) -> str:
    """Why a limit cannot be kept on a dataset; empty where it can."""
    if limits.per_class and REGISTRY_TASKS.get(card.task).answer != "label":
        return f"rows of each class are to be counted, and a row of {card.task} is of no one class"
    return ""


def _obstacle(dataset: Dataset, model: ModelCard) -> str:
    """Why this model makes no sense on this dataset, or on this machine; empty where it does."""
    return next(filter(None, _obstacles(dataset, model)), "")


def _obstacles(dataset: Dataset, model: ModelCard) -> Iterator[str]:
    """Reasons against it, in the order in which they are told; only the first holds for sure."""
    family = FAMILIES.get(model.family)
    other = [language for language in dataset.card.languages if not _reads(model, language)]
    if other:
        yield f"reads {', '.join(model.languages)} only; the data is {', '.join(other)}"
    if dataset.card.task not in family.tasks:
        yield f"cannot read the inputs of {dataset.card.task}"
    yield family.lacks() or ""
    if family.needs_training_data and _without_training(dataset):
        yield "needs training data; the card has none"
    if dataset.published is not None:
        yield family.unfit(tuple(dataset.published.manifest["labels"])) or ""


def _without_training(dataset: Dataset) -> bool:
    """Whether the train split is empty, as far as can be told: splits that columns decide show in a version only."""
    if dataset.published is not None:
        return not dataset.published.manifest["splits"]["train"]["rows"]
    split = dataset.card.split.split
    return not split.columns and "train" not in split.promised


def _reads(model: ModelCard, language: str) -> bool:
    """A model for `en` reads `en-GB` too (RFC 4647, basic filtering)."""
    return not model.languages or any(f"{language}-".startswith(f"{known}-") for known in model.languages)
