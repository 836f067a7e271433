"""Fetching in tests: by the way that a build fetches, with the store, pins and notes."""

from registry import fetching
from registry.source import FetchContext, Pin, RawFile, Source


def files(source: Source, context: FetchContext, sha256: str | None = None) -> tuple[RawFile, ...]:
    """The files of a source; `sha256` as a card would pin them."""
    pin = Pin({"": sha256}) if sha256 else fetching.NO_PIN
    return fetching.fetch(kind_of(source), source, context, pin).files


def kind_of(source: Source) -> str:
    """The word for it in a card: the name of its module."""
    return type(source).__module__.rpartition(".")[2]
