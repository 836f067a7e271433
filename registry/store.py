"""Published versions on disk: staged, synced, renamed in one step, never overwritten.

A version lies at `versions/<card>/<digest>-<build key>/`. Its manifest is written last in the staging folder, and
the folder gets its name only when everything in it is on disk: a folder with that name is complete.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from registry.errors import UserError, system_error

SHORT = 12
"""Hex digits of a digest in names: 48 bits."""


class Published(NamedTuple):
    """One complete version."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def digest(self) -> str:
        return str(self.manifest["content_digest"])

    def split(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


def by_key(home: Path, card: str, build_key: str) -> Published | None:
    """The version that this build key gave before, if it lies here."""
    folders = (home / "versions" / card).glob(f"*-{build_key[:SHORT]}")
    found = (_open(folder) for folder in sorted(folders))
    return next((version for version in found if version.manifest["build_key"] == build_key), None)


def by_digest(home: Path, card: str, digest: str) -> Published:
    """A version of a card by its content digest or the beginning of it."""
    folders = sorted((home / "versions" / card).glob(f"{digest[:SHORT]}*"))
    if not folders:
        raise UserError(f"{card} has no version {digest[:SHORT]} in this store", do=f"`bench build {card}` makes it.")
    return _open(folders[-1])


def all_versions(home: Path) -> Iterator[Published]:
    """Every complete version, by card and digest."""
    for manifest in sorted((home / "versions").glob("*/*/manifest.json")):
        yield _open(manifest.parent)


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A private folder to fill; gone afterwards, whatever happened. System errors become one UserError."""
    parent = home / "staging"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise system_error(error, "writing to the store", home) from error
    except pl.exceptions.ComputeError as error:
        # Polars reports a full disk as an error of its own, with the system's number in its text.
        number = re.search(r"\(os error (\d+)\)", str(error))
        if number is None:
            raise
        cause = OSError(int(number[1]), os.strerror(int(number[1])))
        raise system_error(cause, "writing to the store", home) from error


def publish(staged: Path, home: Path, card: str, manifest: dict[str, Any]) -> Published:
    """Move a filled staging folder to its name. When another process was first, its version is the one."""
    key, digest = manifest["build_key"][:SHORT], manifest["content_digest"][:SHORT]
    final = home / "versions" / card / f"{digest}-{key}"
    write_synced(staged / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    put(staged, final)
    return _open(final)


def put(staged: Path, final: Path) -> None:
    """Sync a staged folder and give it its name, unless that name is taken by the same content already."""
    for file in staged.rglob("*"):
        if file.is_file():
            _sync(file)
    _sync(staged)
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        staged.rename(final)
    except OSError:
        if not final.is_dir():
            raise
    _sync(final.parent)


def write_synced(path: Path, text: str) -> None:
    """Replace a small file in one step: readers see the old or the new text, never half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    _sync(temporary)
    temporary.replace(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open(folder: Path) -> Published:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if not isinstance(manifest, dict) or not {"build_key", "content_digest"} <= set(manifest):
            raise ValueError("manifest.json lacks its build key")
        return Published(folder, manifest)
    except (OSError, ValueError) as error:
        do = "Remove that folder and build again."
        raise UserError(f"the version is damaged: {error}", where=str(folder), do=do) from error
