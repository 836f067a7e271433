"""`cards.lock`: what each card was built from and what came out, so that a build elsewhere can be verified.

One JSON object per card, sorted, so that versions of the file merge well. It belongs under version control.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import ValidationError

from registry.atomic import write_text
from registry.card import DatasetCard
from registry.errors import GateError, UserError
from registry.fetching import origin
from registry.frozen import Frozen
from registry.project import Project, shipped
from registry.source import Pin

GUARD = ".cards.lock.guard"


class LockedSource(Frozen):
    """Where a source came from, as the card wrote it, and what was fetched: sha256 by file name, and the commit."""

    origin: dict[str, Any]
    files: dict[str, str]
    revision: str = ""


class Locked(Frozen):
    """One card's entry."""

    build_key: str
    content_digest: str
    sources: dict[str, LockedSource]
    libraries: dict[str, str]


def entry(project: Project, card: str) -> Locked | None:
    """The project's entry for a card, else the one that ships with it."""
    for folder in (project.root, shipped()):
        found = _read(folder / "cards.lock").get(card)
        if found is not None:
            return found
    return None


def contradicts(locked: Locked | None, now: Locked) -> bool:
    """Whether equal inputs gave other rows than the lock says."""
    return locked is not None and locked.build_key == now.build_key and locked.content_digest != now.content_digest


def verify(locked: Locked | None, now: Locked, card: str) -> None:
    """GateError where the lock is contradicted, with what may be the reason."""
    if locked is None or not contradicts(locked, now):
        return
    differing = [
        f"{name} {locked.libraries.get(name, 'none')} -> {now.libraries.get(name, 'none')}"
        for name in sorted({*locked.libraries, *now.libraries})
        if locked.libraries.get(name) != now.libraries.get(name)
    ]
    why = (
        "Libraries differ: " + ", ".join(differing) if differing else "Libraries are equal: this is a determinism bug."
    )
    what = (
        f"{card}: the same sources and card gave other rows than cards.lock records\n"
        f"  locked {locked.content_digest[:12]}, built {now.content_digest[:12]}"
    )
    raise GateError(what, do=f"{why} Install the locked versions, or remove the card's entry to accept the new rows.")


def pins(card: DatasetCard, locked: Locked | None) -> dict[str, Pin]:
    """What each remote source must still be; none for a source that the card writes otherwise than when locked.

    Files of the project may be edited: a build records them anew.
    """
    known = locked.sources if locked else {}
    return {
        name: Pin(known[name].files, known[name].revision)
        for name, spec in card.sources.items()
        if name in known and not spec.origin.live and known[name].origin == origin(spec.origin_kind, spec.origin)
    }


def source_changes(locked: Locked | None, now: Locked) -> tuple[str, ...]:
    """One line for each source whose bytes are not the locked ones."""
    if locked is None:
        return ()
    both = sorted(set(locked.sources) & set(now.sources))
    pairs = {name: [set(side.sources[name].files.values()) for side in (locked, now)] for name in both}
    return tuple(
        f"source {name} changed: {_shown(before - after)} -> {_shown(after - before)}; "
        "cards.lock now records the new version"
        for name, (before, after) in pairs.items()
        if before != after
    )


def _shown(digests: set[str]) -> str:
    first = f"{min(digests)[:8]}..." if digests else "none"
    return f"{first} and {len(digests) - 1} more" if len(digests) > 1 else first


def record(project: Project, card: str, now: Locked) -> bool:
    """Write the entry where it is new or different; True when the file changed."""
    if entry(project, card) == now or _same_rows(entry(project, card), now):
        return False
    try:
        # Beside the file it guards: two stores may serve one project.
        with FileLock(project.root / GUARD):
            entries = dict(_read(project.lock))
            entries[card] = now
            body: dict[str, Any] = {name: entries[name].model_dump(exclude_defaults=True) for name in sorted(entries)}
            write_text(project.lock, json.dumps({"cards": body}, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise UserError(
            what, where=str(project.lock), do="The version is built; mend that and build again to lock it."
        ) from error
    return True


def _same_rows(locked: Locked | None, now: Locked) -> bool:
    """Equal but for library versions: nothing worth a change under version control."""
    return locked is not None and (locked.build_key, locked.content_digest, locked.sources) == (
        now.build_key,
        now.content_digest,
        now.sources,
    )


def _read(path: Path) -> Mapping[str, Locked]:
    """All entries of a lock file; one that is not there has none."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return {}
    return _entries(path, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _entries(path: Path, state: tuple[int, int, int]) -> Mapping[str, Locked]:  # noqa: ARG001 - what is remembered
    """The entries of a file in one state: plans ask for every card, and should read it once."""
    try:
        text = path.read_text(encoding="utf-8")
        cards = json.loads(text)["cards"] if text.strip() else {}
        return {name: Locked.model_validate(value) for name, value in cards.items()}
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        do = "Restore it from version control; if it holds merge markers, keep either side and build again."
        raise UserError(f"is not a lock file: {str(error).splitlines()[0]}", where=str(path), do=do) from error
