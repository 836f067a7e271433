"""`bench list`: cards, runs, and everything that a card can name."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import yaml

from harness import kinds as harness_kinds
from harness.workspace import Workspace
from registry import kinds
from registry.errors import UserError, nearest
from registry.kinds import Kinds

KINDS: dict[str, Kinds] = {
    "sources": kinds.SOURCES,
    "formats": kinds.READERS,
    "ops": kinds.OPS,
    "splits": kinds.SPLITS,
    "tasks": kinds.TASKS,
    "families": harness_kinds.FAMILIES,
    "metrics": harness_kinds.METRICS,
}


class Row(NamedTuple):
    """One line: a name and what it is."""

    name: str
    summary: str


def listed(what: str, workspace: Workspace) -> list[Row]:
    """The rows of one list. UserError with the nearest word when there is no such list."""
    lists: dict[str, Callable[[], Iterator[Row]]] = {
        "cards": lambda: _cards(workspace, ("datasets", "models", "suites")),
        "datasets": lambda: _cards(workspace, ("datasets",)),
        "models": lambda: _cards(workspace, ("models",)),
        "suites": lambda: _cards(workspace, ("suites",)),
        "runs": lambda: _runs(workspace),
        **{name: partial(_members, found) for name, found in KINDS.items()},
    }
    if what not in lists:
        raise UserError(f'there is no list "{what}"{nearest(what, lists)}', do=f"Lists: {', '.join(lists)}.")
    return list(lists[what]())


def _cards(workspace: Workspace, sections: tuple[str, ...]) -> Iterator[Row]:
    """Titles as written; a card that does not parse is listed as such, since `bench card check` says why."""
    for section in sections:
        for name, file in workspace.catalog.section(section).items():
            try:
                data = yaml.load(file.path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            except (yaml.YAMLError, OSError, UnicodeDecodeError):
                data = None
            title = data.get("title", "") if isinstance(data, dict) else "cannot be read; see `bench card check`"
            kind = f"{file.path.parent.name} dataset" if section == "datasets" else section[:-1]
            shadows = " (takes the place of a shipped card)" if file.shadows else ""
            yield Row(name, f"{kind:<16}  {title}{shadows}")


def _members(found: Kinds) -> Iterator[Row]:
    for name in found.names():
        documentation = found.module_doc(name)
        yield Row(name, documentation.strip().splitlines()[0] if documentation else "")


def _runs(workspace: Workspace) -> Iterator[Row]:
    from harness import records

    for record in records.history(workspace.home).sort("started").iter_rows(named=True):
        headline = next((f"{m['metric']} {m['value']:.3f}" for m in record["metrics"] if m["value"] is not None), record["reason"])
        summary = f"{record['started']}  {record['status']:<6}  {record['train']}  {record['model']}  seed {record['seed']}  {headline}"
        yield Row(record["run_id"], summary)
