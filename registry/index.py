"""What lists, filters and searches need to know of every card, without parsing 10,000 cards each time.

Owns which facts these are. What a file says itself is remembered; what `like:` brings in is put together each time,
since it depends on other files. A card that is wrong is listed as well as it can be: checking is for `card check`.
"""

import json
import os
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from registry.catalog import MAX_ANCESTORS, CardFile, Catalog, inherited
from registry.errors import UserError
from registry.kinds import SOURCES
from registry.memo import remembered
from registry.progress import Progress
from registry.project import Project, holds_cards, shipped

MAX_TEXT = 2000
"""Characters of a text that are remembered, and searched."""

Said = list[Any] | dict[str, Any]
"""What one file says, as plain JSON: all facts in order, or by key where the card is like another one."""


class Facts(NamedTuple):
    """What a card says, by its keys; empty where it does not say, or says nonsense."""

    title: str = ""
    description: str = ""
    citation: str = ""
    """This and the description only as searches compare them."""
    kind: str = ""
    domain: str = ""
    task: str = ""
    languages: Sequence[str] = ()
    license: Sequence[str] = ("", "")
    """SPDX id and use."""
    labels: Sequence[str] = ()
    superseded_by: str = ""
    deprecated: str = ""
    sources: bool = False
    """Whether one is fetched once and kept, so that a lock entry pins it."""
    unreadable: bool = False


UNREADABLE = Facts(unreadable=True)


class Entry(NamedTuple):
    """A card in a list. `rows` of the version that was built last; None where there is none in the store."""

    section: str
    file: CardFile
    facts: Facts
    locked: bool
    rows: int | None


def entries(catalog: Catalog, section: str, progress: Progress) -> list[Entry]:
    """Every card of a section, by name."""
    store, files = _Store(catalog.project, progress), catalog.section(section)
    shipped_too = catalog.shipped[section]
    locations = {file.location: None for known in (shipped_too, files) for file in known.values()}
    said = store.recall(section, locations, _said, " ".join((*Facts._fields, *SOURCES.names())))
    locked, rows = (store.locked(), store.rows()) if section == "datasets" else (set[str](), dict[str, int]())
    return [
        Entry(section, file, _facts(catalog, section, file, said), name in locked, rows.get(name))
        for name, file in files.items()
    ]


class _Store(NamedTuple):
    """Where a project's memories lie: one file for each section, for the locks, and for the versions."""

    project: Project
    progress: Progress

    def recall(self, what: str, files: Iterable[str], work: Callable[[str], Any], basis: str = "") -> dict[str, Any]:
        # A store may serve several projects, and a folder that is none is left as it is.
        root = zlib.crc32(str(self.project.root).encode("utf-8", "surrogateescape"))
        keep = self.project.home.is_dir() or holds_cards(self.project.root)
        memory = self.project.home / "index" / f"{what}-{root:08x}.json"
        return remembered(memory, files, work, self.progress, basis=basis, keep=keep)

    def locked(self) -> set[str]:
        """The cards that have an entry in the project's lock or in the one that ships."""
        locks = {str(folder / "cards.lock"): None for folder in (self.project.root, shipped())}
        return {name for names in self.recall("locks", locks, _lock_names).values() for name in names}

    def rows(self) -> dict[str, int]:
        """The rows of the version of each card that was published last."""
        folder = self.project.home / "versions"
        cards = [f"{folder}/{name}" for name in _names(folder)]
        found = self.recall("versions", cards, _newest_rows)
        return {card[card.rfind("/") + 1 :]: rows for card, rows in found.items() if rows is not None}


def _said(location: str) -> Said:
    """What a card's own file says of what lists need."""
    from registry import yamlsource

    try:
        data = yamlsource.read(Path(location), location).data
    except UserError:
        return _plain(UNREADABLE)
    said = {key: told(data[key]) for key, told in TOLD.items() if data.get(key) is not None}
    removed = {key: None for key in TOLD if key in data and data[key] is None}
    return {**said, **removed} if "like" in said else _plain(Facts(**said))


def _plain(facts: Facts) -> list[Any]:
    """As JSON gives it back."""
    return [list(value) if isinstance(value, tuple) else value for value in facts]


def _text(value: Any) -> str:
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(getattr(value, "written", value))[:MAX_TEXT] if known else ""


def folded(text: str) -> str:
    """A text without what a search does not tell apart: letter case, and the width of characters."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _searched(value: Any) -> str:
    return folded(_text(value))


def _texts(value: Any) -> list[str]:
    return [_text(item) for item in value] if isinstance(value, list) else []


def _license(value: Any) -> list[str]:
    return [_text(value.get("spdx", "")), _text(value.get("use", "any"))] if isinstance(value, dict) else ["", ""]


def _labels(value: Any) -> list[str]:
    rules = value.get("from") if isinstance(value, dict) else None
    return [_text(name) for name in rules] if isinstance(rules, dict) else _texts(value)


def _any_fetched(value: Any) -> bool:
    sources = [source for source in value.values() if isinstance(source, dict)] if isinstance(value, dict) else []
    kinds = {kind for source in sources for kind in source if kind in SOURCES.names()}
    return any(SOURCES.get(kind).live is not True for kind in kinds)


TOLD: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("title", "kind", "domain", "task", "like", "superseded_by", "deprecated"), _text),
    **dict.fromkeys(("description", "citation"), _searched),
    "languages": _texts,
    "license": _license,
    "labels": _labels,
    "sources": _any_fetched,
}
"""The keys that are remembered, and as what."""


def _facts(catalog: Catalog, section: str, file: CardFile, said: Mapping[str, Said]) -> Facts:
    """What a card says together with the cards that it is like."""
    own = said.get(file.location, UNREADABLE)
    line: list[dict[str, Any]] = []
    while isinstance(own, dict):
        line.append(own)
        above = catalog.siblings(section, file).get(own["like"])
        if above is None or len(line) > MAX_ANCESTORS:
            return Facts(**{**_told(own), "unreadable": True})
        file, own = above, said.get(above.location, UNREADABLE)
    if not line:
        return Facts._make(own)
    whole = Facts._make(own)._asdict()
    while line:
        whole = inherited(whole, line.pop())
    return Facts(**_told(whole))


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value is not None and key != "like"}


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names are enough
    except OSError:
        return []


def _newest_rows(card: str) -> int | None:
    """The rows of the newest version in a card's folder of the store."""
    manifests = sorted(Path(card).glob("*/manifest.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for manifest in manifests:
        try:
            return int(json.loads(manifest.read_bytes())["rows_kept"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue  # damaged: `bench build` and `bench run` say so
    return None


def _lock_names(lock: str) -> list[str]:
    try:
        text = Path(lock).read_text(encoding="utf-8")
        return list(json.loads(text)["cards"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        do = "Restore it from version control; if it holds merge markers, keep either side and build again."
        raise UserError(f"is not a lock file: {error}", where=lock, do=do) from error
