"""Package managers as programs of this machine: run without a shell, in a folder of their own, never to install.

Owns taking what they fetched into the store. Their settings and logins are the user's, and are not read here.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from registry.atomic import publish
from registry.digest import file_digest
from registry.errors import UserError
from registry.remote import download
from registry.remote.landing import differs, too_large

LONGEST = 3600.0
"""Seconds after which a program that is still fetching is ended."""


class Done(NamedTuple):
    """How a program ended. What it says may hold addresses with credentials: take from it only what is known."""

    ok: bool
    out: str
    said: str


def found(program: str, do: str) -> str:
    """The path of a program. UserError with `do` where it is not installed."""
    path = shutil.which(program)
    if path is None:
        raise UserError(f"{program} is not installed here", do=do)
    return path


def run(command: list[str], folder: Path, where: str) -> Done:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        what = f"{Path(command[0]).name} did not finish within {LONGEST:,.0f} seconds"
        raise UserError(what, where=where, do="Run the same command again later.") from None
    return Done(done.returncode == 0, done.stdout, done.stderr)


def take(file: Path, store: Path, where: str, expected: str) -> str:
    """Move a fetched file into the store; its sha256, which is `expected` where that is not empty."""
    if file.stat().st_size > download.LIMIT:
        raise too_large(where, download.LIMIT)
    sha256 = file_digest(file)
    if expected not in ("", sha256):
        raise differs(where, expected, sha256)
    store.mkdir(parents=True, exist_ok=True)
    with file.open("r+b") as whole:
        publish(whole, store / sha256)
    return sha256
