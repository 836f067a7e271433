"""`cards.lock`: what each card was built from and what came out, so that a build elsewhere can be verified.

One JSON object per card, sorted, so that versions of the file merge well. It belongs under version control.
What a card's author called a version (`bench tag`) stands beside the cards.
`registry.versions.changes` compares entries.
"""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from filelock import FileLock
from pydantic import Field, ValidationError

from registry.atomic import write_text
from registry.errors import GateError, UserError
from registry.frozen import Frozen
from registry.project import Project, shipped

GUARD = ".cards.lock.guard"
Digest = Annotated[str, Field(pattern="^[0-9a-f]+$")]
"""It becomes part of the names that are looked for in the store."""


class LockedSource(Frozen):
    """Where a source came from, as the card wrote it, and what was fetched: sha256 by file name, and the commit."""

    origin: dict[str, Any]
    files: dict[str, str]
    revision: str = ""


class Locked(Frozen):
    """One card's entry. `parts` has a digest for each part of the identity: it tells what changed since."""

    build_key: Digest
    content_digest: Digest
    sources: dict[str, LockedSource]
    libraries: dict[str, str]
    parts: dict[str, str] = {}


class Lock(Frozen):
    """The whole file: entries by card, and by card the digests that have a name."""

    cards: dict[str, Locked]
    tags: dict[str, dict[str, Digest]] = {}


def entry(project: Project, card: str) -> Locked | None:
    """The project's entry for a card, else the one that ships with it."""
    return next((lock.cards[card] for lock in locks(project) if card in lock.cards), None)


def tags(project: Project, card: str) -> dict[str, str]:
    """The digest of each tag of a card; the project's own tags go before those that ship with the card."""
    own, packed = (lock.tags.get(card, {}) for lock in locks(project))
    return {**packed, **own}


def locks(project: Project) -> Iterator[Lock]:
    """The project's lock, then the one that ships with the package."""
    for folder in (project.root, shipped()):
        yield _read(folder / "cards.lock")


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
    do = f"{why} Install the locked versions, or accept the new rows with `bench build {card} --update`."
    raise GateError(what, do=do)


def record(project: Project, card: str, now: Locked) -> bool:
    """Write the entry where it is new or different; True when the file changed."""
    if entry(project, card) == now or _same_rows(entry(project, card), now):
        return False
    write(project, lambda lock: lock.model_copy(update={"cards": {**lock.cards, card: now}}))
    return True


def write(project: Project, change: Callable[[Lock], Lock]) -> None:
    """Replace the project's lock by what `change` makes of it, while no other process does."""
    try:
        # Beside the file it guards: two stores may serve one project.
        with FileLock(project.root / GUARD):
            write_text(project.lock, as_text(change(_read(project.lock))))
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        do = "What was built is in the store; mend that and run the same command again."
        raise UserError(what, where=str(project.lock), do=do) from error


def as_text(lock: Lock) -> str:
    """The file: a line for each fact, in an order that depends on nothing but the names."""
    cards = {name: found.model_dump(exclude_defaults=True) for name, found in lock.cards.items()}
    named = {card: names for card, names in lock.tags.items() if names}
    body = {"cards": cards, "tags": named} if named else {"cards": cards}
    return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _same_rows(locked: Locked | None, now: Locked) -> bool:
    """Equal but for library versions: nothing worth a change under version control."""
    return locked is not None and (locked.build_key, locked.content_digest, locked.sources) == (
        now.build_key,
        now.content_digest,
        now.sources,
    )


def _read(path: Path) -> Lock:
    """A lock file; one that is not there has no entries."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return Lock(cards={})
    return _parsed(path, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _parsed(path: Path, state: tuple[int, int, int]) -> Lock:  # noqa: ARG001 - what is remembered
    """A file in one state: plans ask for every card, and should read it once."""
    try:
        text = path.read_text(encoding="utf-8")
        if text.strip():
            return Lock.model_validate(json.loads(text))
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    except (ValueError, ValidationError, RecursionError) as error:
        do = "Restore it from version control; where it holds merge markers, keep the entries of both sides."
        raise UserError(f"is not a lock file: {str(error).splitlines()[0]}", where=str(path), do=do) from error
    do = "Restore it from version control, or remove it to start without entries and tags."
    raise UserError("is empty, which no lock file is", where=str(path), do=do)
