"""Runs another program under limits of time and disk, without a terminal that it could ask for a password."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from registry.errors import UserError
from registry.progress import Step


class Limits(NamedTuple):
    """How long a program may run, and how many bytes the folder that it fills may hold."""

    seconds: float
    largest: int


class Finished(NamedTuple):
    """How a program ended, and what it printed."""

    code: int
    out: bytes
    err: bytes


def run(
    command: list[str],
    folder: Path,
    limits: Limits,
    environment: Mapping[str, str],
    *,
    given: bytes = b"",
    into: IO[bytes] | None = None,
    step: Step | None = None,
) -> Finished:
    """Run a program in the `folder` that it fills. It reads `given`; what it prints may go `into` a file.

    Beyond its limits it ends with all that it started, as UserError. FileNotFoundError where there is no such program.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=into or out,
            stderr=err,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
        )
        try:
            _give(process, given)
            _watch(process, folder, limits, step)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        out.seek(0)
        err.seek(0)
        return Finished(process.returncode, out.read(), err.read())


def _give(process: subprocess.Popen[bytes], given: bytes) -> None:
    """Through a pipe, so that nothing of it is ever on disk."""
    if process.stdin is None:
        return
    try:
        process.stdin.write(given)
        process.stdin.close()
    except BrokenPipeError:  # it ended before it read: how it ended tells why
        return


def _watch(process: subprocess.Popen[bytes], folder: Path, limits: Limits, step: Step | None) -> None:
    """Wait for the end, and tell the step how the folder grows."""
    begun, told, pause = time.monotonic(), 0, 0.02
    while True:
        try:
            process.wait(pause)
            return
        except subprocess.TimeoutExpired:
            pause = min(0.5, pause * 2)
        size = _size(folder)
        if step and size > told:
            step.advance(size - told)
        told = max(told, size)
        if size > limits.largest:
            raise UserError(f"was stopped: it is larger than {limits.largest:,} bytes", do="Ask for less of it.")
        if time.monotonic() - begun > limits.seconds:
            raise UserError(
                f"was stopped after {limits.seconds:g} seconds", do="Ask for less of it, or try again later."
            )


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # the program renames or removes its temporary files
            continue
    return total
