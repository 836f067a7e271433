"""The npm registry through the npm client: its address, logins and proxies are those of the user's npmrc.

No script of a package is run. The tarball is checked against the `integrity` that the registry states for it.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from registry.errors import UserError, clipped, nearest
from registry.source import FetchContext, Pin
from registry.sources.package import Package, Spelling

INSTALL = "Install Node.js, which brings npm, so that `npm --version` answers; then run the same command again."
QUIET = ("--json", "--loglevel=silent", "--logs-max=0", "--no-update-notifier")
LOG_IN = ("refused access", "Log in with `npm login`, or put a token into your npmrc; cards never hold it.")
UNREACHABLE = ("cannot be reached", "Check the network and `npm config get registry`, then run the same command again.")
MEANINGS = {
    **dict.fromkeys(("E401", "E403", "ENEEDAUTH"), LOG_IN),
    **dict.fromkeys(("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH"), UNREACHABLE),
    "E404": ("has no such package", "Check the spelling of `name`, and `npm config get registry`."),
    "ENOVERSIONS": ("has no version of it", "Check the spelling of `name`."),
    "EINTEGRITY": ("sent what it does not promise; nothing was kept", "Run the same command again; else distrust it."),
    "ENOSPC": ("npm found no space to store it", "Free some space, then run the same command again."),
}
"""What codes of the client mean, and what to do. Its own words are not repeated: they may hold addresses."""


@dataclass(frozen=True)
class Npm:
    """The tarball of one version of a package."""

    names: ClassVar[Spelling] = Spelling(
        "(@[a-z0-9~][a-z0-9._~-]*/)?[A-Za-z0-9~][A-Za-z0-9._~-]*",
        "small letters, digits and . _ -, after its @scope/ where it has one",
    )
    versions: ClassVar[Spelling] = Spelling(
        r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?",
        "one version, such as 1.0.0, not a range or a tag",
    )
    package: Package

    @property
    def file_name(self) -> str:
        return f"{self.package.name.rpartition('/')[2]}-{self.package.version}.tgz"

    def describe(self) -> str:
        return f"{self.package.name} {self.package.version} from the npm registry"

    def fetch(self, context: FetchContext, pin: Pin) -> str:
        from registry.remote.packagetool import found, take
        from registry.store import staging

        npm, spec = found("npm", INSTALL), f"{self.package.name}@{self.package.version}"
        with staging(context.home) as folder, context.progress.step(f"fetch {spec}"):
            integrity = self._integrity(npm, spec, folder)
            self._ask([npm, "pack", spec, "--ignore-scripts", f"--pack-destination={folder}"], folder)
            (tarball,) = folder.glob("*.tgz")
            if integrity and not _holds(tarball, integrity):
                raise self._failure("EINTEGRITY")
            return take(tarball, context.store, self.describe(), pin.only)

    def _integrity(self, npm: str, spec: str, folder: Path) -> str:
        """What the registry promises of the tarball; empty where it promises nothing that is worth a check."""
        code, answer = self._tried([npm, "view", spec, "dist"], folder)
        if code == "E404" or not answer:
            raise self._missing(npm, folder)
        if code:
            raise self._failure(code)
        stated = answer.get("integrity") if isinstance(answer, dict) else None
        strong = [one for one in str(stated or "").split() if one.startswith("sha512-")]
        return strong[0] if strong else ""

    def _missing(self, npm: str, folder: Path) -> UserError:
        """No such package, or no such version of it."""
        versions = self._ask([npm, "view", self.package.name, "versions"], folder)
        known = [str(one) for one in (versions if isinstance(versions, list) else [versions])]
        what = f"has no version {self.package.version}{nearest(self.package.version, known)}"
        do = f"Its newest versions: {clipped(', '.join(known[:-6:-1]))}."
        return UserError(clipped(what), where=self.describe(), do=do)

    def _ask(self, command: list[str], folder: Path) -> Any:
        code, answer = self._tried(command, folder)
        if code:
            raise self._failure(code)
        return answer

    def _tried(self, command: list[str], folder: Path) -> tuple[str, Any]:
        """The code of the client's failure, empty for none, and its answer."""
        from registry.remote.packagetool import run

        done = run([*command, *QUIET], folder, self.describe())
        try:
            answer = json.loads(done.out or done.said or "null")  # older clients write errors to stderr
        except ValueError:
            answer = None
        if done.ok:
            return "", answer
        error = answer.get("error") if isinstance(answer, dict) else None
        code = error.get("code") if isinstance(error, dict) else None
        return (code if isinstance(code, str) and re.fullmatch("[A-Z_0-9]+", code) else "EUNKNOWN"), None

    def _failure(self, code: str) -> UserError:
        by_hand = f"Run `npm pack {self.package.name}@{self.package.version}` by hand to see what it says."
        what, do = MEANINGS.get(code, (f"npm failed ({code})", by_hand))
        return UserError(what, where=self.describe(), do=do)


def _holds(file: Path, integrity: str) -> bool:
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha512").digest()
    return integrity.removeprefix("sha512-").partition("?")[0] == base64.b64encode(found).decode()
