"""From what a user typed to suites: a suite card, or one board for the datasets that were named.

Owns board names, and that the last question about bare datasets is remembered.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import ValidationError

from harness.kinds import TASKS
from harness.spec import Limits, Suite, suite
from harness.workspace import Workspace
from registry.atomic import write_text
from registry.digest import digest
from registry.errors import UserError, nearest, plural

DEFAULT = "quickstart"
CUSTOM = "-custom"
"""Ends the name of a board whose question differs from the one that its name stands for."""


class Wish(NamedTuple):
    """What was typed besides names. Empty or None where nothing was."""

    models: tuple[str, ...] = ()
    seeds: int | None = None
    limits: Limits = Limits()

    @property
    def given(self) -> bool:
        return bool(self.models or self.seeds or str(self.limits))


def section_of(name: str, workspace: Workspace) -> str:
    """Which section a card is in. UserError with the nearest name when it is in none."""
    sections = ("suites", "datasets", "models")
    for section in sections:
        if name in workspace.catalog.section(section):
            return section
    known = [other for section in sections for other in workspace.catalog.section(section)]
    raise UserError(f'there is no card "{name}"{nearest(name, known)}.', do="`bench list` shows them.")


def questions(names: Sequence[str] | None, wish: Wish, workspace: Workspace) -> list[Suite]:
    """The suites that were named, and one board for all the datasets that were named."""
    wanted = tuple(dict.fromkeys(names or (DEFAULT,)))
    for model in wish.models:
        workspace.catalog.file("models", model)
    sections = {name: section_of(name, workspace) for name in wanted}
    wrong = [name for name, section in sections.items() if section == "models"]
    if wrong:
        raise UserError(f'"{wrong[0]}" is a model card', do=f"Name a dataset and use `--models {','.join(wrong)}`.")
    found = [
        _changed(suite(workspace.catalog, name), wish) for name, section in sections.items() if section == "suites"
    ]
    datasets = tuple(name for name, section in sections.items() if section == "datasets")
    return [*found, _bare(datasets, wish, workspace)] if datasets else found


def bare(datasets: tuple[str, ...], wish: Wish, workspace: Workspace) -> Suite:
    """The board of datasets without a suite: the task's default models where none are named."""
    cards = [workspace.catalog.dataset(name) for name in datasets]
    defaults = {card.task: TASKS.get(card.task).default_models for card in cards}
    return Suite(
        name=_board_name(datasets),
        title=cards[0].title if len(cards) == 1 else ", ".join(datasets),
        datasets=datasets,
        models=tuple(dict.fromkeys(wish.models)) or (defaults if len(defaults) > 1 else defaults[cards[0].task]),
        seeds=tuple(range(1, (wish.seeds or 1) + 1)),
        limits=wish.limits,
    )


def remember(one: Suite, workspace: Workspace) -> None:
    """Keep the question of a board that no suite card defines, so that the next one without options is the same."""
    if one.name not in workspace.catalog.suites and not one.name.endswith(CUSTOM):
        path = workspace.home / "boards" / f"{one.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, one.model_dump_json(indent=1) + "\n")


def remembered(datasets: tuple[str, ...], workspace: Workspace) -> Suite | None:
    """The last question that was run about these datasets, if its models are still there."""
    path = workspace.home / "boards" / f"{_board_name(datasets)}.json"
    if not path.exists():
        return None
    try:
        last = Suite.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, ValidationError) as error:
        raise UserError("the remembered board is damaged", where=str(path), do="Remove that file.") from error
    known = last.datasets == datasets and set(last.every_model) <= set(workspace.catalog.models)
    return last if known else None


def custom(one: Suite) -> Suite:
    """The same question under a name of its own, so that it does not take the place of another board."""
    if one.name.endswith(CUSTOM):
        return one
    return one.model_copy(update={"name": f"{one.name}{CUSTOM}", "title": f"{one.title} (changed on the command line)"})


def datasets_of(names: Sequence[str] | None, workspace: Workspace) -> list[str]:
    """Every dataset that a run of these names needs, each once."""
    found = dict[str, None]()
    for name in names or (DEFAULT,):
        section = section_of(name, workspace)
        if section == "suites":
            found |= dict.fromkeys(suite(workspace.catalog, name).datasets)
        elif section == "datasets":
            found[name] = None
    return list(found)


def expanded(names: Sequence[str] | None, workspace: Workspace) -> list[tuple[str, str]]:
    """(section, name) of every dataset and model that a run of these names needs, each once."""
    found: list[tuple[str, str]] = []
    for name in names or (DEFAULT,):
        section = section_of(name, workspace)
        if section == "models":
            found.append((section, name))
            continue
        opened = suite(workspace.catalog, name) if section == "suites" else bare((name,), Wish(), workspace)
        found += [("datasets", dataset) for dataset in opened.datasets]
        found += [("models", model) for model in opened.every_model]
    return list(dict.fromkeys(found))


def _board_name(datasets: tuple[str, ...]) -> str:
    """The dataset's name; for several their names, told apart from any other list by a digest."""
    if len(datasets) == 1:
        return datasets[0]
    return f"{'-'.join(datasets)[:48].rstrip('-')}-{digest(list(datasets))[:8]}"


def _bare(datasets: tuple[str, ...], wish: Wish, workspace: Workspace) -> Suite:
    last = None if wish.given else remembered(datasets, workspace)
    if last is None:
        return bare(datasets, wish, workspace)
    limit = last.limits.told
    told = f"{', '.join(last.every_model)}; {plural(len(last.seeds), 'seed')}{f', {limit}' if limit else ''}"
    workspace.progress.say(f"{last.name}: as last time, {told}")
    return last


def _changed(one: Suite, wish: Wish) -> Suite:
    """A suite with what was typed; the board then has a name of its own."""
    if not wish.given:
        return one
    models = wish.models or one.models
    return custom(one).model_copy(
        update={
            "models": models,
            "override": {name: one.override[name] for name in one.override if not wish.models or name in wish.models},
            "seeds": tuple(range(1, wish.seeds + 1)) if wish.seeds else one.seeds,
            "limits": wish.limits if str(wish.limits) else one.limits,
        }
    )
