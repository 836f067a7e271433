"""`bench card check`: every card of a project, every mistake at once, no data read."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from harness.spec import model_card, suite
from harness.suites import section_of
from harness.workspace import Workspace
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.errors import CardProblems, Problem, nearest, plural
from registry.kinds import TASKS
from registry.project import SECTIONS, shipped


@dataclass(frozen=True)
class Checked:
    """What a check found. `notices` are worth saying and are no mistakes."""

    cards: int
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]

    def text(self) -> str:
        if self.problems:
            return str(CardProblems(self.problems, self.cards))
        return f"{plural(self.cards, 'card')} checked, no problems."

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(problem) for problem in self.problems]


def check_cards(catalog: Catalog, names: tuple[str, ...]) -> Checked:
    """Check the named cards, or all of them."""
    workspace = Workspace(catalog)
    if names:
        wanted = [(section_of(name, workspace), name) for name in names]
    else:
        wanted = [(section, name) for section in SECTIONS for name in catalog.section(section)]
    found = sorted({problem for section, name in wanted for problem in _problems(catalog, section, name)})
    return Checked(len(wanted), tuple(found), tuple(_shadows(catalog)))


def _problems(catalog: Catalog, section: str, name: str) -> Iterator[Problem]:
    try:
        if section == "datasets":
            card = catalog.dataset(name)
            yield from _anchors(catalog, card)
            yield from _guidelines(catalog, card)
        elif section == "models":
            model_card(catalog, name)
        else:
            suite(catalog, name)
    except CardProblems as problems:
        yield from problems.problems


def _anchors(catalog: Catalog, card: DatasetCard) -> Iterator[Problem]:
    """Anchors name models, which only this side of the house knows, and metrics that the card reports."""
    source = catalog.merged("datasets", card.name).source
    metrics = card.metrics or TASKS.get(card.task).default_metrics
    for number, anchor in enumerate(card.anchors, 1):
        if anchor.model not in catalog.models:
            what = f'there is no model card "{anchor.model}"{nearest(anchor.model, catalog.models)}'
            yield source.problem(("anchors", str(number), "model"), what)
        if anchor.metric not in metrics:
            what = f'the card does not report "{anchor.metric}"{nearest(anchor.metric, metrics)}'
            yield source.problem(("anchors", str(number), "metric"), what, f"It reports: {', '.join(metrics)}.")


def _guidelines(catalog: Catalog, card: DatasetCard) -> Iterator[Problem]:
    """A guideline that a card points to is there to be read."""
    wanted = card.annotation.guidelines if card.annotation else None
    root = shipped() if catalog.file("datasets", card.name).shipped else catalog.project.root
    if wanted and not (root / wanted).is_file():
        source = catalog.merged("datasets", card.name).source
        yield source.problem(("annotation", "guidelines"), f'there is no file "{wanted}" in the project')


def _shadows(catalog: Catalog) -> Iterator[str]:
    for section in SECTIONS:
        for file in catalog.section(section).values():
            if file.shadows:
                yield f'{file.shown_as} takes the place of the shipped card "{file.name}"'
