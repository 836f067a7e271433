"""`bench gc`: what in the store nothing refers to any more, and its removal.

Referred to is what `cards.lock`, a tag or a run record names, what a card of the project needs offline, and what those
were made from. Left alone is whatever was written or used within a day: a build may be about to lock it.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from harness import records
from harness.annotate import out_of_fold
from harness.spec import model_card
from harness.workspace import Workspace
from registry import lock, store
from registry.atomic import PARTIAL
from registry.digest import canonical
from registry.fetching import origin
from registry.pipeline import cleancache
from registry.source import STORE
from registry.store import ABANDONED, SHORT

KINDS = (
    "leftovers",
    "Arrow copies",
    "versions",
    "audits",
    "measures",
    "cleaned rows",
    "out-of-fold predictions",
    "answers of servers",
    "vectors of texts",
    "source notes",
    "source files",
    "extracted files",
    "checkpoints",
)
"""In the order of removal: what depends on other things goes before them."""


class Garbage(NamedTuple):
    """One file or folder that can go. `size` in bytes."""

    kind: str
    path: Path
    size: int


class References(NamedTuple):
    """What must stay."""

    versions: frozenset[str]
    """The first digits of content digests."""
    origins: frozenset[str]
    """Where sources of present cards and lock entries come from, as canonical JSON."""
    files: frozenset[str]
    """sha256 of source files."""
    checkpoints: frozenset[str]
    """Folders of the hub's checkpoints."""


def garbage(workspace: Workspace) -> list[Garbage]:
    """Everything that can go, in the order of removal. UserError where a card or a record cannot be read."""
    kept = _references(workspace)
    home, young = workspace.home, time.time() - ABANDONED
    found = [
        *(("leftovers", path) for path in _leftovers(home)),
        *(("Arrow copies", path) for path in _versions(home / "arrow", kept)),
        *(("versions", path) for path in _versions(home / "versions", kept)),
        *(("audits", path) for path in _found_in(home / "audits", kept)),
        *(("measures", path) for path in _found_in(home / "cache" / "quality", kept)),
        *(("cleaned rows", path) for path in sorted((home / cleancache.FOLDER).glob("*"))),
        *(("out-of-fold predictions", path) for path in sorted((home / out_of_fold.FOLDER).glob("*.npy"))),
        *(("answers of servers", path) for path in sorted((home / "answers").glob("*.json"))),
        *(("vectors of texts", path) for path in sorted((home / "answers").glob("*/*.npy"))),
        *_sources(home, kept),
        *(
            ("checkpoints", path)
            for path in sorted((home / "hub").glob("models--*"))
            if path.name not in kept.checkpoints
        ),
    ]
    return [Garbage(kind, path, _size(path)) for kind, path in found if path.lstat().st_mtime < young]


def remove(found: Iterable[Garbage], workspace: Workspace) -> int:
    """Remove what is still old, and return how many went. Killed at any moment, it leaves nothing half there.

    Each thing leaves its place in one step; the staging folder that it goes to is nobody's after a day.
    """
    young, count = time.time() - ABANDONED, 0
    with store.staging(workspace.home) as away:
        for number, one in enumerate(found):
            # What is gone meanwhile went as meant: opening the staging folder clears it of leftovers.
            with suppress(FileNotFoundError):
                if one.path.lstat().st_mtime >= young:
                    continue
                one.path.rename(away / str(number))
            count += 1
    return count


def _references(workspace: Workspace) -> References:
    project = workspace.catalog.project
    locks = list(lock.locks(project))
    locked = [source for one in locks for entry in one.cards.values() for source in entry.sources.values()]
    history = records.history(workspace.home, ("version", "identity"))
    needed = _of_cards(workspace)
    origins = needed.origins | {canonical(source.origin) for source in locked}
    texts = [*origins, *map(lock.as_text, locks), *history["version"], *history["identity"]]
    mentioned = {digits[:SHORT] for text in texts for digits in re.findall(r"[0-9a-f]{12,64}", text)}
    files = {sha256 for source in locked for sha256 in source.files.values()} | needed.files
    for version in store.all_versions(workspace.home):
        if version.digest[:SHORT] in mentioned:
            files |= {sha256 for facts in version.manifest["sources"].values() for sha256 in facts["files"].values()}
    return References(frozenset(mentioned), origins, frozenset(files), needed.checkpoints)


def _of_cards(workspace: Workspace) -> References:
    """What every dataset and model of the project names itself."""
    catalog = workspace.catalog
    specs = [spec for name in catalog.section("datasets") for spec in catalog.dataset(name).sources.values()]
    found = [model_card(catalog, name).weights for name in catalog.section("models")]
    weights = [one for one in found if one is not None]
    origins = [origin(spec.origin_kind, spec.origin) for spec in specs]
    origins += [origin("package", one.package) for one in weights if one.package]
    pins = [*(spec.sha256 for spec in specs), *(one.sha256 for one in weights)]
    return References(
        versions=frozenset(),
        origins=frozenset(map(canonical, origins)),
        files=frozenset(sha256 for sha256 in pins if sha256),
        checkpoints=frozenset(f"models--{one.hub.repo.replace('/', '--')}" for one in weights if one.hub),
    )


def _versions(folder: Path, kept: References) -> Iterator[Path]:
    """Folders called `<digest>-<build key>` of versions that nothing refers to."""
    yield from (path for path in sorted(folder.glob("*/*-*")) if path.name.partition("-")[0] not in kept.versions)


def _found_in(folder: Path, kept: References) -> Iterator[Path]:
    """Results called `<digest>-<question>.json` of versions that nothing refers to."""
    yield from (path for path in sorted(folder.glob("*-*.json")) if path.name[:SHORT] not in kept.versions)


def _leftovers(home: Path) -> Iterator[Path]:
    """What only a killed process leaves behind."""
    yield from sorted((home / "staging").glob("*"))
    yield from sorted(path for path in home.rglob(f"{PARTIAL}*") if "staging" not in path.relative_to(home).parts)


def _sources(home: Path, kept: References) -> Iterator[tuple[str, Path]]:
    """Notes, files and extracted members; a file stays while a note that stays leads to it."""
    files = set(kept.files)
    for note in sorted((home / STORE / "index").glob("*.json")):
        told, stored = _note(note)
        if told in kept.origins or stored & kept.files:
            files |= stored
        else:
            yield "source notes", note
    for path in sorted((home / STORE).glob("[0-9a-f]" * 64)):
        if path.name not in files:
            yield "source files", path
    folders = {path.name: path for path in sorted((home / "extracted").glob("[0-9a-f]" * 64))}
    waiting, reached = list(files & set(folders)), set[str]()
    while waiting:  # archives inside archives
        reached.add(name := waiting.pop())
        waiting += [path.name for path in folders[name].iterdir() if path.name in set(folders) - reached]
    yield from (("extracted files", path) for name, path in folders.items() if name not in reached)


class _Note(NamedTuple):
    """What a note tells: an origin as canonical JSON, and the names of its files in the store."""

    origin: str
    files: set[str]


def _note(path: Path) -> _Note:
    """One that is damaged tells nothing, and asking its origin again makes a new one."""
    try:
        body = json.loads(path.read_bytes())
        return _Note(canonical(body["origin"]), {str(sha256) for _, *both in body["files"] for sha256 in both})
    except (OSError, ValueError, KeyError, TypeError):
        return _Note("", set())


def _size(path: Path) -> int:
    """Bytes that go with it. A file of several names counts once here, and what a name elsewhere holds not at all."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    states = {(state.st_dev, state.st_ino): state for state in (file.lstat() for file in files)}
    return sum(state.st_size for state in states.values())
