"""What was worked out from files, remembered in one file of the store until those files change.

Owns when a memory counts: the file's size and times are the same, and it was not changed while it was read. A memory
that is damaged, of another format or cannot be written costs time and nothing else.
"""

import json
import os
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from registry.progress import Progress, Silent

FORMAT = 2
"""Counts up whenever the same file would be remembered otherwise: what is kept of it, or how it is read."""

SETTLED = 2_000_000_000
"""Nanoseconds after which a change gets another time: some file systems count in steps of two seconds."""

UNSETTLED = [-1, -1, -1]
"""Stands for size and times that may stay the same although the file changes; no file has these."""

MANY = 1000
"""From so many files on, reading them is worth a progress bar."""


def remembered(
    memory: Path,
    files: Iterable[str],
    work: Callable[[str], Any],
    progress: Progress,
    *,
    basis: str = "",
    keep: bool = True,
) -> dict[str, Any]:
    """`work(file)` for each file or folder that is there, done anew only for those that changed.

    What `work` gives must be plain JSON; `basis` says what it depends on besides the file. `keep`: write what is new
    to `memory`; processes may do so at once.
    """
    known, found, stale = _load(memory, basis), dict[str, Any](), dict[str, list[int]]()
    for file in files:
        try:
            status = os.stat(file)  # noqa: PTH116 - ten thousand Path objects take longer than this
        except OSError:
            continue
        state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns]
        found[file] = entry = known.get(file, ())
        if entry[:3] != state:
            stale[file] = state
    if stale:
        found.update(_worked(stale, work, progress))
    if keep and (stale or len(found) < len(known)):
        _save(memory, basis, found)
    return {file: entry[3] for file, entry in found.items()}


def _worked(stale: Mapping[str, list[int]], work: Callable[[str], Any], progress: Progress) -> dict[str, list[Any]]:
    watched = progress if len(stale) >= MANY else Silent()
    done = {}
    with watched.step("read files that changed", total=len(stale), unit="files") as step:
        for file, state in stale.items():
            settled = time.time_ns() - max(state[1:]) > SETTLED
            done[file] = [*(state if settled else UNSETTLED), work(file)]
            step.advance()
    return done


def _load(memory: Path, basis: str) -> dict[str, Any]:
    """File to [size, modified, changed, value]; empty where the memory is not there or not what this code wrote."""
    try:
        with memory.open("rb") as file:
            seal, body = file.readline(), file.read()
    except OSError:
        return {}
    if seal != _seal(basis, body):
        return {}
    known: dict[str, Any] = json.loads(body)
    return known


def _save(memory: Path, basis: str, found: Mapping[str, Any]) -> None:
    from registry.atomic import partial, publish

    body = json.dumps(found, separators=(",", ":")).encode()
    try:
        with partial(memory.parent) as file:
            file.write(_seal(basis, body) + body)
            publish(file, memory, durable=False)
    except OSError:
        pass  # a store that is full or read-only: the next listing works it out again


def _seal(basis: str, body: bytes) -> bytes:
    return f"cardbench memory {FORMAT} {zlib.crc32(basis.encode()):08x} {zlib.crc32(body):08x}\n".encode()
