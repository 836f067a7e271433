"""Files that are there whole or not at all, whatever kills the process: written aside, synced, renamed.

The only home of this rule: stores, locks, reports and downloads all publish through here.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PARTIAL = ".partial-"
"""How names begin that are never trusted; only a killed process leaves one behind."""


@contextmanager
def partial(folder: Path) -> Iterator[IO[bytes]]:
    """A new file under a name that is never trusted, removed at the end unless it was published."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{PARTIAL}{os.getpid()}-{secrets.token_hex(4)}"
    with path.open("xb") as file:
        try:
            yield file
        finally:
            path.unlink(missing_ok=True)


def publish(file: IO[bytes], target: Path, *, durable: bool = True) -> None:
    """Give a partial file its final name. `durable` waits until it would survive a power cut."""
    file.flush()
    if durable:
        os.fsync(file.fileno())
    Path(file.name).replace(target)
    if durable:
        sync(target.parent)


def move(path: Path, target: Path) -> None:
    """Give a whole file of the same disk its final name, where it would survive a power cut."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b") as file:
        publish(file, target)


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file in one step: readers see the old or the new bytes, never half of them."""
    with partial(path.parent) as file:
        file.write(data)
        publish(file, path)


def write_text(path: Path, text: str) -> None:
    """Replace a UTF-8 file in one step: readers see the old or the new text, never half of it."""
    write_bytes(path, text.encode("utf-8"))


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk. Only POSIX systems can open a folder."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
