"""Accessibility: the licence, whether every source is pinned and at hand, and whether a rebuild gives the same bits.

Opens no socket: a source is at hand where its files lie in the project or the store.
"""

from registry import build, lock
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.errors import UserError
from registry.fetching import fetch_named
from registry.progress import Silent
from registry.quality.measure import Measure, Part, Verdict, absent
from registry.store import SHORT, Published

STATED = "a clear licence that lets anyone use it (FAIR principle R1.1, Wilkinson et al. 2016)"
KEPT = "all: retrievable by an identifier (FAIR principle A1, Wilkinson et al. 2016)"
REPRODUCIBLE = "bit-by-bit identical (reproducible-builds.org, definition)"


def access_part(card: DatasetCard, published: Published, catalog: Catalog) -> Part:
    """How a stranger could use this version and make it again."""
    measures = (
        licence(card),
        pinned(card, catalog),
        at_hand(card, catalog),
        rebuilds(card, published, catalog),
    )
    return Part("access", "Accessibility", measures)


def licence(card: DatasetCard) -> Measure:
    """Its SPDX id and use."""
    note = "; ".join(part for part in (f"use: {card.license.use}", card.license.note) if part)
    if card.license.spdx == "NOASSERTION":
        return Measure("licence", card.license.spdx, "SPDX", note, verdict="poor", rule=STATED)
    verdict: Verdict = "good" if card.license.use == "any" else "fair"
    return Measure("licence", card.license.spdx, "SPDX", note, verdict=verdict, rule=STATED)


def pinned(card: DatasetCard, catalog: Catalog) -> Measure:
    """The share of sources whose bytes are named by sha256, in the card or in `cards.lock`."""
    entry = lock.entry(catalog.project, card.name)
    locked = set(entry.sources) if entry else set()
    loose = [name for name, spec in card.sources.items() if not spec.sha256 and name not in locked]
    return _share("sources pinned", card, loose, "neither the card nor cards.lock says what these were")


def at_hand(card: DatasetCard, catalog: Catalog) -> Measure:
    """The share of sources that a build finds here without a network."""
    context = build.fetch_context(card.name, catalog, offline=True, progress=Silent())
    gone = []
    for name, spec in card.sources.items():
        try:
            fetch_named(name, spec, context)
        except UserError:
            gone.append(name)
    return _share("sources at hand", card, gone, "a build without a network lacks these")


def rebuilds(card: DatasetCard, published: Published, catalog: Catalog) -> Measure:
    """Whether this version is the one that `cards.lock` has for the same inputs."""
    entry, name = lock.entry(catalog.project, card.name), "rebuilds bit for bit"
    if entry is None:
        return absent(name, "", f"cards.lock has no entry for it; `bench build {card.name}` writes one")
    if entry.build_key != published.manifest["build_key"]:
        return absent(name, "", f"cards.lock has other inputs; `bench build {card.name}` renews it")
    same, note = entry.content_digest == published.digest, f"content digest {published.digest[:SHORT]}"
    if same:
        return Measure(name, "yes", "", f"{note}, as cards.lock has it", verdict="good", rule=REPRODUCIBLE)
    told = f"{note}; cards.lock has {entry.content_digest[:SHORT]} for the same inputs"
    return Measure(name, "no", "", told, verdict="poor", rule=REPRODUCIBLE)


def _share(name: str, card: DatasetCard, lacking: list[str], why: str) -> Measure:
    total = len(card.sources)
    note = f"{total - len(lacking)} of {total}" + (f"; {why}: {', '.join(lacking)}" if lacking else "")
    verdict: Verdict = "poor" if lacking else "good"
    return Measure(name, (total - len(lacking)) / total, "share of sources", note, verdict=verdict, rule=KEPT)
