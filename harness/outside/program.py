"""Runs a program that a card names: without a shell, with few variables of the environment, within time and size.

Owns that what it started ends with it, unless that left its session, and how its end is told.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from harness.secret import without_secrets
from registry.errors import UserError, clipped, plural

PASSED = ("PATH", "HOME", "LANG", "LC_ALL")
"""Variables of the environment that every program gets; no credential is among them."""

LARGEST = 1 << 30
"""Bytes that a program may print."""

TOLD = 5
"""Lines of what it said that an error repeats."""


class Terms(NamedTuple):
    """`passed` are further variables of the environment that it gets where they are set."""

    seconds: float
    passed: tuple[str, ...] = ()
    largest: int = LARGEST

    def hidden(self, text: str) -> str:
        """What it said without the keys that it was passed."""
        return without_secrets(text, (os.environ.get(name, "") for name in self.passed))


def run(command: Sequence[str], folder: Path, given: Path, printed: IO[bytes], terms: Terms) -> None:
    """Let it print into a file. It runs in `folder` and reads `given` on its standard input.

    UserError where it cannot be started, fails, takes too long or prints too much.
    """
    with given.open("rb") as asked, tempfile.TemporaryFile() as said:  # where it cannot remove them
        try:
            process = subprocess.Popen(
                list(command),
                stdin=asked,
                stdout=printed,
                stderr=said,
                cwd=folder,
                env=_environment(folder, terms.passed),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            do = "A script needs an interpreter before it (`run: [python, model.py]`), or a first line that names one."
            raise UserError(f"cannot be started: {getattr(error, 'strerror', error)}", do=do) from None
        try:
            _watch(process, printed, said, terms)
        finally:
            _end(process)
        if process.returncode:
            raise UserError(f"{_ending(process.returncode)}{_last_words(said, terms)}")


def _environment(folder: Path, passed: tuple[str, ...]) -> dict[str, str]:
    """Its temporary files go with the folder."""
    known = {name: os.environ[name] for name in (*PASSED, *passed) if name in os.environ}
    return {**known, "TMPDIR": str(folder)}


def _watch(process: subprocess.Popen[bytes], printed: IO[bytes], said: IO[bytes], terms: Terms) -> None:
    begun, pause = time.monotonic(), 0.01
    while True:
        try:
            process.wait(pause)
        except subprocess.TimeoutExpired:
            pause = min(0.5, pause * 2)
        if max(os.fstat(file.fileno()).st_size for file in (printed, said)) > terms.largest:
            raise UserError(f"was stopped: it printed more than {terms.largest:,} bytes")
        if process.returncode is not None:
            return
        if time.monotonic() - begun > terms.seconds:
            do = "Give it more with `timeout_s:`, or find out what it waits for."
            raise UserError(f"was stopped after {terms.seconds:g} s{_last_words(said, terms)}", do=do)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Whatever it started in its session ends with it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nothing of it is left, or what is left was ended before
        return
    finally:
        process.wait()


def _ending(code: int) -> str:
    return f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code} ({signal.strsignal(-code)})"


def _last_words(said: IO[bytes], terms: Terms) -> str:
    """The end of what it wrote on standard error."""
    said.seek(max(0, os.fstat(said.fileno()).st_size - 4096))
    text = terms.hidden(said.read().decode("utf-8", "replace"))
    lines = [line for line in text.splitlines() if line.strip()][-TOLD:]
    if not lines:
        return ", and said nothing on standard error"
    return f"; the last {plural(len(lines), 'line')} it said:" + "".join(f"\n    {clipped(line)}" for line in lines)
