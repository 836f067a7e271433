"""A file on its way into the store: what is there of it outlives a broken connection and a killed process.

Owns the partial file, named by where it comes from and never trusted as final, and the memory of which bytes an
origin had under which validator (an ETag, or the time of the last change). One process at a time fetches the same.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from registry.atomic import PARTIAL, move, write_text
from registry.digest import checked_pin, stored
from registry.errors import GateError, UserError, clipped
from registry.progress import Progress
from registry.source import CHANGED

CHUNK = 1 << 16


class Begun(NamedTuple):
    """How many bytes are there, and of what: a validator that changes when the bytes do. (0, "") for nothing."""

    size: int = 0
    validator: str = ""


class Known(NamedTuple):
    """What an origin had when it was last asked. The store still has it."""

    sha256: str
    validator: str


class Received(NamedTuple):
    """The whole file, not yet published."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Landing:
    """The way of one file. `key` tells it from others, `at` says in messages what it is."""

    store: Path
    key: str
    at: str

    def begun(self) -> Begun:
        """What a former try left behind that can be gone on with."""
        validator = _read(self._note).get("validator")
        if not isinstance(validator, str) or not self._data.is_file():
            return Begun()
        return Begun(self._data.stat().st_size, validator)

    def known(self) -> Known | None:
        body = _read(self._memory)
        try:
            known = Known(checked_pin(str(body.get("sha256"))), str(body["validator"]))
        except (UserError, KeyError):
            return None  # absent or damaged: the file is fetched again
        return known if stored(self.store / known.sha256, known.sha256) else None

    def receive(self, pieces: Iterable[bytes], begun: Begun, limit: int, advance: Callable[[int], None]) -> Received:
        """Write what comes after `begun`. Without a validator nothing can be resumed later."""
        if not begun.size:
            self.drop()
            if begun.validator:
                write_text(self._note, json.dumps({"validator": begun.validator}))
        digest, size = hashlib.sha256(), begun.size
        with self._data.open("a+b") as file:
            file.seek(0)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
            advance(size)
            for piece in pieces:
                size += len(piece)
                if size > limit:
                    self.drop()
                    raise too_large(self.at, limit)
                digest.update(piece)
                file.write(piece)
                file.flush()  # what a killed process had received is not lost
                advance(len(piece))
        return Received(digest.hexdigest(), size)

    def publish(self, sha256: str, validator: str) -> None:
        """Give the whole file its name in the store. `validator` is remembered; empty where there is none."""
        move(self._data, self.store / sha256)
        self.drop()
        if validator:
            write_text(self._memory, json.dumps({"sha256": sha256, "validator": validator}))

    def drop(self) -> None:
        """Forget what is there of it."""
        self._data.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    @property
    def _data(self) -> Path:
        return self.store / f"{PARTIAL}{self.key}"

    @property
    def _note(self) -> Path:
        return self.store / f"{PARTIAL}{self.key}.json"

    @property
    def _memory(self) -> Path:
        return self.store / "validators" / f"{self.key}.json"


@contextmanager
def landing(store: Path, origin: str, at: str, progress: Progress) -> Iterator[Landing]:
    """The way of the file at `origin`, for this process alone. What cannot be resumed is removed at the end."""
    found = Landing(store, hashlib.sha256(origin.encode()).hexdigest()[:32], at)
    (store / "locks").mkdir(parents=True, exist_ok=True)
    lock = FileLock(store / "locks" / found.key)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress.say(f"another process is fetching {at}; waiting for it")
        lock.acquire()
    try:
        yield found
    finally:
        if not found.begun().validator:
            found.drop()
        lock.release()


def too_large(at: str, limit: int) -> UserError:
    what = f"is larger than {limit:,} bytes, the most that is fetched; nothing was kept"
    return UserError(what, where=at, do="Choose a smaller file, or raise the limit where the source has `max_bytes:`.")


def differs(at: str, expected: str, got: str, remark: str = "") -> GateError:
    """What came, or what the origin promises, is not what is pinned."""
    what = f"sha256 differs: expected {expected}, got {clipped(got)}; nothing was kept{remark}"
    return GateError(what, where=at, do=CHANGED)


def _read(path: Path) -> dict[str, Any]:
    """A note; empty where it is absent or torn."""
    try:
        body = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}
