"""The contract of a source: where raw bytes come from and how they are pinned.

A source fetches files; it never reads what is in them, and nothing that it fetches is ever executed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from registry.progress import Progress


@dataclass(frozen=True)
class FetchContext:
    """Where fetched bytes go and what is allowed. `home` is `.bench`, `project` the folder of relative paths."""

    project: Path
    home: Path
    offline: bool
    progress: Progress
    pins: Mapping[str, str] = field(default_factory=dict)
    """sha256 by source, from `cards.lock`: what a source that the card does not pin must still be."""


class RawFile(NamedTuple):
    """One fetched file. `name` is how the source calls it; `path` is where its bytes lie now."""

    name: str
    path: Path
    sha256: str


class Source(Protocol):
    """A frozen value, written in a card under the name of its kind."""

    @property
    def artifact_name(self) -> str | None:
        """The name of its only file where its fields alone say which bytes are meant; None where they may change."""

    def fetch(self, context: FetchContext, sha256: str | None) -> tuple[RawFile, ...]:
        """The raw files, in order of name. `sha256` is the pin (of the only file) that must hold, where one is known.

        Raises UserError where the bytes cannot be had, or are not the pinned ones.
        """

    def describe(self) -> str:
        """One line for people: what is fetched from where."""
