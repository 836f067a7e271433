"""Sources to files on disk: fetched once, kept under their sha256, pinned by the card, else by the lock.

Owns the rule that a remote origin is asked once: then the store answers, offline too, until `--update`. Owns the
comparison with pins, and refuses files that are not the pinned ones. How an origin is asked is each source's own.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry.annotation import layers
from registry.atomic import write_text
from registry.card import DatasetCard, SourceSpec
from registry.digest import checked_pin, known_digest, stored
from registry.errors import GateError, UserError, clipped, plural, system_error
from registry.identity import part
from registry.source import CHANGED, FetchContext, Fetched, Pin, RawFile, Source

NO_PIN = Pin()


def fetch_all(card: DatasetCard, context: FetchContext) -> dict[str, Fetched]:
    """The files of every source of a card, of what its ops refer to, and of its annotations, verified."""
    return {**{name: fetch_named(name, spec, context) for name, spec in card.inputs.items()}, **annotations(context)}


def annotations(context: FetchContext) -> dict[str, Fetched]:
    """The layers of imported annotations that a card has, under `layers.INPUT`; nothing where it has none."""
    found = layers.files(context.layers) if context.layers else ()
    files = tuple(RawFile(path.name, path, known_digest(path)) for path in found)
    return {layers.INPUT: Fetched(files)} if files else {}


def fetch(kind: str, source: Source, context: FetchContext, pin: Pin = NO_PIN) -> Fetched:
    """The files of a source, from the store where they are there. GateError where they are not the pinned ones."""
    pin = pin._replace(files={name: checked_pin(sha256) for name, sha256 in pin.files.items()})
    asked = origin(kind, source)
    try:
        if source.live:
            fetched = source.fetch(context, pin)
        else:
            fetched = _kept(source, asked, context, pin) or _asked(source, context, pin)
        _hold(fetched, pin, source)
        if not source.live and not context.offline:
            remember(asked, fetched, context)
    except OSError as error:
        raise system_error(error, f"storing {source.describe()}", context.store) from None
    return fetched


def origin(kind: str, source: Any) -> dict[str, Any]:
    """Where a source comes from, as a card would write it; fields at their default are left out."""
    return {kind: part(source)}


def fetch_named(name: str, spec: SourceSpec, context: FetchContext) -> Fetched:
    """The files of one source of a card, verified."""
    locked = NO_PIN if context.update else context.pins.get(name, NO_PIN)
    pin = locked._replace(files={"": spec.sha256}) if spec.sha256 else locked
    return fetch(spec.origin_kind, spec.origin, context, pin)


def _asked(source: Source, context: FetchContext, pin: Pin) -> Fetched:
    if context.offline:
        what = "is not in the store, or damaged there, and may not be fetched offline"
        raise UserError(what, where=source.describe(), do="Run `bench fetch` online first.")
    return source.fetch(context, pin)


def _kept(source: Source, asked: Mapping[str, Any], context: FetchContext, pin: Pin) -> Fetched | None:
    """What the store has of it, whole and as pinned."""
    known = None if context.update else remembered(asked, context)
    if known and not _objection(known, pin):
        return known
    name = source.file_name
    if not pin.files or ("" in pin.files and name is None):
        return None
    names = {given or str(name): sha256 for given, sha256 in pin.files.items()}
    files = tuple(RawFile(given, context.store / sha256, sha256) for given, sha256 in sorted(names.items()))
    pinned = Fetched(files, pin.revision)
    return pinned if _whole(pinned) else None


def _whole(fetched: Fetched) -> bool:
    return all(stored(file.path, file.path.name) for file in fetched.files)


def _hold(fetched: Fetched, pin: Pin, source: Source) -> None:
    objection = _objection(fetched, pin)
    if objection:
        raise GateError(objection, where=source.describe(), do=CHANGED)


def _objection(fetched: Fetched, pin: Pin) -> str:
    """Why these files are not the pinned ones; empty where they are."""
    found = {file.name: file.sha256 for file in fetched.files}
    if pin.revision and fetched.revision and pin.revision != fetched.revision:
        return f"the commit differs: expected {pin.revision}, got {fetched.revision}"
    if "" in pin.files and len(found) != 1:
        return f"sha256 pins one file, but there are {plural(len(found), 'file')}"
    expected = dict.fromkeys(found, pin.files[""]) if "" in pin.files else pin.files
    for name, sha256 in sorted(expected.items()):
        if found.get(name) != sha256:
            return f"sha256 of {clipped(name)} differs: expected {sha256}, got {found.get(name, 'no such file')}"
    new = sorted(set(found) - set(expected)) if expected else []
    return f"has files that are not pinned: {clipped(', '.join(new))}" if new else ""


def remember(asked: Mapping[str, Any], fetched: Fetched, context: FetchContext) -> None:
    """Note in the store what was asked for and which files that gave."""
    note = _note(asked, context)
    files = [[file.name, file.sha256, file.path.name] for file in fetched.files]
    text = json.dumps({"origin": asked, "revision": fetched.revision, "files": files}, sort_keys=True)
    if not (note.is_file() and note.read_bytes() == text.encode()):
        write_text(note, text)


def remembered(asked: Mapping[str, Any], context: FetchContext) -> Fetched | None:
    """What asking the same gave before, where the store still has it whole."""
    try:
        body = json.loads(_note(asked, context).read_bytes())
        files = ((str(name), checked_pin(sha256), checked_pin(place)) for name, sha256, place in body["files"])
        raw = tuple(RawFile(name, context.store / place, sha256) for name, sha256, place in files)
        found = Fetched(raw, str(body["revision"]))
        return found if raw and _whole(found) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, UserError):
        return None  # absent or damaged: asking the origin again mends it


def _note(asked: Mapping[str, Any], context: FetchContext) -> Path:
    name = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return context.store / "index" / f"{name}.json"
