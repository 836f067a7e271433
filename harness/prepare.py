"""Everything a suite needs before its first run: datasets built, weights fetched."""

from collections.abc import Callable, Iterator
from typing import Any

from harness import weights
from harness.spec import model_card, suite
from harness.workspace import Workspace
from registry import build, rows
from registry.build import Built
from registry.errors import UserError, nearest, plural
from registry.manifest import SPLITS

DEFAULT = "quickstart"


def fetch_all(names: tuple[str, ...], workspace: Workspace) -> Iterator[str]:
    """Fetch sources and weights of datasets, models and suites; one line each when it is there."""
    for section, name in _expanded(names or (DEFAULT,), workspace):
        if section == "datasets":
            card = workspace.catalog.dataset(name)
            context = build.fetch_context(name, workspace.catalog, offline=False, progress=workspace.progress)
            files = {file.sha256 for found in rows.fetch(card, context).values() for file in found}
            yield f"{name}: {plural(len(files), 'file')} fetched and verified"
        else:
            spec = model_card(workspace.catalog, name).weights
            if spec is not None:
                weights.fetch(spec, workspace.weights_context(name, offline=False))
                yield f"{name}: weights fetched"


def build_all(names: tuple[str, ...], workspace: Workspace, told: Callable[[Built], None]) -> list[Built]:
    """Build datasets and the datasets of suites, in order; `told` hears of each as it is done."""
    built = []
    for section, name in _expanded(names or (DEFAULT,), workspace):
        if section == "datasets":
            built.append(build.build(name, workspace.catalog, offline=workspace.offline, progress=workspace.progress))
            told(built[-1])
    return built


def build_line(built: Built) -> str:
    """What people are told about a version."""
    manifest = built.published.manifest
    rows = {name: manifest["splits"][name]["rows"] for name in SPLITS}
    sizes = ", ".join(f"{name} {count:,}" for name, count in rows.items() if count)
    state = "built" if built.fresh else "unchanged"
    dropped = manifest["rows_read"] - manifest["rows_kept"]
    line = f"{built.card.name} {built.published.digest[:12]} {state}: {sizes}; {plural(dropped, 'row')} left out"
    return "\n".join([line, *(f"  warning: {notice}" for notice in built.notices)])


def built_as_json(built: Built) -> dict[str, Any]:
    """One element of `bench build --json`: the manifest, and what happened."""
    facts = {"fresh": built.fresh, "lock_changed": built.lock_changed, "warnings": list(built.notices)}
    return {**facts, "folder": str(built.published.folder), **built.published.manifest}


def _expanded(names: tuple[str, ...], workspace: Workspace) -> list[tuple[str, str]]:
    """(section, name) of every dataset and model meant, suites opened up, each once."""
    found: list[tuple[str, str]] = []
    for name in names:
        if name in workspace.catalog.suites:
            opened = suite(workspace.catalog, name)
            found += [("datasets", dataset) for dataset in opened.datasets]
            found += [("models", model) for model in opened.models]
        else:
            found.append((section_of(name, workspace), name))
    return list(dict.fromkeys(found))


def section_of(name: str, workspace: Workspace) -> str:
    """Which section a card is in. UserError with the nearest name when it is in none."""
    sections = ("suites", "datasets", "models")
    for section in sections:
        if name in workspace.catalog.section(section):
            return section
    known = [other for section in sections for other in workspace.catalog.section(section)]
    raise UserError(f'there is no card "{name}"{nearest(name, known)}.', do="`bench list` shows them.")
