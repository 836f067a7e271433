"""The contract of a source: where raw bytes come from and what pins them.

A source asks its origin for files; it never reads what is in them, and nothing that it fetches is ever executed.
`registry.fetching` decides whether the origin is asked at all: what was fetched once is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from registry.progress import Progress
from registry.reading.formats import Guess

if TYPE_CHECKING:
    from registry.store import Published

STORE = "sources"
"""The folder of `.bench` where fetched files lie, each under the sha256 of its bytes."""

CHANGED = (
    "Where the change is meant, correct `sha256:` in the card, or run `bench build --update` where only cards.lock "
    "pins it; otherwise distrust it."
)
"""What to do about bytes that are not the pinned ones."""


class Pin(NamedTuple):
    """What a source must still be. Empty where nothing is known of it yet."""

    files: Mapping[str, str] = MappingProxyType({})
    """sha256 by file name; under the empty name, of the only file, whatever it is called."""
    revision: str = ""
    """The commit, where the origin has commits."""

    @property
    def only(self) -> str:
        """The sha256 of the only file; empty where it is not known or there are several."""
        return next(iter(self.files.values())) if len(self.files) == 1 else ""


class RawFile(NamedTuple):
    """One fetched file. `name` is how the source calls it; `path` is where its bytes lie now.

    `sha256` says what is in it. It is that of the bytes, but for tables that we wrote ourselves (sql, version):
    Parquet bytes differ between library versions, so there it is that of the rows in canonical form.
    """

    name: str
    path: Path
    sha256: str


class Fetched(NamedTuple):
    """The files of a source, in order of name, and the commit that they are of, where the origin has commits."""

    files: tuple[RawFile, ...]
    revision: str = ""


@dataclass(frozen=True)
class FetchContext:
    """Where fetched bytes go and what is allowed. `home` is `.bench`, `project` the folder of relative paths."""

    project: Path
    home: Path
    offline: bool
    progress: Progress
    pins: Mapping[str, Pin] = field(default_factory=dict)
    """By source, from `cards.lock`: what a source that the card does not pin must still be."""
    update: bool = False
    """Ask every origin anew, and accept what it has now where only the lock says otherwise."""
    layers: Path | None = None
    """The folder of the card's imported annotations; None where nobody looks at them."""
    version_of: "Callable[[str], Published] | None" = None
    """The published version of another card, built where it is not; for cards that derive from cards."""

    @property
    def store(self) -> Path:
        return self.home / STORE


class Source(Protocol):
    """A frozen value, written in a card under the name of its kind."""

    @property
    def live(self) -> bool:
        """Whether the origin is looked at on every build, as files of the project are; False: fetched once and kept.

        A kind that is always one of them says so on its class.
        """

    @property
    def file_name(self) -> str | None:
        """The name of its only file, where the source's fields alone tell it."""

    @property
    def default_format(self) -> Guess | None:
        """How its files are read where the card does not say; None where the card must."""

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The files as the origin has them, landed in `context.store` unless they are the project's own.

        `pin` saves work and lets a source refuse before it fetches; `registry.fetching` checks it afterwards.
        Raises UserError where the bytes cannot be had, or are not the pinned ones.
        """

    def describe(self) -> str:
        """One line for people: what is fetched from where. Holds no credentials."""
