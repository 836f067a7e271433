"""Runs a program that a card names: without a shell, with few variables of the environment, within time and size.

Owns that nothing of it goes on when it has ended or was stopped, and how its end is told.
"""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

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


def run(command: Sequence[str], folder: Path, given: Path, terms: Terms) -> Path:
    """The file of what it printed. It runs in `folder` and reads `given` on its standard input.

    UserError where it cannot be started, fails, takes too long or prints too much.
    """
    printed, said = folder / "printed", folder / "said"
    with given.open("rb") as asked, printed.open("wb") as out, said.open("wb") as err:
        try:
            process = subprocess.Popen(
                list(command),
                stdin=asked,
                stdout=out,
                stderr=err,
                cwd=folder,
                env=_environment(folder, terms.passed),
                start_new_session=True,
            )
        except OSError as error:
            do = "A script needs an interpreter before it (`run: [python, model.py]`), or a first line that names one."
            raise UserError(f"cannot be started: {error.strerror}", do=do) from None
        try:
            _watch(process, (printed, said), terms)
        finally:
            _end(process)
    if process.returncode:
        raise UserError(f"{_ending(process.returncode)}{_last_words(said, terms.passed)}")
    return printed


def _environment(folder: Path, passed: tuple[str, ...]) -> dict[str, str]:
    """Its temporary files go with the folder."""
    known = {name: os.environ[name] for name in (*PASSED, *passed) if name in os.environ}
    return {**known, "TMPDIR": str(folder)}


def _watch(process: subprocess.Popen[bytes], files: Sequence[Path], terms: Terms) -> None:
    begun, pause = time.monotonic(), 0.01
    while True:
        try:
            process.wait(pause)
        except subprocess.TimeoutExpired:
            pause = min(0.5, pause * 2)
        if max(file.stat().st_size for file in files) > terms.largest:
            raise UserError(f"was stopped: it printed more than {terms.largest:,} bytes")
        if process.returncode is not None:
            return
        if time.monotonic() - begun > terms.seconds:
            do = "Give it more with `timeout_s:`, or find out what it waits for."
            raise UserError(f"was stopped after {terms.seconds:g} s{_last_words(files[1], terms.passed)}", do=do)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Whatever it started in its session ends with it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # nothing of it is left
        return
    finally:
        process.wait()


def _ending(code: int) -> str:
    return f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code} ({signal.Signals(-code).name})"


def _last_words(said: Path, passed: tuple[str, ...]) -> str:
    """The end of what it wrote on standard error, without the values of the variables that it was passed."""
    with said.open("rb") as file:
        file.seek(max(0, said.stat().st_size - 4096))
        text = file.read().decode("utf-8", "replace")
    for secret in filter(None, map(os.environ.get, passed)):
        text = text.replace(secret, "***")
    lines = [line for line in text.splitlines() if line.strip()][-TOLD:]
    if not lines:
        return ", and said nothing on standard error"
    return f"; the last {plural(len(lines), 'line')} it said:" + "".join(f"\n    {clipped(line)}" for line in lines)
