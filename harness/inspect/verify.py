"""`bench verify`: the versions and sources of a store, hashed and audited again, and held against `cards.lock`."""

from typing import Any, NamedTuple

from harness.workspace import Workspace
from registry import lock, store
from registry.errors import UserError, plural
from registry.versions.integrity import Flaw, lock_flaws, source_files, source_flaws, version_flaws, version_folders


class Verified(NamedTuple):
    """What was looked at, and everything that is off."""

    versions: int
    sources: int
    flaws: tuple[Flaw, ...]

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "flaws": [flaw._asdict() for flaw in self.flaws]}

    def text(self) -> str:
        looked = f"{plural(self.versions, 'version')} and {plural(self.sources, 'source file')}"
        if not self.flaws:
            return f"{looked}: all sound"
        found = [f"{flaw.where}\n  {flaw.what}\n  {flaw.do}" for flaw in self.flaws]
        return "\n".join([*found, f"{looked}: {plural(len(self.flaws), 'flaw')}"])


def verify(names: list[str] | None, workspace: Workspace) -> Verified:
    """Every version of these cards and the files that they were made from; without names, the whole store.

    Cards that are gone may be named too. UserError where a name has no version here.
    """
    folders = [folder for folder in version_folders(workspace.home) if not names or folder.parent.name in names]
    missing = sorted(set(names or ()) - {folder.parent.name for folder in folders})
    if missing:
        raise UserError(f"{', '.join(missing)} has no version in this store", do="`bench build` makes one.")
    flaws: list[Flaw] = []
    sound = []
    with workspace.progress.step("verify versions", len(folders), "versions") as step:
        for folder in folders:
            found = version_flaws(folder)
            flaws += found
            sound += [] if found else [store.opened(folder)]
            step.advance()
    made_from = {
        sha256
        for version in sound
        for facts in version.manifest["sources"].values()
        for sha256 in facts["files"].values()
    }
    sources = [path for path in source_files(workspace.home) if not names or path.name in made_from]
    with workspace.progress.step("verify sources", len(sources), "files") as step:
        for path in sources:
            flaws += source_flaws(path)
            step.advance()
    first, packed = lock.locks(workspace.catalog.project)
    effective = first.model_copy(update={"cards": {**packed.cards, **first.cards}})
    return Verified(len(folders), len(sources), (*flaws, *lock_flaws(effective, sound)))
