"""What binds a card to `cards.lock`: the pins of its remote sources, and the refusal of whatever is not as locked."""

from collections.abc import Mapping

from registry.card import DatasetCard, SourceSpec
from registry.digest import digest
from registry.errors import GateError
from registry.fetching import annotations, fetch, origin
from registry.identity import identity
from registry.lock import Locked, LockedSource
from registry.source import FetchContext, Fetched, Pin, RawFile
from registry.versions import changes


def pins(card: DatasetCard, locked: Locked | None) -> dict[str, Pin]:
    """What each remote source must still be; none for a source that the card writes otherwise than when locked.

    Files of the project may be edited: a build records them anew.
    """
    known = {name: _pinned(name, spec, locked) for name, spec in card.sources.items() if not spec.origin.live}
    return {name: Pin(found.files, found.revision) for name, found in known.items() if found}


def refuse_unlocked(card: DatasetCard, context: FetchContext, locked: Locked | None) -> None:
    """GateError with every difference between a card and its entry. Asks no remote source: their pins hold later."""
    do = f"To accept that, build without --locked; `bench build {card.name} --update` also asks remote sources anew."
    if locked is None:
        raise GateError(f"{card.name} has no entry in cards.lock", do=do)
    raw = {name: _as_locked(name, spec, context, locked) for name, spec in card.inputs.items()}
    raw |= annotations(context)
    identified = identity(card, raw)
    sources = locked_sources(card, raw)
    now = {"build_key": digest(identified), "parts": changes.parts(identified), "sources": sources}
    since = changes.since(locked, locked.model_copy(update=now), identified, card.name, context.home)
    found = [change.text for change in since]
    if not found and now["build_key"] != locked.build_key:
        found = [f"build key {locked.build_key[:12]} -> {digest(identified)[:12]}"]
    if found:
        raise GateError("\n  ".join([f"{card.name} is not as cards.lock has it:", *found]), do=do)


def locked_sources(card: DatasetCard, raw: Mapping[str, Fetched]) -> dict[str, LockedSource]:
    """What the lock says of the sources of a card, as the card names them now."""
    return {
        name: LockedSource(
            origin=origin(spec.origin_kind, spec.origin),
            files={file.name: file.sha256 for file in raw[name].files},
            revision=raw[name].revision,
        )
        for name, spec in card.inputs.items()
    }


def _pinned(name: str, spec: SourceSpec, locked: Locked | None) -> LockedSource | None:
    """What the lock says of a source that comes from where it came from then."""
    found = locked.sources.get(name) if locked else None
    return found if found and found.origin == origin(spec.origin_kind, spec.origin) else None


def _as_locked(name: str, spec: SourceSpec, context: FetchContext, locked: Locked) -> Fetched:
    """The files of a source: those of the project as they are, those of a remote origin as they are pinned."""
    if spec.origin.live:
        return fetch(spec.origin_kind, spec.origin, context)
    pinned = _pinned(name, spec, locked) or LockedSource(origin={}, files={})
    files = (RawFile(file, context.store, sha256) for file, sha256 in pinned.files.items())
    return Fetched(tuple(files), pinned.revision)
