"""An annotator's answers that are in no layer yet: one line each, on disk before the next item is shown.

Whatever kills the process, every answer that was given stays; a line that was half written is cut off. One process at a
time writes for an annotator.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from filelock import FileLock, Timeout
from pydantic import ValidationError

from registry import atomic
from registry.annotation import layers
from registry.annotation.layers import Entry
from registry.digest import canonical
from registry.errors import UserError, clipped
from registry.project import Project

FOLDER = "annotate"
TAKEN_BACK = "taken_back"
Role = Literal["vote", "adjudication"]


class Draft:
    """`answers` by item, in the order in which they were given."""

    def __init__(self, file: IO[bytes], answers: dict[str, Entry]) -> None:
        self._file, self.answers = file, answers

    @property
    def path(self) -> Path:
        return Path(self._file.name)

    def keep(self, entry: Entry) -> None:
        """Returns when the answer would survive a power cut. OSError where it would not."""
        self._append(entry.model_dump(mode="json", exclude_defaults=True))
        self.answers.pop(entry.item, None)
        self.answers[entry.item] = entry

    def take_back(self, item: str) -> None:
        self._append({TAKEN_BACK: item})
        self.answers.pop(item, None)

    def publish(self, project: Path, card: str) -> Path | None:
        """The layer that the answers became; None where there are none. The draft is empty then.

        Killed between the two, the next call adds no answer twice.
        """
        path = layers.add(project, card, "bench", self.answers.values())
        self._file.truncate(0)
        os.fsync(self._file.fileno())
        self.answers.clear()
        return path

    def _append(self, line: object) -> None:
        left = memoryview(f"{canonical(line)}\n".encode())
        while left:  # A disk that is nearly full takes a part of it, and only then says so.
            left = left[self._file.write(left) :]
        os.fsync(self._file.fileno())


@contextmanager
def opened(project: Project, card: str, annotator: str, role: Role) -> Iterator[Draft]:
    """What this annotator has not finished. UserError where another process writes it."""
    folder = project.home / FOLDER / card
    folder.mkdir(parents=True, exist_ok=True)
    readable = re.sub(r"[^\w-]", "_", annotator)[:40]
    # Projects that share a store share no draft, and a project that is moved with its store keeps its own.
    whose = f"{os.path.relpath(project.root, project.home)}\x1f{annotator}"
    name = f"{readable}-{hashlib.sha256(whose.encode()).hexdigest()[:8]}"
    try:
        with FileLock(folder / f"{name}.lock", timeout=0), _file(folder / f"{name}.{role}.jsonl") as file:
            yield Draft(file, _read(file))
    except Timeout:
        do = "Go on there, or end it with q; two annotators need two names."
        what = f"{clipped(annotator, 60)} annotates {card} in another terminal at this moment"
        raise UserError(what, do=do) from None


@contextmanager
def _file(path: Path) -> Iterator[IO[bytes]]:
    """Unbuffered, so that nothing that was written waits in this process."""
    with path.open("a+b", buffering=0) as file:
        atomic.sync(path.parent)
        yield file


def _read(file: IO[bytes]) -> dict[str, Entry]:
    file.seek(0)
    body = file.read()
    whole = body.rfind(b"\n") + 1
    file.truncate(whole)
    answers: dict[str, Entry] = {}
    for number, line in enumerate(body[:whole].splitlines(), 1):
        try:
            row = json.loads(line)
            entry = None if TAKEN_BACK in row else Entry.model_validate(row)
        except (ValueError, TypeError, ValidationError) as error:
            what = f"is no answer that was kept: {clipped(str(error).splitlines()[0])}"
            raise UserError(what, where=f"{file.name}:{number}", do="Take the line out; the others stay.") from None
        answers.pop(row[TAKEN_BACK] if entry is None else entry.item, None)
        if entry is not None:
            answers[entry.item] = entry
    return answers
