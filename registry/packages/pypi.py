"""PyPI and indexes like it, asked as pip is set up: PIP_INDEX_URL, else pip's own configuration.

Credentials in that URL go to the index's host only.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from urllib.parse import unquote, urlsplit

from registry.errors import UserError, clipped, nearest
from registry.source import FetchContext, Pin
from registry.sources.package import Package, Spelling

if TYPE_CHECKING:  # the network's libraries load when something is fetched, not when a card is checked
    import requests
    from packaging.version import Version
    from pypi_simple import DistributionPackage

    from registry.remote.network import Advice


class Endpoint(NamedTuple):
    """Where to ask, without credentials; those sit in the session and go to this host only."""

    session: "requests.Session"
    url: str


@dataclass(frozen=True)
class Pypi:
    """The source archive, or the wheel without compiled code, of one version of a project."""

    names: ClassVar[Spelling] = Spelling("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", "letters, digits and . _ -")
    versions: ClassVar[Spelling] = Spelling("[A-Za-z0-9.!+_-]+", "one version, such as 1.0 or 2.0rc1")
    package: Package

    @property
    def file_name(self) -> str:
        return f"{self.package.name}-{self.package.version}.{self.package.artifact}"

    def describe(self) -> str:
        return f"{self.package.artifact} of {self.package.name} {self.package.version} from the package index"

    def fetch(self, context: FetchContext, pin: Pin) -> str:
        """UserError, before any byte is fetched, where card and index promise different ones."""
        from registry.remote.download import Wanted, download
        from registry.remote.landing import differs
        from registry.remote.network import shown_host

        endpoint = open_endpoint(index_url())
        with endpoint.session:
            offer = self._choose(self._offers(endpoint))
            if offer.is_yanked:
                context.progress.say(f"{self.describe()}: its authors withdrew this version from use")
            at = f"{self.describe()}, file {clipped(offer.filename)} at {shown_host(offer.url)}"
            promised = offer.digests.get("sha256", "").lower()
            wanted = Wanted(offer.url, f"fetch {self._title}", at, _advice(), pin.only or promised, offer.size)
            if not wanted.sha256:
                raise UserError("the index tells no sha256", where=at, do="Pin `sha256:` in the card.")
            if promised not in ("", wanted.sha256):
                raise differs(at, wanted.sha256, promised)
            return download(wanted, endpoint.session, context)

    @property
    def _title(self) -> str:
        return f"{self.package.name} {self.package.version}"

    def _offers(self, endpoint: Endpoint) -> "Sequence[DistributionPackage]":
        """The files that the index has of this project."""
        from pypi_simple import NoSuchProjectError, PyPISimple, UnsupportedRepoVersionError
        from requests import RequestException

        from registry.remote.download import TIMEOUT, patiently
        from registry.remote.network import shown_host

        name, at = self.package.name, f"{self.describe()} at {shown_host(endpoint.url)}"
        client = PyPISimple(endpoint.url, session=endpoint.session)
        try:
            return patiently(lambda: client.get_project_page(name, timeout=TIMEOUT), at, _advice()).packages
        except NoSuchProjectError:
            do = "Check the spelling of `name`, and PIP_INDEX_URL."
            raise UserError(f'has no project "{name}"', where=at, do=do) from None
        except RequestException:
            raise
        except (ValueError, UnsupportedRepoVersionError):
            do = "Check PIP_INDEX_URL: it must name a simple index, and often ends in /simple."
            raise UserError("did not answer as a package index does", where=at, do=do) from None

    def _choose(self, offers: "Sequence[DistributionPackage]") -> "DistributionPackage":
        """The file of this version and kind; of several archive formats .tar.gz, then the first by name."""
        name, version, artifact = self.package.name, self.package.version, str(self.package.artifact)
        mine = [offer for offer in offers if offer.version and _order(offer.version) == _order(version)]
        if not mine:
            versions = sorted({offer.version for offer in offers if offer.version}, key=_order, reverse=True)
            what = f"{name} has no version {version}{nearest(version, versions)}"
            do = f"Its newest versions: {clipped(', '.join(versions[:5]) or 'none')}."
            raise UserError(clipped(what), where=self.describe(), do=do)
        fitting = [offer for offer in mine if _is_artifact(offer, artifact)]
        if not fitting:
            there = ", ".join(sorted(clipped(offer.filename, 80) for offer in mine)[:5])
            kind = "source archive" if artifact == "sdist" else "wheel for every platform (py3-none-any)"
            raise UserError(f"has no {kind}", where=self.describe(), do=f"The index has: {there}.")
        return min(fitting, key=lambda offer: (not offer.filename.endswith(".tar.gz"), offer.filename))


def index_url() -> str:
    """Where packages come from: as pip is set up here, else the default of the client library."""
    from pypi_simple import PYPI_SIMPLE_ENDPOINT

    return os.environ.get("PIP_INDEX_URL") or _pip_index() or PYPI_SIMPLE_ENDPOINT


def open_endpoint(url: str) -> Endpoint:
    """A session for an index. Take its credentials out of the URL, so that no message can show them."""
    from registry.remote.network import open_session

    try:
        parts = urlsplit(url)
        host = _host(url)
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError("the package index has no http or https URL", do="Correct PIP_INDEX_URL or pip's index-url.")
    session = open_session()
    if parts.username:
        session.auth = _auth(host, unquote(parts.username), unquote(parts.password or ""))
    return Endpoint(session, parts._replace(netloc=host, query="", fragment="").geturl())


def _auth(host: str, user: str, password: str) -> "Callable[[requests.PreparedRequest], requests.PreparedRequest]":
    """Basic authentication towards one host: the index may name files on another one."""
    from requests.auth import HTTPBasicAuth

    basic = HTTPBasicAuth(user, password)
    return lambda request: basic(request) if _host(request.url or "") == host else request


def _host(url: str) -> str:
    """Host and port, without credentials."""
    parts = urlsplit(url)
    name = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else str(parts.hostname)
    return f"{name}:{parts.port}" if parts.port else name


def _advice() -> "Advice":
    from registry.remote.network import Advice

    return Advice(
        check="Check the network and PIP_INDEX_URL, then run the same command again.",
        log_in="Put credentials into PIP_INDEX_URL (or pip's index-url); they are never stored.",
    )


def _pip_index() -> str:
    """What pip's own configuration names; empty where there is no pip or it names none."""
    # -P: else a folder called pip where the user stands would be run.
    command = [sys.executable, "-P", "-m", "pip", "config", "get", "global.index-url"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


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
