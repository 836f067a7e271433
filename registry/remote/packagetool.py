"""Package managers as programs of this machine: run without a shell, in a folder of their own, never to install.

Owns taking what they fetched into the store. Their settings and logins are the user's, and are not read here.
"""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from registry.atomic import move
from registry.digest import file_digest
from registry.errors import UserError
from registry.remote import child, download
from registry.remote.landing import differs, too_large

LIMITS = child.Limits(seconds=3600.0, largest=2 * download.LIMIT)
"""The archive, and what the program writes on the way."""


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
    try:
        done = child.run(command, folder, LIMITS, {**os.environ, "LC_ALL": "C"})
    except UserError as error:
        raise error.at(f"{where}, {Path(command[0]).name}") from None
    return Done(done.code == 0, done.out.decode("utf-8", "replace"), done.err.decode("utf-8", "replace"))


def take(file: Path, store: Path, where: str, expected: str) -> str:
    """Move a fetched file into the store; its sha256, which is `expected` where that is not empty."""
    if file.stat().st_size > download.LIMIT:
        raise too_large(where, download.LIMIT)
    sha256 = file_digest(file)
    if expected not in ("", sha256):
        raise differs(where, expected, sha256)
    move(file, store / sha256)
    return sha256
