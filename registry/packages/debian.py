"""The Debian archive through apt-get, where apt is: its mirrors, keys and proxies are those of this machine.

A .deb is fetched, never installed. apt checks it against the signed lists of packages that `apt-get update` made.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

from registry.errors import UserError, clipped
from registry.source import FetchContext, Pin
from registry.sources.package import Package, Spelling

ELSEWHERE = (
    "Debian packages are fetched where apt is: on Debian, Ubuntu and the like. Elsewhere, fetch the .deb there once "
    "and copy it into the project as a local source."
)
UPDATE = "Run `apt-get update`, and check the spelling of `name` and `architecture`."
OPTIONS = ("-qq", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=3")


class Offer(NamedTuple):
    """What apt would fetch. The sha256 is empty where the lists of packages state none."""

    file_name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Debian:
    """One version of a binary package, for one architecture."""

    names: ClassVar[Spelling] = Spelling("[a-z0-9][a-z0-9+.-]+", "small letters, digits and + . -")
    versions: ClassVar[Spelling] = Spelling("[0-9][A-Za-z0-9.+:~-]*", "one version, such as 11.1 or 1:2.3-4")
    package: Package

    @property
    def file_name(self) -> str:
        return f"{self.package.name}_{self.package.version}_{self.package.architecture}.deb"

    def describe(self) -> str:
        return f"{self.package.name} {self.package.version} ({self.package.architecture}) from the Debian archive"

    def fetch(self, context: FetchContext, pin: Pin) -> str:
        from registry.digest import stored
        from registry.remote import download
        from registry.remote.landing import differs, too_large
        from registry.remote.packagetool import found, run, take
        from registry.store import staging

        command = [found("apt-get", ELSEWHERE), "download", *OPTIONS, self._spec]
        with staging(context.home) as folder:
            offer = self._offer(command, folder)
            if pin.only and offer.sha256 not in ("", pin.only):
                raise differs(self.describe(), pin.only, offer.sha256)
            if offer.size > download.LIMIT:
                raise too_large(self.describe(), download.LIMIT)
            if offer.sha256 and stored(context.store / offer.sha256, offer.sha256):
                return offer.sha256
            with context.progress.step(f"fetch {self.file_name}", offer.size, "B") as step:
                done = run(command, folder, self.describe())
                files = list(folder.glob("*.deb"))
                if not done.ok or len(files) != 1:
                    raise self._failure(done.said, folder)
                step.advance(offer.size)
            return take(files[0], context.store, self.describe(), pin.only or offer.sha256)

    @property
    def _spec(self) -> str:
        return f"{self.package.name}:{self.package.architecture}={self.package.version}"

    def _offer(self, command: list[str], folder: Path) -> Offer:
        """What the lists of packages say; no byte is fetched for it."""
        from registry.remote.packagetool import run

        done = run([*command, "--print-uris"], folder, self.describe())
        listed = re.search(r"^'\S+' (\S+\.deb) (\d{1,15})(?: SHA256:([0-9a-f]{64}))?", done.out, re.MULTILINE)
        if not done.ok or listed is None:
            raise self._failure(done.said, folder)
        offer = Offer(listed[1], int(listed[2]), listed[3] or "")
        if not offer.file_name.endswith(f"_{self.package.architecture}.deb"):
            right = clipped(offer.file_name).removesuffix(".deb").rpartition("_")[2]
            raise UserError("has another architecture", where=self.describe(), do=f"Write `architecture: {right}`.")
        return offer

    def _failure(self, said: str, folder: Path) -> UserError:
        """Why apt-get fetched nothing, in our words: its own may hold addresses with credentials."""
        if "was not found" in said or "Unable to locate package" in said:
            versions, version = self._versions(folder), self.package.version
            what = f"has no version {version}" if versions else "apt knows no such package"
            if version in versions:
                what = f"is not there for {self.package.architecture}"
            do = f"apt has: {clipped(', '.join(versions))}. `apt-get update` may bring others." if versions else UPDATE
            return UserError(what, where=self.describe(), do=do)
        do = f"Run `apt-get download {self._spec}` by hand to see what it says."
        return UserError("apt-get fetched nothing", where=self.describe(), do=do)

    def _versions(self, folder: Path) -> list[str]:
        """What the mirrors of this machine offer now: they keep only the newest versions."""
        from registry.remote.packagetool import found, run

        command = [found("apt-cache", ELSEWHERE), "madison", self.package.name]
        done = run(command, folder, self.describe())
        rows = (line.split("|") for line in done.out.splitlines())
        return list(dict.fromkeys(row[1].strip() for row in rows if len(row) == 3))
