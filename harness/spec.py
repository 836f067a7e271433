"""Model cards, suites and run specs: what is asked for, typed, before anything runs.

Knows no family in particular: recipes are checked by the family's own type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from harness.folds import Fold
from harness.kinds import FAMILIES, TASKS
from harness.weights import WeightsSpec, weights_from
from registry.card import Language, Name
from registry.catalog import Catalog
from registry.checker import Checker
from registry.digest import digest
from registry.errors import CardProblems, UserError, nearest
from registry.frozen import Frozen, Text

Item = TypeVar("Item")


def _each_once(values: tuple[Item, ...]) -> tuple[Item, ...]:
    twice = sorted({str(value) for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"names {', '.join(twice)} more than once")
    return values


Seed = Annotated[int, Field(ge=0, lt=2**32)]
Names = Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(_each_once)]


class ModelCard(Frozen):
    """A checkpoint or a baseline with its recipe. `languages` empty means any."""

    name: Name
    title: Annotated[Text, Field(min_length=1)]
    family: str
    languages: tuple[Language, ...] = ()
    weights: WeightsSpec | None = None
    recipe: Any = None
    """A value of the family's own Recipe."""

    @property
    def program(self) -> str:
        """The program that it names, as one line for people; empty for a family that runs none."""
        return str(FAMILIES.get(self.family).program(self.recipe))


class Limits(Frozen):
    """How much of the train split is used at most, the same rows for every model. A smaller limit keeps a part of
    what a larger one keeps.
    """

    train: Annotated[int, Field(ge=1)] | None = None
    """Rows, chosen by their ids alone."""
    per_class: Annotated[int, Field(ge=1)] | None = None
    """Rows of each class, drawn by the seed of the run: each seed has examples of its own."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.train is not None and self.per_class is not None:
            raise ValueError("train and per_class are two ways to limit the same rows; write one of them")
        return self

    def __str__(self) -> str:
        """As it stands behind the name of the training data: `2000`, `16/class`; empty for no limit."""
        return f"{self.per_class}/class" if self.per_class else str(self.train or "")

    @property
    def told(self) -> str:
        """For people; empty for no limit."""
        rows = f"at most {self.train:,} training rows" if self.train else ""
        return f"{self.per_class:,} training rows per class" if self.per_class else rows


class Suite(Frozen):
    """Which datasets x models x seeds. `override` changes recipe fields of a model inside this suite."""

    name: Text
    title: Annotated[Text, Field(min_length=1)]
    datasets: Names
    models: Names | Annotated[dict[str, Names], Field(min_length=1)]
    """Every model on every dataset; or by task, which models the datasets of that task are for."""
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1), AfterValidator(_each_once)] = (1,)
    limits: Limits = Limits()
    override: dict[Name, dict[str, Any]] = {}

    @property
    def every_model(self) -> tuple[str, ...]:
        """All models in it, each once."""
        if isinstance(self.models, dict):
            return tuple(dict.fromkeys(name for names in self.models.values() for name in names))
        return self.models

    def models_for(self, task: str) -> tuple[str, ...]:
        """Those that datasets of a task are for."""
        return self.models.get(task, ()) if isinstance(self.models, dict) else self.models


@dataclass(frozen=True)
class RunSpec:
    """One cell of the matrix. Names are for people; `identity` is what the run id hashes."""

    dataset: str
    version: str
    model: str
    seed: int
    fold: Fold | None
    """The fold that is evaluated on; None where the test split is."""
    limits: Limits
    """Those that leave any row out."""
    identity: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        return digest(self.identity)[:16]

    @property
    def train(self) -> str:
        """`card@digest`, with `:n` where only n rows are used and `:n/class` where n of each class are.

        Empty for a card without training rows.
        """
        if not self.identity["train"]:
            return ""
        return ":".join(part for part in (f"{self.dataset}@{self.version[:12]}", str(self.limits)) if part)


def model_card(catalog: Catalog, name: str, override: Mapping[str, Any] | None = None) -> ModelCard:
    """The typed model card, its recipe with the suite's changes. CardProblems with every mistake in it."""
    merged = catalog.merged("models", name)
    checker = Checker(merged.source, frozenset(merged.data) - frozenset(merged.source.data))
    data = {key: value for key, value in merged.data.items() if key != "like" and value is not None}
    if name != data.get("name"):
        checker.report(("name",), f'the file is called "{name}.yaml"; name and file name must agree')
    family = data.get("family")
    if family is not None and family not in FAMILIES.names():
        checker.report(("family",), FAMILIES.unknown(str(family)))
    elif family is not None:
        _check_recipe(checker, data, override or {})
    card = checker.value(ModelCard, data, ())
    if card is None or checker.problems:
        raise CardProblems(checker.problems, 1)
    return card


def suite(catalog: Catalog, name: str) -> Suite:
    """The typed suite, every name and every change in it checked. CardProblems with every mistake in it."""
    merged = catalog.merged("suites", name)
    checker = Checker(merged.source, frozenset(merged.data) - frozenset(merged.source.data))
    data = {key: value for key, value in merged.data.items() if key != "like"}
    found = checker.value(Suite, data, ())
    if name != data.get("name"):
        checker.report(("name",), f'the file is called "{name}.yaml"; name and file name must agree')
    _check_names(checker, data.get("datasets"), ("datasets",), catalog)
    _check_models(checker, data.get("models"), found, catalog)
    if found is not None and not checker.problems:
        _check_overrides(checker, found, catalog)
    if found is None or checker.problems:
        raise CardProblems(checker.problems, 1)
    return found


def _with(written: Any, override: Mapping[str, Any]) -> Any:
    return {**written, **override} if isinstance(written, Mapping) else written


def _check_recipe(checker: Checker, data: dict[str, Any], override: Mapping[str, Any]) -> None:
    """Of a family that cannot be used, because another distribution brings it, nothing else can be checked."""
    try:
        family = FAMILIES.get(data["family"])
    except UserError as error:
        checker.report(("family",), error.what, error.do)
        return
    data["recipe"] = checker.of_kind(family.Recipe, _with(data.get("recipe", {}), override), ("recipe",))
    _check_weights(checker, data, needed=family.uses_weights)


def _check_weights(checker: Checker, data: dict[str, Any], *, needed: bool) -> None:
    if "weights" in data:
        data["weights"] = weights_from(checker, data["weights"])
    if needed and "weights" not in data:
        do = "Name a package, a local folder or a hub checkpoint."
        checker.report((), f'the family "{data["family"]}" needs `weights:`', do)
    elif not needed and "weights" in data:
        checker.report(("weights",), f'the family "{data["family"]}" has no weights', at_key=True)


def _check_models(checker: Checker, models: Any, found: Suite | None, catalog: Catalog) -> None:
    """The names of models; where they stand by task, that every dataset has some and every task a dataset."""
    if not isinstance(models, Mapping):
        _check_names(checker, models, ("models",), catalog)
        return
    for task, names in models.items():
        if task not in TASKS.names():
            checker.report(("models", str(task)), TASKS.unknown(str(task)), at_key=True)
        _check_names(checker, names, ("models", str(task)), catalog)
    if found is None or checker.problems:
        return
    tasks = {name: catalog.dataset(name).task for name in found.datasets}
    for number, (name, task) in enumerate(tasks.items(), 1):
        if task not in models:
            checker.report(("datasets", str(number)), f'"{name}" is of {task}, for which `models:` names none')
    for task in models:
        if task not in tasks.values():
            checker.report(("models", str(task)), f"no dataset of this suite is of {task}", at_key=True)


def _check_names(checker: Checker, names: Any, path: tuple[str, ...], catalog: Catalog) -> None:
    section = path[0]
    known = catalog.section(section)
    for number, wanted in enumerate(names if isinstance(names, list) else [], 1):
        if isinstance(wanted, str) and wanted not in known:
            what = f'there is no {section[:-1]} card "{wanted}"{nearest(wanted, known)}'
            checker.report((*path, str(number)), what, f"`bench list {section}` shows all {len(known)}.")


def _check_overrides(checker: Checker, found: Suite, catalog: Catalog) -> None:
    """A change is held against the family's own recipe, at its own place in the suite."""
    for wanted, fields in found.override.items():
        path = ("override", wanted)
        if wanted not in found.every_model:
            checker.report(path, f'"{wanted}" is not among this suite\'s models', at_key=True)
            continue
        card = model_card(catalog, wanted)
        known = set(type(card.recipe).model_fields)
        for key in set(fields) - known:
            what = f'unknown key "{key}"{nearest(key, known)}. Known: {", ".join(sorted(known))}.'
            checker.report((*path, key), what, at_key=True)
        if set(fields) <= known:
            written = catalog.merged("models", wanted).data.get("recipe", {})
            checker.of_kind(type(card.recipe), _with(written, fields), path)
