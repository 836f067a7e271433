"""Model cards, suites and run specs: what is asked for, typed and identified, before anything runs.

Owns a run's identity. Knows no family in particular: recipes are checked by the family's own type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from harness.kinds import FAMILIES
from harness.weights import WeightsSpec, weights_from
from registry.card import Language, Name
from registry.catalog import Catalog
from registry.checker import Checker
from registry.digest import digest
from registry.errors import CardProblems, nearest
from registry.frozen import Frozen, Text


class ModelCard(Frozen):
    """A checkpoint or a baseline with its recipe. `languages` empty means any."""

    name: Name
    title: Annotated[Text, Field(min_length=1)]
    family: str
    languages: tuple[Language, ...] = ()
    weights: WeightsSpec | None = None
    recipe: Any = None
    """A value of the family's own Recipe."""


class Limits(Frozen):
    """How many rows of the train split are used at most; the same rows for every model."""

    train: Annotated[int, Field(ge=1)] | None = None


class Suite(Frozen):
    """Which datasets x models x seeds. `override` changes recipe fields of a model inside this suite."""

    name: Name
    title: Annotated[Text, Field(min_length=1)]
    datasets: Annotated[tuple[Name, ...], Field(min_length=1)]
    models: Annotated[tuple[Name, ...], Field(min_length=1)]
    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], Field(min_length=1)] = (1,)
    limits: Limits = Limits()
    override: dict[Name, dict[str, Any]] = {}


@dataclass(frozen=True)
class RunSpec:
    """One cell of the matrix. Names are for people; `identity` is what the run id hashes."""

    dataset: str
    version: str
    model: str
    seed: int
    train_limit: int | None
    identity: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        return digest(self.identity)[:16]

    @property
    def train(self) -> str:
        """`card@digest`, with `:n` where only n rows are used."""
        limit = f":{self.train_limit}" if self.train_limit else ""
        return f"{self.dataset}@{self.version[:12]}{limit}"


def model_card(catalog: Catalog, name: str, override: Mapping[str, Any] | None = None) -> ModelCard:
    """The typed model card, its recipe with the suite's changes. CardProblems with every mistake in it."""
    merged = catalog.merged("models", name)
    inherited = frozenset(merged.data) - frozenset(merged.source.data)
    checker = Checker(merged.source, inherited)
    data = {key: value for key, value in merged.data.items() if key != "like" and value is not None}
    if name != data.get("name"):
        checker.report(("name",), f'the file is called "{name}.yaml"; name and file name must agree')
    family = data.get("family")
    if family is not None and family not in FAMILIES.names():
        checker.report(("family",), FAMILIES.unknown(str(family)))
    elif family is not None:
        written = data.get("recipe", {})
        recipe = {**written, **(override or {})} if isinstance(written, Mapping) else written
        data["recipe"] = checker.of_kind(FAMILIES.get(family).Recipe, recipe, ("recipe",))
        _check_weights(checker, data, needed=FAMILIES.get(family).uses_weights)
    card = checker.value(ModelCard, data, ())
    if card is None or checker.problems:
        raise CardProblems(checker.problems, 1)
    return card


def _check_weights(checker: Checker, data: dict[str, Any], *, needed: bool) -> None:
    if "weights" in data:
        data["weights"] = weights_from(checker, data["weights"])
    if needed and "weights" not in data:
        do = "Name a package, a local folder or a hub checkpoint."
        checker.report((), f'the family "{data["family"]}" needs `weights:`', do)
    elif not needed and "weights" in data:
        checker.report(("weights",), f'the family "{data["family"]}" has no weights', at_key=True)


def suite(catalog: Catalog, name: str) -> Suite:
    """The typed suite, every name in it known. CardProblems with every mistake in it."""
    merged = catalog.merged("suites", name)
    checker = Checker(merged.source, frozenset(merged.data) - frozenset(merged.source.data))
    data = {key: value for key, value in merged.data.items() if key != "like"}
    found = checker.value(Suite, data, ())
    if name != data.get("name"):
        checker.report(("name",), f'the file is called "{name}.yaml"; name and file name must agree')
    for section in ("datasets", "models"):
        known = catalog.section(section)
        names = data.get(section)
        for number, wanted in enumerate(names if isinstance(names, list) else [], 1):
            if wanted not in known:
                what = f'there is no {section[:-1]} card "{wanted}"{nearest(str(wanted), known)}'
                checker.report((section, str(number)), what, f"`bench list {section}` shows all {len(known)}.")
    for wanted in data.get("override") or {}:
        if found and wanted not in found.models:
            checker.report(("override", wanted), f'"{wanted}" is not among this suite\'s models', at_key=True)
    if found is None or checker.problems:
        raise CardProblems(checker.problems, 1)
    return found
