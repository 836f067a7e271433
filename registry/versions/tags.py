"""Names that people give to versions, kept in `cards.lock`; and what `CARD`, `CARD@DIGEST` and `CARD@TAG` mean.

A tag never moves: to name another version so, it must be deleted first.
"""

import re
from typing import NamedTuple

from registry import build, lock, store
from registry.catalog import Catalog
from registry.errors import UserError, clipped, nearest
from registry.lock import Lock
from registry.project import Project
from registry.store import SHORT, Published, is_digest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
NUMBERED = re.compile(r"(v?)(\d{1,9})\.(\d{1,9})\.(\d{1,9})")


class Reference(NamedTuple):
    """A card, and which of its versions; empty where the card as it stands is meant."""

    card: str
    version: str


def reference(written: str) -> Reference:
    """`CARD`, `CARD@DIGEST` or `CARD@TAG`, split in two."""
    card, _, version = written.partition("@")
    if not card or ("@" in written and not version):
        raise UserError(f'"{clipped(written)}" names no version', do="Write CARD, CARD@DIGEST or CARD@TAG.")
    return Reference(card, version)


def published(project: Project, card: str, version: str) -> Published:
    """The version that a tag or a digest (or 12 or more digits of it) names. UserError where none does."""
    known = lock.tags(project, card)
    if version not in known and not is_digest(version):
        there = f"Tags of {card}: {', '.join(sorted(known, key=order))}." if known else f"{card} has no tags."
        what = f'{card} has no tag "{clipped(version)}"{nearest(version, known)}'
        raise UserError(what, do=f"{there} A digest is written with {SHORT} to 64 digits of 0-9 and a-f.")
    return store.by_digest(project.home, card, known.get(version, version))


def at_hand(catalog: Catalog, wanted: Reference) -> Published:
    """The version that is named, or else the one of the card as it stands. UserError where the store has it not."""
    found = published(catalog.project, *wanted) if wanted.version else build.locate(wanted.card, catalog)
    if found is None:
        raise UserError(f"{wanted.card} is not built as its card stands", do=f"Run `bench build {wanted.card}` first.")
    return found


def ordered(project: Project, card: str) -> list[tuple[str, str]]:
    """(tag, digest) of a card, in the order of releases."""
    return sorted(lock.tags(project, card).items(), key=lambda tag: order(tag[0]))


def add(project: Project, card: str, name: str, digest: str) -> None:
    """Give a version a name. UserError where the name is none, or another version has it."""
    if not NAME.fullmatch(name) or is_digest(name):
        do = "Use up to 64 letters, digits, `.`, `_` and `-`, such as 1.2.0; not 12 or more digits of 0-9 and a-f."
        raise UserError(f'"{clipped(name)}" cannot be a tag', do=do)
    taken = lock.tags(project, card).get(name, digest)
    if taken != digest:
        do = f"`bench tag {card} {name} --delete` frees the name."
        raise UserError(f'{card} {taken[:SHORT]} is called "{name}" already; a tag does not move', do=do)
    lock.write(project, lambda old: _with(old, card, {**old.tags.get(card, {}), name: digest}))


def delete(project: Project, card: str, name: str) -> str:
    """Take a name away; the digest that had it. UserError where the project has no such tag."""
    own = next(lock.locks(project)).tags.get(card, {})
    if name not in own:
        what = f'{card} has no tag "{clipped(name)}" in {project.lock.name}{nearest(name, own)}'
        raise UserError(what, do="`bench list tags` shows them; tags that ship with a card stay.")
    lock.write(project, lambda old: _with(old, card, {n: d for n, d in old.tags.get(card, {}).items() if n != name}))
    return own[name]


def order(name: str) -> tuple[tuple[int, ...], str]:
    """Tags in the order of releases: 1.9.0 before 1.10.0, names that are no number first."""
    numbered = NUMBERED.fullmatch(name)
    return (tuple(map(int, numbered.groups()[1:])) if numbered else (), name)


def bumped(name: str, part: str) -> str | None:
    """The tag that follows `name` for a "major", "minor" or "patch" change; None where the name is no number."""
    numbered = NUMBERED.fullmatch(name)
    if numbered is None or part not in ("major", "minor", "patch"):
        return None
    major, minor, patch = map(int, numbered.groups()[1:])
    following = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
    return numbered[1] + ".".join(map(str, following[part]))


def _with(old: Lock, card: str, names: dict[str, str]) -> Lock:
    return old.model_copy(update={"tags": {**old.tags, card: names}})
