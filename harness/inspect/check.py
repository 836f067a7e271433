"""`bench card check`: every card of a project, every mistake at once: its structure, then its data on a sample."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.spec import model_card, suite
from harness.suites import section_of
from harness.workspace import Workspace
from registry.card import DatasetCard
from registry.catalog import SUFFIX, Catalog, walk
from registry.conformance import disagreements
from registry.errors import CardProblems, Problem, nearest, plural
from registry.kinds import TASKS
from registry.project import SECTIONS, shipped
from registry.yamlsource import YamlSource

ALMOST = (".yaml", ".yml")
"""How a card's file may end by mistake, in any letter case."""


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

    def as_json(self) -> dict[str, Any]:
        """The object that `schema/check.schema.json` describes."""
        problems = [asdict(problem) for problem in self.problems]
        return {"cards": self.cards, "problems": problems, "notices": list(self.notices)}

    def as_github(self, root: str) -> str:
        """Workflow commands, one a line, that GitHub shows beside the lines they are about.

        `root` is the way from the checkout to the project, since file names are relative to the project.
        """
        return "".join(_annotation(problem, root) for problem in self.problems)


def check_cards(catalog: Catalog, names: tuple[str, ...], *, data: bool = False) -> Checked:
    """Check the named cards, or all of them.

    `data`: look at the data too where it is at hand, but at that of shipped cards only when they are named. Opens no
    socket.
    """
    workspace = Workspace(catalog)
    if names:
        wanted = [(section_of(name, workspace), name) for name in names]
    else:
        wanted = [(section, name) for section in SECTIONS for name in catalog.section(section)]
    problems, notices = set[Problem](), [*_misnamed(catalog), *_shadows(catalog)]
    for section, name in wanted:
        found = tuple(_problems(catalog, section, name))
        if data and not found and section == "datasets" and (names or not catalog.datasets[name].shipped):
            found, told = _data(catalog, name)
            notices += told
        problems.update(found)
    return Checked(len(wanted), tuple(sorted(problems)), tuple(notices))


def _data(catalog: Catalog, name: str) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    from registry.datacheck import look

    seen = look(catalog.dataset(name), catalog)
    return seen.problems, seen.notices


def _problems(catalog: Catalog, section: str, name: str) -> Iterator[Problem]:
    try:
        card: object = _typed(catalog, section, name)
        source = catalog.merged(section, name).source
    except CardProblems as problems:
        yield from problems.problems
        return
    yield from disagreements(section, source)
    if isinstance(card, DatasetCard):
        yield from _anchors(catalog, card, source)
        yield from _guidelines(catalog, card, source)
        yield from _successor(catalog, card, source)
        yield from _origin(catalog, card, source)


def _typed(catalog: Catalog, section: str, name: str) -> object:
    if section == "datasets":
        return catalog.dataset(name)
    return model_card(catalog, name) if section == "models" else suite(catalog, name)


def _anchors(catalog: Catalog, card: DatasetCard, source: YamlSource) -> Iterator[Problem]:
    """Anchors name models, which only this side of the house knows, and metrics that the card reports."""
    metrics = card.metrics or TASKS.get(card.task).default_metrics
    for number, anchor in enumerate(card.anchors, 1):
        if anchor.model not in catalog.models:
            what = f'there is no model card "{anchor.model}"{nearest(anchor.model, catalog.models)}'
            yield source.problem(("anchors", str(number), "model"), what)
        if anchor.metric not in metrics:
            what = f'the card does not report "{anchor.metric}"{nearest(anchor.metric, metrics)}'
            yield source.problem(("anchors", str(number), "metric"), what, f"It reports: {', '.join(metrics)}.")


def _guidelines(catalog: Catalog, card: DatasetCard, source: YamlSource) -> Iterator[Problem]:
    """A guideline that a card points to is there to be read."""
    wanted = card.annotation.guidelines if card.annotation else None
    roots = (catalog.project.root, shipped()) if not catalog.file("datasets", card.name).shipped else (shipped(),)
    if wanted and not any((root / wanted).is_file() for root in roots):
        yield source.problem(("annotation", "guidelines"), f'there is no file "{wanted}" in the project')


def _successor(catalog: Catalog, card: DatasetCard, source: YamlSource) -> Iterator[Problem]:
    """A card that is superseded leads, in the end, to one that is not."""
    way, successor = [card.name], card.superseded_by
    while successor is not None and successor not in way:
        if successor not in catalog.datasets:
            if len(way) == 1:
                others = [name for name in catalog.datasets if name != card.name]
                what = f'there is no dataset card "{successor}"{nearest(successor, others)}'
                yield source.problem(("superseded_by",), what, "`bench list datasets` shows them.")
            return
        way.append(successor)
        successor = _successor_of(catalog, successor)
    if successor == card.name:
        what = f"is superseded by itself: {' -> '.join((*way, successor))}"
        yield source.problem(("superseded_by",), what, "Name the card to use instead.")


def _successor_of(catalog: Catalog, name: str) -> str | None:
    try:
        return catalog.dataset(name).superseded_by
    except CardProblems:
        return None  # that card's own problems are told as its own


def _origin(catalog: Catalog, card: DatasetCard, source: YamlSource) -> Iterator[Problem]:
    """A card that is made from versions of others is, in the end, not made from itself."""
    for reference in card.references.values():
        other = reference.origin.card
        if other not in catalog.datasets:
            near = nearest(other, [one for one in catalog.datasets if one != card.name])
            what = f'there is no dataset card "{other}" to compare with{near}'
            yield source.problem(("clean",), what, "`bench list datasets` shows them.")
    for name, above in _made_from(card).items():
        back = _way(catalog, above, card.name, ())
        if back:
            what = f"derives from itself: {' -> '.join((card.name, *back))}"
            place = ("sources", name, "version") if name in card.sources else ("clean",)
            yield source.problem(place, what, "Name a card that does not need this one.")


def _way(catalog: Catalog, start: str, end: str, seen: tuple[str, ...]) -> tuple[str, ...]:
    """The cards from one to another that it is made from; empty where there is no way."""
    if start == end:
        return (end,)
    if start in seen or start not in catalog.datasets:
        return ()
    try:
        above = _made_from(catalog.dataset(start)).values()
    except CardProblems:
        return ()  # that card's own problems are told as its own
    ways = (_way(catalog, one, end, (*seen, start)) for one in above)
    return next(((start, *way) for way in ways if way), ())


def _made_from(card: DatasetCard) -> dict[str, str]:
    """The other cards by the sources that take versions of them, and by the ops that compare with them."""
    return {name: spec.origin.card for name, spec in card.inputs.items() if spec.origin_kind == "version"}


def _shadows(catalog: Catalog) -> Iterator[str]:
    for section in SECTIONS:
        for file in catalog.section(section).values():
            if file.shadows:
                yield f'{file.shown_as} takes the place of the shipped card "{file.name}"'


def _misnamed(catalog: Catalog) -> Iterator[str]:
    for section in SECTIONS:
        for path in sorted(walk(catalog.project.root / "cards" / section)):
            if path.lower().endswith(ALMOST) and not path.endswith(SUFFIX):
                yield f"cards/{section}/{path} is not read: the names of cards end in {SUFFIX}"


def _annotation(problem: Problem, root: str) -> str:
    file = problem.file if problem.file.startswith("shipped:") else Path(root, problem.file).as_posix()
    message = "\n".join((problem.what, problem.do)).strip()
    place = f"file={_property(file)},line={problem.line},col={problem.column}"
    return f"::error {place},title={_property(' > '.join(problem.path) or 'card')}::{_escaped(message)}\n"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    """A message: one line, whatever a card's author wrote, so that no card can give a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
