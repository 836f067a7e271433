"""A file of a package index: the source archive or the pure-Python wheel of one version of one project.

The archive is fetched and checked, never installed or run. The index's sha256 and the card's pin must both
hold before a single byte of it is given out.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from registry.atomic import partial, publish
from registry.errors import UserError, clipped, nearest
from registry.frozen import Frozen, Text
from registry.source import FetchContext, Fetched, Pin, RawFile

if TYPE_CHECKING:  # the network's libraries load when something is fetched, not when a card is checked
    from packaging.version import Version
    from pypi_simple import DistributionPackage

    from registry.download import Endpoint


class Package(Frozen):
    """One artifact of a package."""

    live: ClassVar[bool] = False
    registry: Literal["pypi"] = Field(description="which kind of index")
    name: Annotated[Text, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
    version: Annotated[Text, Field(pattern=r"^[A-Za-z0-9.!+_-]+$")]
    artifact: Literal["sdist", "wheel"] = Field(description="source archive, or wheel without compiled code")

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.version}.{self.artifact}"

    @property
    def default_format(self) -> None:
        """An archive: the card names the member and with it the format."""

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The archive, checked against the index's sha256 and the pin before anything of it is kept."""
        from registry.download import open_endpoint

        endpoint = open_endpoint(index_url())
        with closing(endpoint.session):
            offer = self._choose(self._offers(endpoint))
            if offer.is_yanked:
                context.progress.say(f"{self.describe()}: its authors withdrew this version from use")
            sha256 = self._land(endpoint, offer, self._agreed(pin.only, offer), context)
        return Fetched((RawFile(self.file_name, context.store / sha256, sha256),))

    def describe(self) -> str:
        return f"{self.artifact} of {self.name} {self.version} from the package index"

    def _offers(self, endpoint: "Endpoint") -> "Sequence[DistributionPackage]":
        """The files that the index has of this project."""
        from pypi_simple import NoSuchProjectError, PyPISimple, UnsupportedRepoVersionError
        from requests import RequestException

        from registry.download import TIMEOUT, patiently, shown_host

        at = f"{self.describe()} at {shown_host(endpoint.url)}"
        client = PyPISimple(endpoint.url, session=endpoint.session)
        try:
            return patiently(lambda: client.get_project_page(self.name, timeout=TIMEOUT), at).packages
        except NoSuchProjectError:
            do = "Check the spelling of `name`, and PIP_INDEX_URL."
            raise UserError(f'has no project "{self.name}"', where=at, do=do) from None
        except RequestException:
            raise
        except (ValueError, UnsupportedRepoVersionError):
            do = "Check PIP_INDEX_URL: it must name a simple index, and often ends in /simple."
            raise UserError("did not answer as a package index does", where=at, do=do) from None

    def _choose(self, offers: "Sequence[DistributionPackage]") -> "DistributionPackage":
        """The file of this version and kind; of several archive formats .tar.gz, then the first by name."""
        mine = [offer for offer in offers if offer.version and _order(offer.version) == _order(self.version)]
        if not mine:
            versions = sorted({offer.version for offer in offers if offer.version}, key=_order, reverse=True)
            what = f"{self.name} has no version {self.version}{nearest(self.version, versions)}"
            do = f"Its newest versions: {clipped(', '.join(versions[:5]) or 'none')}."
            raise UserError(clipped(what), where=self.describe(), do=do)
        fitting = [offer for offer in mine if _is_artifact(offer, self.artifact)]
        if not fitting:
            there = ", ".join(sorted(clipped(offer.filename, 80) for offer in mine)[:5])
            kind = "source archive" if self.artifact == "sdist" else "wheel for every platform (py3-none-any)"
            raise UserError(f"has no {kind}", where=self.describe(), do=f"The index has: {there}.")
        return min(fitting, key=lambda offer: (not offer.filename.endswith(".tar.gz"), offer.filename))

    def _agreed(self, pin: str, offer: "DistributionPackage") -> str:
        """The sha256 that card and index promise, before any byte is fetched."""
        from registry.download import LIMIT, too_large

        where = f"{self.describe()}, file {clipped(offer.filename)}"
        promised = offer.digests.get("sha256", "").lower()
        if not (pin or promised):
            raise UserError("the index tells no sha256", where=where, do="Pin `sha256:` in the card.")
        if pin and promised and pin != promised:
            raise _mismatch(where, pin, promised)
        if offer.size and offer.size > LIMIT:
            raise too_large()
        return pin or promised

    def _land(self, endpoint: "Endpoint", offer: "DistributionPackage", sha256: str, context: FetchContext) -> str:
        from registry.download import TIMEOUT, patiently, receive, shown_host

        at = f"{self.describe()}, file {clipped(offer.filename)} at {shown_host(offer.url)}"
        # The bytes as they are stored: a server that compresses on the fly would change them.
        headers = {"Accept-Encoding": "identity"}

        def attempt() -> None:
            with (
                partial(context.store) as file,
                endpoint.session.get(offer.url, stream=True, timeout=TIMEOUT, headers=headers) as response,
                context.progress.step(f"fetch {self.name} {self.version}", offer.size, "B") as step,
            ):
                found = receive(response, file, step.advance, offer.size)
                if found != sha256:
                    raise _mismatch(at, sha256, found)
                publish(file, context.store / sha256)

        patiently(attempt, at)
        return sha256


def index_url() -> str:
    """Where packages come from: as pip is set up here, else the default of the client library."""
    from pypi_simple import PYPI_SIMPLE_ENDPOINT

    return os.environ.get("PIP_INDEX_URL") or _pip_index() or PYPI_SIMPLE_ENDPOINT


def _pip_index() -> str:
    """What pip's own configuration names; empty where there is no pip or it names none."""
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _mismatch(where: str, expected: str, got: str) -> UserError:
    what = f"sha256 differs: expected {expected}, got {clipped(got)}; nothing was kept"
    do = (
        "Where the change is meant, update `sha256:`, or remove the card's entry from cards.lock where the card has "
        "no `sha256:`; otherwise distrust this file."
    )
    return UserError(what, where=where, do=do)


def _order(version: str) -> "Version":
    """Versions in the order of releases, with 1.0 equal to 1.0.0; odd ones come before all others."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version)
    except InvalidVersion:
        odd = hashlib.sha256(version.encode()).hexdigest()[:12]
        return Version(f"0.dev0+{odd}")


def _is_artifact(offer: "DistributionPackage", artifact: str) -> bool:
    if artifact == "sdist":
        return offer.package_type == "sdist"
    tags = offer.filename.removesuffix(".whl").split("-")[-3:]
    return offer.package_type == "wheel" and "py3" in tags[0].split(".") and tags[1:] == ["none", "any"]
