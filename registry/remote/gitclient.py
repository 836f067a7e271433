"""Runs the `git` program for reading only: nothing is checked out, no hook, filter, submodule or prompt runs.

The user's own configuration holds, because proxies, certificates, mirrors and credential helpers live there; what
could run a program over foreign content, or speak another protocol, is switched off on the command line, which wins.
"""

import os
import re
from pathlib import Path
from typing import IO

from registry.errors import UserError, clipped
from registry.progress import Step
from registry.remote import child

PROTOCOLS = "https:ssh:file"
LIMITS = child.Limits(seconds=1800.0, largest=8 * 1024**3)
KEPT = ("GIT_SSH", "GIT_SSL", "GIT_PROXY", "GIT_CONFIG")
"""Beginnings of the variables of the environment that say how to connect; others would point to another repository."""
SAFE = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.askPass="),
    *("-c", "submodule.recurse=false"),
    *("-c", "fetch.recurseSubmodules=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
)


class GitError(Exception):
    """The program failed; the text is what it said, without credentials."""


def run(folder: Path, *arguments: str, into: IO[bytes] | None = None, step: Step | None = None) -> bytes:
    """What git prints, unless it goes `into` a file.

    GitError where it fails, UserError where there is no git or it goes beyond its limits.
    """
    command = ["git", *SAFE, *arguments]
    try:
        done = child.run(command, folder, LIMITS, _environment(), into=into, step=step)
    except FileNotFoundError:
        do = "Install it, for example with `apt install git`, then run the same command again."
        raise UserError("needs the program git, which is not installed", do=do) from None
    if done.code:
        raise GitError(_said(done.err))
    return done.out


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(KEPT)}
    return {
        **kept,
        "GIT_ALLOW_PROTOCOL": PROTOCOLS,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def _said(err: bytes) -> str:
    """The line that says why. A credential helper or a rewritten URL may have put a password into it."""
    lines = [line.strip() for line in err.decode("utf-8", "replace").splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal:", "ERROR:", "error:"))), lines[-1] if lines else "")
    return clipped(re.sub(r"//[^/\s]*@", "//", told).removeprefix("fatal: "))
