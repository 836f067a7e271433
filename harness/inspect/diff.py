"""`bench card diff`: which two versions are meant, and their differences for people and for programs."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from harness.workspace import Workspace
from registry import build, lock, store
from registry.errors import UserError, clipped, plural
from registry.store import SHORT, Published
from registry.versions import tags
from registry.versions.diff import KINDS, Diff, Group, diff
from registry.versions.tags import Reference, reference

SHOWN = 100
"""Characters of a value that are shown."""
MEANING = {
    "none": "the same version",
    "patch": "the same rows, made otherwise",
    "minor": "all that was there is there unchanged; more was added",
}
DONE = {
    "removed": "removed",
    "changed": "edited",
    "relabelled": "relabelled",
    "moved": "moved between splits",
}
"""What makes a version a major one, by the kind of difference."""


class Compared(NamedTuple):
    """The differences, and the tag that suits the later version where the earlier one has a numbered one."""

    diff: Diff
    next_tag: str | None


def compared(first: str, second: str, workspace: Workspace, limit: int) -> Compared:
    """Two versions, each `CARD`, `CARD@DIGEST` or `CARD@TAG`, the earlier one first.

    A card alone is the version that it gives now, built if need be; `cards.lock` stays as it is. Without a second
    one, the present version is compared with the named one; a card alone with its locked version, or where that is
    the present one, with the version of its highest tag that is another one. UserError where there is none.
    """
    one = reference(first)
    after = _version(reference(second) if second else Reference(one.card, ""), workspace)
    before = _version(one, workspace) if second or one.version else _earlier(one.card, after, workspace)
    found = diff(before, after, limit)
    ordered = tags.ordered(workspace.catalog.project, before.manifest["card"])
    numbered = [name for name, digest in ordered if digest == before.digest]
    following = (tags.bumped(name, found.bump) for name in reversed(numbered))
    return Compared(found, next((name for name in following if name), None))


def _version(wanted: Reference, workspace: Workspace) -> Published:
    catalog = workspace.catalog
    catalog.file("datasets", wanted.card)
    if wanted.version:
        return tags.published(catalog.project, *wanted)
    offline, progress = workspace.offline, workspace.progress
    return build.build(wanted.card, catalog, offline=offline, progress=progress, record=False).published


def _earlier(card: str, present: Published, workspace: Workspace) -> Published:
    entry = lock.entry(workspace.catalog.project, card)
    digests = [entry.content_digest] if entry else []
    digests += [digest for _, digest in reversed(tags.ordered(workspace.catalog.project, card))]
    other = next((digest for digest in digests if digest != present.digest), None)
    if other is None:
        do = f"Name two versions, such as {card}@DIGEST; `bench tag {card} 1.0.0` gives this one a name."
        raise UserError(f"the present version of {card} is the locked one; there is no older tag", do=do)
    return store.by_digest(workspace.home, card, other)


def as_json(found: Compared) -> dict[str, Any]:
    """One object; each kind of difference has its count of rows and its groups by rule."""
    facts = found.diff._asdict() | {"next_tag": found.next_tag}
    facts["changes"] = [change._asdict() for change in found.diff.changes]
    facts["columns"] = dict(zip(("added", "removed"), found.diff.columns, strict=True))
    for kind in KINDS:
        groups = [group._asdict() for group in getattr(found.diff, kind)]
        facts[kind] = {"rows": found.diff.total(kind), "groups": groups}
    return facts


def lines(found: Compared) -> Iterator[str]:
    """What people read: a summary, what was made otherwise, then each kind with its rules and examples."""
    one = found.diff
    other = "" if one.card == one.card_before else f"{one.card} "
    versions = f"{one.card_before} {one.before[:SHORT]} -> {other}{one.after[:SHORT]}"
    yield f"{versions}: {one.rows[0]:,} -> {plural(one.rows[1], 'row')}"
    counts = ", ".join(f"{one.total(kind):,} {kind}" for kind in KINDS)
    yield f"  {counts}, {one.unchanged:,} unchanged"
    yield f"  {one.bump}: {_meaning(one)}" + (f"; the next tag would be {found.next_tag}" if found.next_tag else "")
    yield from (f"  made otherwise: {change.text}" for change in one.changes)
    for word, names in zip(("added", "removed"), one.columns, strict=True):
        if names:
            yield f"  columns {word}: {', '.join(names)}"
    if one.hashed_ids and one.added and one.removed:
        yield "  ids are made from the content: a row that was edited is one removed and one added"
    for kind in KINDS:
        for group in getattr(one, kind):
            yield from _group(kind, group)


def _meaning(one: Diff) -> str:
    if one.bump != "major":
        return MEANING[one.bump]
    done = [word for kind, word in DONE.items() if one.total(kind)]
    rows = [f"rows were {', '.join([*done[:-2], ' and '.join(done[-2:])])}"] if done else []
    return "; ".join([*rows, *(["columns were removed"] if one.columns[1] else [])])


def _group(kind: str, group: Group) -> Iterator[str]:
    yield f"{kind}: {plural(group.rows, 'row')}, {group.rule}"
    for example in group.examples:
        facts = {name: value for name, value in example.items() if name != "id"}
        yield f"  {clipped(str(example['id']), SHOWN)}"
        for name, value in facts.items():
            sides = value if isinstance(value, list) else [value]
            yield f"    {name}: {' -> '.join(clipped(str(side), SHOWN) for side in sides)}"
    if group.rows > len(group.examples) > 0:
        yield f"  and {group.rows - len(group.examples):,} more"
