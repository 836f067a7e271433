"""What differs between two states of a card: its sources, how they are read, and every step that decides rows.

Owns the words for it. The lock has a digest of each part; where both manifests are at hand, the fields are named.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from registry import store
from registry.card import GUIDELINES
from registry.digest import canonical, digest
from registry.errors import UserError, clipped
from registry.lock import Locked, LockedSource

SHOWN = 60
"""Characters of a value that are shown."""

NAMED = ("annotation > migrations", "labels > rules", "library")
"""Parts whose fields the card names: one that is not there has no default."""

ABSENT = object()
"""What a field has that is not there; a part at its default has none."""


class Change(NamedTuple):
    """One difference. `before` and `after` are plain JSON; both None where only digests are known."""

    part: str
    """Where, such as `clean > length > min_chars`, or `source rows`."""
    before: Any
    after: Any
    text: str
    """One line for people."""


def locked(manifest: Mapping[str, Any]) -> Locked:
    """What `cards.lock` says of a version."""
    return Locked(
        build_key=manifest["build_key"],
        content_digest=manifest["content_digest"],
        sources={
            # Versions that an older program made lack these two.
            name: LockedSource(origin=facts.get("origin", {}), files=facts["files"], revision=facts.get("revision", ""))
            for name, facts in {**manifest["sources"], **manifest.get("references", {})}.items()
        },
        libraries=manifest["libraries"],
        parts=parts(manifest["identity"]),
    )


def parts(identity: Mapping[str, Any]) -> dict[str, str]:
    """A digest of each part of an identity but for the files, which the lock names one by one."""
    return {name: digest(value)[:16] for name, value in _flat(identity).items()}


def between(before: Locked, after: Locked, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference, in the order in which a build meets them. `old` and `new` are identities; `old` may be gone."""
    sources = [change for name in _names(before.sources, after.sources) for change in _source(name, before, after)]
    steps = _steps(old, new) if old is not None else _steps_by_digest(before.parts, after.parts)
    libraries = [] if before.build_key != after.build_key else _libraries(before, after)
    return (*sources, *steps, *libraries)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference between two manifests."""
    return between(locked(before), locked(after), before["identity"], after["identity"])


def since(
    before: Locked | None, after: Locked, identity: Mapping[str, Any], card: str, home: Path
) -> tuple[Change, ...]:
    """What differs from a locked version, in detail where its manifest is still in the store."""
    if before is None:
        return ()
    try:
        old = store.by_key(home, card, before.build_key, before.content_digest)
    except UserError:  # a damaged version that nobody asked for costs the details only
        old = None
    return between(before, after, old.manifest["identity"] if old else None, identity)


def _source(name: str, before: Locked, after: Locked) -> Iterator[Change]:
    part, old, new = f"source {name}", before.sources.get(name), after.sources.get(name)
    if name == GUIDELINES:
        yield from _guidelines(old, new)
        return
    if old is None or new is None:
        word = "added" if old is None else "removed"
        yield Change(part, _origin(old), _origin(new), f"{part} {word}: {_shown(_origin(new or old))}")
        return
    yield from _fields(part, old.origin, new.origin)
    if old.revision != new.revision:
        told = f"{part}: commit {old.revision[:12] or 'none'} -> {new.revision[:12] or 'none'}"
        yield Change(f"{part} > revision", old.revision, new.revision, told)
    files = [file for file in _names(old.files, new.files) if old.files.get(file) != new.files.get(file)]
    if sorted(old.files.values()) == sorted(new.files.values()):
        if files:
            told = f"{part}: files renamed, the same bytes: {clipped(', '.join(new.files), SHOWN)}"
            yield Change(f"{part} > files", sorted(old.files), sorted(new.files), told)
        return
    for file in files:
        one, other = old.files.get(file), new.files.get(file)
        told = f"{part}: {clipped(file)} {_short(one)} -> {_short(other)}"
        yield Change(f"{part} > {file}", one, other, told)


def _guidelines(before: LockedSource | None, after: LockedSource | None) -> Iterator[Change]:
    """Of the one file with the instructions: its name once, where that is the same."""
    old, new = (dict(source.files) if source else {} for source in (before, after))
    if old != new:
        sides = [" ".join(f"{clipped(name)} {_short(sha256)}" for name, sha256 in one.items()) for one in (old, new)]
        told = f"{sides[0] or 'none'} -> {sides[1].removeprefix(f'{next(iter(old), None)} ') or 'none'}"
        yield Change("guidelines", old or None, new or None, f"guidelines: {told}")


def _steps(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = _flat(before), _flat(after)
    for name in _names(old, new):
        one, other = old.get(name, ABSENT), new.get(name, ABSENT)
        if name.startswith("source ") and (one is ABSENT or other is ABSENT):
            continue  # the source itself came or went, which was said
        if name == "layers":
            yield from _layers({} if one is ABSENT else one, {} if other is ABSENT else other)
        elif name == "clean":
            yield from _cleaning(one if one is not ABSENT else [], other if other is not ABSENT else [])
        else:
            yield from _fields(name, one, other)


def _layers(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Imported answers that came or went, by their file."""
    for name in _names(before, after):
        if before.get(name) != after.get(name):
            word = "removed" if name not in after else "added" if name not in before else "changed"
            yield Change(f"layers > {name}", before.get(name), after.get(name), f"layers: {name} {word}")


def _steps_by_digest(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    if not before:  # an entry that was written without them
        return
    for name in _names(before, after):
        if before.get(name) != after.get(name) and not (name.startswith("source ") and name not in before):
            word = "added" if name not in before else "removed" if name not in after else "changed"
            yield Change(name, None, None, f"{name} {word} (the locked version is not in this store: no details)")


def _cleaning(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    old, new = _by_name(before), _by_name(after)
    for name in _names(old, new):
        yield from _op(f"clean > {name}", old.get(name), new.get(name))
    both = [[name for name in one if name in other] for one, other in ((old, new), (new, old))]
    if both[0] != both[1]:
        yield Change("clean", both[0], both[1], f"clean: another order: {', '.join(both[0])} -> {', '.join(both[1])}")


def _op(part: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[Change]:
    """The difference of one op; one that came or went, without the number of its code's version."""
    if before is not None and after is not None:
        yield from _fields(part, before, after)
        return
    one, other = (value and {key: value[key] for key in value if key != "version"} for value in (before, after))
    parameters = f": {_shown(other)}" if other else ""
    yield Change(part, one, other, f"{part} {'removed' if after is None else 'added'}{parameters}")


def _by_name(steps: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Ops by name; a second one of a name is called `name (2)`."""
    found: dict[str, dict[str, Any]] = {}
    for step in steps:
        nth = sum(name.partition(" ")[0] == step["op"] for name in found) + 1
        called = step["op"] if nth == 1 else f"{step['op']} ({nth})"
        found[called] = {key: value for key, value in step.items() if key != "op"}
    return found


def _fields(part: str, before: Any, after: Any) -> Iterator[Change]:
    """Differing leaves below a part, each with its path."""
    if before is not ABSENT and after is not ABSENT and canonical(before) == canonical(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in _names(before, after):
            yield from _fields(f"{part} > {name}", before.get(name, ABSENT), after.get(name, ABSENT))
        return
    one, other = (None if value is ABSENT else value for value in (before, after))
    named = part.rpartition(" > ")[0] in NAMED
    yield Change(part, one, other, f"{part} {_told(before, after, named=named)}")


def _told(before: Any, after: Any, *, named: bool) -> str:
    if after is ABSENT and (named or isinstance(before, Mapping | list)):
        return "removed"
    if before is ABSENT and (named or isinstance(after, Mapping | list)):
        return f"added: {_shown(after)}"
    if isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        return _lines(before.splitlines(), after.splitlines())
    return f"{_shown(before)} -> {_shown(after)}"


def _lines(before: list[str], after: list[str]) -> str:
    """The first line of two texts that differs."""
    same = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), None)
    at = min(len(before), len(after)) if same is None else same
    one, other = (lines[at].strip() if at < len(lines) else ABSENT for lines in (before, after))
    return f"changed, first in line {at + 1}: {_shown(one)} -> {_shown(other)}"


def _libraries(before: Locked, after: Locked) -> Iterator[Change]:
    """Only where equal inputs gave other rows: then the libraries are the reason to look at first."""
    if before.content_digest == after.content_digest:
        return
    yield from _fields("library", before.libraries, after.libraries)


def _flat(identity: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an identity; each source is one, without its files."""
    sources = {
        f"source {name}": {key: value for key, value in facts.items() if key != "files"}
        for name, facts in identity["sources"].items()
    }
    return {**sources, **{name: value for name, value in identity.items() if name != "sources"}}


def _names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*before, *after]))


def _origin(source: LockedSource | None) -> dict[str, Any] | None:
    return source.origin if source else None


def _short(sha256: str | None) -> str:
    return f"{sha256[:8]}..." if sha256 else "none"


def _shown(value: Any) -> str:
    if value is ABSENT:
        return "default"
    if not value and isinstance(value, str):
        return "none"
    return clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), SHOWN)
