"""`bench list` and `bench card search`: cards, runs, and everything that a card can name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from harness import kinds as harness_kinds
from harness.workspace import Workspace
from registry import kinds
from registry.errors import UserError, nearest, plural
from registry.index import Entry, entries
from registry.kinds import Kinds
from registry.project import SECTIONS
from registry.search import EVERY, Filters, check, chosen, search

KINDS: dict[str, Kinds] = {
    "sources": kinds.SOURCES,
    "formats": kinds.READERS,
    "ops": kinds.OPS,
    "splits": kinds.SPLITS,
    "tasks": kinds.TASKS,
    "audits": kinds.AUDITS,
    "measures": kinds.MEASURES,
    "aggregates": kinds.AGGREGATES,
    "tools": kinds.TOOLS,
    "families": harness_kinds.FAMILIES,
    "metrics": harness_kinds.METRICS,
}
CARDS = {"cards": SECTIONS, **{section: (section,) for section in SECTIONS}}
USES = {"research": "research only", "non-commercial": "non-commercial"}


class Row(NamedTuple):
    """One line: a name, the cells after it, and for programs its facts."""

    name: str
    cells: tuple[str, ...]
    facts: Callable[[], Mapping[str, Any]] = dict

    @property
    def summary(self) -> str:
        return "  ".join(cell for cell in self.cells if cell)


class Listing(NamedTuple):
    """`notice` says what a filter left out for want of knowledge; empty otherwise."""

    rows: list[Row]
    notice: str = ""


def listed(what: str, workspace: Workspace, filters: Filters = EVERY) -> Listing:
    """The rows of one list. UserError with the nearest word when there is no such list, or no such value."""
    others: dict[str, Callable[[], Iterator[Row]]] = {
        "runs": lambda: _runs(workspace),
        "tags": lambda: _tags(workspace),
        **{name: partial(_members, found) for name, found in KINDS.items()},
    }
    if what in CARDS:
        return _chosen(_entries(workspace, CARDS[what], filters), filters)
    if what not in others:
        lists = (*CARDS, *others)
        raise UserError(f'there is no list "{what}"{nearest(what, lists)}', do=f"Lists: {', '.join(lists)}.")
    if filters != EVERY:
        raise UserError(f"{what} cannot be filtered", do="Filters choose dataset cards: `bench list datasets`.")
    return Listing(list(others[what]()))


def searched(words: list[str], workspace: Workspace, filters: Filters = EVERY) -> Listing:
    """The cards of every section that hold all words, the best match first."""
    return _chosen(search(_entries(workspace, SECTIONS, filters), words), filters)


def _entries(workspace: Workspace, sections: Iterable[str], filters: Filters) -> list[Entry]:
    found = [entry for section in sections for entry in entries(workspace.catalog, section, workspace.progress)]
    check(found, filters)
    return found


def _chosen(cards: list[Entry], filters: Filters) -> Listing:
    kept, unsized = chosen(cards, filters)
    notice = f"{plural(unsized, 'card')} left out: rows are counted when a card is built" if unsized else ""
    return Listing([_card(entry) for entry in kept], notice)


def _card(entry: Entry) -> Row:
    section, file, facts, _, _ = entry
    kind, state = (facts.kind, _state(entry)) if section == "datasets" else (section[:-1], "")
    return Row(file.name, (kind, " ".join(facts.languages), state, _title(entry)), partial(_told, entry))


def _told(entry: Entry) -> dict[str, Any]:
    section, file, facts, locked, rows = entry
    told = {
        "section": section,
        "file": file.shown_as,
        "title": facts.title,
        "shadows": file.shadows,
        "readable": not facts.unreadable,
        "languages": facts.languages,
    }
    if section != "datasets":
        return told
    said = {key: getattr(facts, key) for key in ("kind", "domain", "task", "superseded_by", "deprecated")}
    spdx, use = facts.license
    built = {"locked": locked, "built": rows is not None, "rows": rows}
    return {**told, **said, "license": spdx, "use": use, **built}


def _state(entry: Entry) -> str:
    if entry.rows is not None:
        return f"{entry.rows:,} rows"
    return "not locked yet" if entry.facts.sources and not entry.locked else "not built"


def _title(entry: Entry) -> str:
    """The title as written, after what must not be overlooked; `bench card check` says why a card cannot be read."""
    facts = entry.facts
    if facts.unreadable:
        return "cannot be read; see `bench card check`"
    marks = (
        USES.get(facts.license[1], ""),
        "deprecated" if facts.deprecated else "",
        f"use {facts.superseded_by} instead" if facts.superseded_by else "",
        "takes the place of a shipped card" if entry.file.shadows else "",
    )
    shown = ", ".join(filter(None, marks))
    return f"({shown}) {facts.title}" if shown else facts.title


def _tags(workspace: Workspace) -> Iterator[Row]:
    from harness.inspect.tagging import all_tags

    for tag in all_tags(workspace):
        place = "" if tag.here else "not in this store"
        yield Row(f"{tag.card}@{tag.name}", (tag.digest[:12], place), tag._asdict)


def _members(found: Kinds) -> Iterator[Row]:
    for name in found.names():
        yield Row(name, (found.module_doc(name).strip().split("\n")[0],))


def _runs(workspace: Workspace) -> Iterator[Row]:
    from harness import records

    for record in records.history(workspace.home).sort("started").iter_rows(named=True):
        values = [f"{one['metric']} {one['value']:.3f}" for one in record["metrics"] if one["value"] is not None]
        data = record["train"] or f"{record['dataset']}@{record['version'][:12]}"
        outcome = values[0] if values else " ".join(record["reason"].split())
        place = records.place(record["seed"], record["repeat"], record["fold"])
        cells = (record["started"], record["status"], data, record["model"], place, outcome)
        facts = {key: value for key, value in record.items() if key not in ("facts", "identity", "libraries")}
        yield Row(record["run_id"], cells, partial(dict, facts))
