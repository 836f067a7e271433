"""`bench list`: cards, runs, and everything that a card can name."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from harness import kinds as harness_kinds
from harness.workspace import Workspace
from registry import kinds
from registry.errors import UserError, nearest
from registry.frozen import as_written
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
    """One line: a name, what it is, and for programs its facts."""

    name: str
    summary: str
    facts: dict[str, Any]


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
                title = str(as_written(workspace.catalog.merged(section, name).data.get("title", "")))
            except UserError:
                title = "cannot be read; see `bench card check`"
            kind = f"{file.path.parent.name} dataset" if section == "datasets" else section[:-1]
            shadows = " (takes the place of a shipped card)" if file.shadows else ""
            facts = {"section": section, "file": file.shown_as, "title": title, "shadows": file.shadows}
            yield Row(name, f"{kind:<16}  {title}{shadows}", facts)


def _members(found: Kinds) -> Iterator[Row]:
    for name in found.names():
        yield Row(name, found.module_doc(name).strip().split("\n")[0], {})


def _runs(workspace: Workspace) -> Iterator[Row]:
    from harness import records

    for record in records.history(workspace.home).sort("started").iter_rows(named=True):
        values = [f"{one['metric']} {one['value']:.3f}" for one in record["metrics"] if one["value"] is not None]
        data = record["train"] or f"{record['dataset']}@{record['version'][:12]}"
        told = (record["started"], f"{record['status']:<6}", data, record["model"], f"seed {record['seed']}")
        facts = {key: value for key, value in record.items() if key not in ("facts", "identity", "libraries")}
        yield Row(
            record["run_id"], "  ".join([*told, values[0] if values else " ".join(record["reason"].split())]), facts
        )
