"""Whether what lies in the store is still what was put there: every byte hashed again, every claim checked again.

Changes nothing and remembers nothing: `Published.read` trusts a file that was hashed before, this does not.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.audit import audit
from registry.digest import digest, file_digest
from registry.errors import UserError
from registry.lock import Lock
from registry.source import STORE
from registry.split import SPLITS
from registry.store import SHORT, Published, opened, published_files


class Flaw(NamedTuple):
    """Something that is not as it should be."""

    where: str
    what: str
    do: str


REBUILD = "Remove that folder and build again."
REFETCH = "Remove that file and fetch again."


def version_folders(home: Path) -> list[Path]:
    """Every published version, sound or not."""
    return sorted(folder for folder in (home / "versions").glob("*/*") if folder.is_dir())


def source_files(home: Path) -> list[Path]:
    """Every fetched file: those whose name is a sha256."""
    return sorted(path for path in (home / STORE).glob("[0-9a-f]" * 64) if path.is_file())


def version_flaws(folder: Path) -> list[Flaw]:
    """What is wrong with a version; empty where nothing is."""
    try:
        version = opened(folder)
        return [Flaw(str(folder), what, REBUILD) for what in _claims(version) or _content(version)]
    except UserError as error:
        return [Flaw(str(folder), error.what, REBUILD)]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [Flaw(str(folder), f"its manifest is damaged: {error}", REBUILD)]


def source_flaws(path: Path) -> list[Flaw]:
    """A fetched file lies under the sha256 of its bytes."""
    return [] if file_digest(path) == path.name else [Flaw(str(path), "its bytes are not what was fetched", REFETCH)]


def lock_flaws(lock: Lock, versions: list[Published]) -> Iterator[Flaw]:
    """Versions with a locked build key that hold other rows than the lock says."""
    for version in versions:
        entry = lock.cards.get(version.manifest["card"])
        if entry and entry.build_key == version.manifest["build_key"] and entry.content_digest != version.digest:
            what = f"it is {version.digest[:SHORT]}; cards.lock has {entry.content_digest[:SHORT]} for the same inputs"
            yield Flaw(str(version.folder), what, f"`bench build {version.manifest['card']}` says which one is right.")


def _claims(version: Published) -> list[str]:
    """What the manifest and the files say of each other, as far as bytes tell."""
    manifest = version.manifest
    found = []
    if digest(manifest["identity"]) != manifest["build_key"]:
        found.append("its build key is not the hash of its identity")
    if manifest["card"] != version.folder.parent.name:
        found.append("it lies in the folder of another card")
    if version.folder.name != f"{version.digest[:SHORT]}-{manifest['build_key'][:SHORT]}":
        found.append("its folder is not named by its digest and build key")
    for name in published_files(manifest):
        path = version.split(name)
        if not path.is_file():
            found.append(f"{path.name} is missing")
        elif file_digest(path) != manifest["checksums"].get(name):
            found.append(f"{path.name} was changed after it was published")
    return found


def _content(version: Published) -> Iterator[str]:
    """What the rows say: counts, the content digest, and the audit that they passed when they were published."""
    manifest = version.manifest
    files = {name: version.split(name) for name in SPLITS}
    collection = version.split("collection") if "collection" in manifest else None
    proof = audit(
        files,
        tuple(manifest["labels"]),
        manifest["rows_kept"],
        task=manifest["task"],
        collection=collection,
        digest=version.digest,
    )
    yield from (f"the audit fails: {name}: {count:,}" for name, count in proof.violations.items() if count)
    for name, path in files.items():
        if _rows(path) != manifest["splits"][name]["rows"]:
            yield f"{path.name} has {_rows(path):,} rows, its manifest says {manifest['splits'][name]['rows']:,}"
    counts = pl.scan_parquet(version.split("ledger"), glob=False).group_by("op", "reason").len().sort("op", "reason")
    if [list(line) for line in counts.collect().rows()] != manifest["ledger"]:
        yield "its manifest counts other rows by op and reason than ledger.parquet holds"
    left = _rows(version.split("ledger"))
    if manifest["rows_kept"] + left != manifest["rows_read"]:
        yield f"{manifest['rows_kept']:,} rows kept and {left:,} left out are not the {manifest['rows_read']:,} read"


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
