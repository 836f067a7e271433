"""`bench tag` and `bench list tags`."""

from collections.abc import Iterator
from typing import NamedTuple

from harness.workspace import Workspace
from registry import lock
from registry.errors import UserError
from registry.store import SHORT, holds
from registry.versions import tags
from registry.versions.tags import reference


class Tagged(NamedTuple):
    card: str
    name: str
    digest: str
    here: bool
    """Whether the version lies in this store."""


def tagged(version: str, name: str, workspace: Workspace) -> str:
    """Name the version `CARD`, as it stands, or `CARD@DIGEST`. UserError where it is not in the store."""
    wanted, catalog = reference(version), workspace.catalog
    catalog.file("datasets", wanted.card)
    found = tags.at_hand(catalog, wanted)
    tags.add(catalog.project, wanted.card, name, found.digest)
    return f'{wanted.card} {found.digest[:SHORT]} is called "{name}" in {catalog.project.lock.name}'


def untagged(version: str, name: str, workspace: Workspace) -> str:
    """Take a name away. UserError where a version is named too, by digest or tag, that does not have it."""
    wanted, project = reference(version), workspace.catalog.project
    known = lock.tags(project, wanted.card)
    if wanted.version and not known.get(name, "").startswith(known.get(wanted.version, wanted.version)):
        raise UserError(f'{version} is not called "{name}"', do="`bench list tags` shows which version is.")
    return f'{wanted.card} {tags.delete(project, wanted.card, name)[:SHORT]} is no longer called "{name}"'


def all_tags(workspace: Workspace) -> Iterator[Tagged]:
    """Every tag of the project and of what ships with the package, by card, in the order of releases."""
    project = workspace.catalog.project
    cards = sorted({card for one in lock.locks(project) for card in one.tags})
    for card in cards:
        for name, digest in tags.ordered(project, card):
            yield Tagged(card, name, digest, holds(project.home, card, digest))
