"""Published versions on disk: staged, synced, renamed in one step, never overwritten.

A version lies at `versions/<card>/<digest>-<build key>/`. Its manifest is written last in the staging folder, and
the folder gets its name only when everything in it is on disk: a folder with that name is complete.
"""

import errno
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from registry import atomic
from registry.digest import known_digest
from registry.errors import UserError, clipped, plural, system_error
from registry.split import SPLITS

SHORT = 12
"""Hex digits of a digest in names: 48 bits."""

ABANDONED = 24 * 3600.0
"""Seconds after which a staging folder belongs to nobody: only a killed process leaves one."""


class NameTaken(FileExistsError):
    """A folder was to get a name that another one has."""


class Published(NamedTuple):
    """One complete version."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def digest(self) -> str:
        return str(self.manifest["content_digest"])

    def split(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def read(self, split: str) -> pl.DataFrame:
        """The rows of a split, or of the "ledger".

        UserError where the file is gone, torn, or not the one that was published.
        """
        self.check(split)
        try:
            return pl.read_parquet(self.split(split))
        except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise _damaged(self.folder, f"{split}.parquet: {clipped(str(error))}") from error

    def check(self, *names: str) -> None:
        """UserError where one of these files, splits or the "ledger", is gone or not the one that was published."""
        for name in names:
            try:
                now = known_digest(self.split(name))
            except OSError as error:
                raise _damaged(self.folder, f"{name}.parquet: {error.strerror or error}") from error
            if now != self.manifest["checksums"].get(name):
                raise _damaged(self.folder, f"{name}.parquet was changed after it was published")


def by_key(home: Path, card: str, build_key: str, digest: str | None = None) -> Published | None:
    """The version that this build key gave before, if it lies here. Of several, the one with `digest` is meant."""
    folders = (home / "versions" / card).glob(f"*-{build_key[:SHORT]}")
    versions = [opened(folder) for folder in sorted(folders)]
    found = [version for version in versions if version.manifest["build_key"] == build_key]
    return min(found, key=lambda version: version.digest != digest, default=None)


def by_digest(home: Path, card: str, digest: str) -> Published:
    """A version of a card by its content digest, or by the beginning of it where only one begins like that."""
    if not is_digest(digest):
        what = f'"{clipped(digest)}" is no version: {SHORT} to 64 digits of 0-9 and a-f are needed'
        raise UserError(what, do="Reports and `bench build` print them.")
    versions = (opened(folder) for folder in sorted((home / "versions" / card).glob(f"{digest[:SHORT]}-*")))
    found = [version for version in versions if version.digest.startswith(digest)]
    if not found:
        do = f"`bench build {card}` makes it where card and sources are those of then; version control has older ones."
        raise UserError(f"{card} has no version {digest[:SHORT]} in this store", do=do)
    different = sorted({version.digest for version in found})
    if len(different) > 1:
        what = f"{plural(len(different), 'version')} of {card} begin with {digest}"
        raise UserError(what, do=f"Write more digits: {', '.join(different)}.")
    return found[-1]


def all_versions(home: Path) -> Iterator[Published]:
    """Every complete version, by card and digest."""
    for manifest in sorted((home / "versions").glob("*/*/manifest.json")):
        yield opened(manifest.parent)


def holds(home: Path, card: str, digest: str) -> bool:
    """Whether a version of a card lies here whose digest begins as this one does."""
    return any((home / "versions" / card).glob(f"{digest[:SHORT]}-*"))


def filled(manifest: Mapping[str, Any]) -> list[str]:
    """The splits of a version that hold rows, in their usual order."""
    return [split for split in SPLITS if manifest["splits"][split]["rows"]]


def published_files(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The files of a version beside its manifest, without their ending."""
    return (*SPLITS, "ledger", *(["collection"] if "collection" in manifest else []))


def is_digest(text: str) -> bool:
    """Whether a text can be a content digest, or enough of one."""
    return re.fullmatch(f"[0-9a-f]{{{SHORT},64}}", text) is not None


def use(version: Published) -> None:
    """Note that a version is used now: `bench gc` leaves what was used within a day alone."""
    with suppress(OSError):  # a store that cannot be written loses nothing either
        os.utime(version.folder)


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A private folder to fill; gone afterwards, whatever happened.

    System errors become one UserError, but for NameTaken: what it means is known to who chose the name.
    """
    parent = home / "staging"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(parent)
        folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except NameTaken:
        raise
    except OSError as error:
        raise system_error(error, "writing to the store", home) from error
    except pl.exceptions.ComputeError as error:
        # Polars reports a full disk as an error of its own, with the system's number in its text.
        number = re.search(r"\(os error (\d+)\)", str(error))
        if number is None:
            raise
        cause = OSError(int(number[1]), os.strerror(int(number[1])))
        raise system_error(cause, "writing to the store", home) from error


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.iterdir():
        try:
            abandoned = time.time() - folder.stat().st_mtime > ABANDONED
        except FileNotFoundError:  # its own process removed it just now
            continue
        if abandoned:
            shutil.rmtree(folder, ignore_errors=True)


def publish(staged: Path, home: Path, card: str, manifest: dict[str, Any]) -> Published:
    """Move a filled staging folder to its name. When another process was first, its version is the one."""
    key, digest = manifest["build_key"][:SHORT], manifest["content_digest"][:SHORT]
    final = home / "versions" / card / f"{digest}-{key}"
    atomic.write_text(
        staged / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    )
    put(staged, final, taken_ok=True)
    return opened(final)


def put(staged: Path, final: Path, *, taken_ok: bool = False) -> None:
    """Sync a staged folder and give it its name.

    Where the name is taken, NameTaken (a FileExistsError) tells it. `taken_ok` is for names that say the content:
    then what lies there is the same.
    """
    for file in staged.rglob("*"):
        if file.is_file():
            atomic.sync(file)
    atomic.sync(staged)
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        staged.rename(final)
    except OSError as error:
        if not final.is_dir():
            raise
        if not taken_ok:
            raise NameTaken(errno.EEXIST, os.strerror(errno.EEXIST), str(final)) from error
    atomic.sync(final.parent)


def opened(folder: Path) -> Published:
    """The version in a folder. UserError where its manifest cannot be read."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if not isinstance(manifest, dict) or not {"build_key", "content_digest"} <= set(manifest):
            raise ValueError("it lacks its build key")
        return Published(folder, manifest)
    except FileNotFoundError as error:
        raise _damaged(folder, "its manifest.json is missing") from error
    except (OSError, ValueError) as error:
        raise _damaged(folder, f"its manifest.json cannot be read: {clipped(str(error))}") from error


def _damaged(folder: Path, why: str) -> UserError:
    return UserError(f"the version is damaged: {why}", where=str(folder), do="Remove that folder and build again.")
