"""All cards by name: the shipped ones, and the project's, which shadow them.

Owns finding files and `like:` inheritance. Turning a file into a typed card is `registry.cardfile`'s work for
datasets and `harness.spec`'s for models and suites.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from registry.errors import CardProblems, Problem, UserError, nearest
from registry.project import SECTIONS, Project, shipped

if TYPE_CHECKING:
    from registry.card import DatasetCard
    from registry.yamlsource import YamlSource

SUFFIX = ".yaml"
MAX_ANCESTORS = 16
NOT_INHERITED = ("name", "like", "anchors", "superseded_by", "deprecated")
"""What is said of one card only."""


class CardFile(NamedTuple):
    """One card on disk. `shown_as` is how messages call it."""

    name: str
    location: str
    """Its path as a text: 10,000 `Path` objects take longer to make than a list of 10,000 cards."""
    shown_as: str
    shipped: bool
    shadows: bool = False

    @property
    def path(self) -> Path:
        return Path(self.location)


class Merged(NamedTuple):
    """A file, its keys over those of the card it is `like`, and the texts that took part."""

    source: "YamlSource"
    data: Mapping[str, Any]
    text: str


@dataclass(frozen=True)
class Catalog:
    """Every card of a project, found by name when asked for."""

    project: Project

    @cached_property
    def _cards(self) -> "dict[str, DatasetCard]":
        return {}

    @cached_property
    def datasets(self) -> dict[str, CardFile]:
        return self._section("datasets")

    @cached_property
    def models(self) -> dict[str, CardFile]:
        return self._section("models")

    @cached_property
    def suites(self) -> dict[str, CardFile]:
        return self._section("suites")

    def section(self, section: str) -> dict[str, CardFile]:
        found: dict[str, CardFile] = getattr(self, section)
        return found

    def dataset(self, name: str) -> "DatasetCard":
        """The typed card, read once. CardProblems with every mistake in it; UserError for a name that is not there."""
        from registry.cardfile import card_from

        if name not in self._cards:
            merged = self.merged("datasets", name)
            self._cards[name] = card_from(merged.source, merged.data)
        return self._cards[name]

    def merged(self, section: str, name: str) -> Merged:
        """A card's YAML with what `like:` brings in, top-level key by key; a null removes a key."""
        return self._merged(section, self.file(section, name), ())

    def siblings(self, section: str, file: CardFile) -> dict[str, CardFile]:
        """The cards that this one can be `like`.

        A shipped card is like another shipped one, whatever a project puts in that one's place.
        """
        return self.shipped[section] if file.shipped else self.section(section)

    def _merged(self, section: str, file: CardFile, seen: tuple[str, ...]) -> Merged:
        from registry import yamlsource

        source = yamlsource.read(file.path, file.shown_as)
        parent, seen = source.data.get("like"), (*seen, file.name)
        if parent is None:
            return Merged(source, source.data, source.text)
        known = self.siblings(section, file)
        if not isinstance(parent, str) or parent in seen or parent not in known:
            raise CardProblems([_no_parent(source, parent, seen, known)], 1)
        if len(seen) > MAX_ANCESTORS:
            raise CardProblems([source.problem(("like",), f"inherits through more than {MAX_ANCESTORS} cards")], 1)
        above = self._merged(section, known[parent], seen)
        text = f"{source.text}\n# --- {parent} ---\n{above.text}"
        return Merged(source, inherited(above.data, source.data), text)

    def file(self, section: str, name: str) -> CardFile:
        """The file of a card. UserError with the nearest name when there is none."""
        known = self.section(section)
        if name not in known:
            noun = section[:-1]
            what = f'there is no {noun} card "{name}"{nearest(name, known)}.'
            raise UserError(what, do=f"`bench list {section}` shows all {len(known)}.")
        return known[name]

    @cached_property
    def shipped(self) -> dict[str, dict[str, CardFile]]:
        """The cards of each section that ship, those that the project shadows among them."""
        return {section: _files(shipped(), section, is_shipped=True) for section in SECTIONS}

    def _section(self, section: str) -> dict[str, CardFile]:
        found = dict(self.shipped[section])
        if self.project.root.resolve() != shipped().resolve():
            for name, file in _files(self.project.root, section, is_shipped=False).items():
                found[name] = file._replace(shadows=True) if name in found else file
        return {name: found[name] for name in sorted(found)}


def inherited(above: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A card's own keys over those of the card that it is like."""
    return {**{key: value for key, value in above.items() if key not in NOT_INHERITED}, **own}


def walk(folder: Path) -> Iterator[str]:
    """Every file below a folder but hidden ones, by path relative to it; links to folders are not followed."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(folder / below) as entries:
                for entry in entries:
                    path = below + entry.name
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{path}/")
                    else:
                        yield path
        except (FileNotFoundError, NotADirectoryError):
            continue  # a project need not have every section
        except OSError as error:
            raise UserError(f"cannot be read: {error.strerror}", where=str(folder / below)) from error


def _files(root: Path, section: str, *, is_shipped: bool) -> dict[str, CardFile]:
    prefix = "" if not is_shipped or root == Path.cwd().resolve() else "shipped:"
    folder, found = f"cards/{section}/", dict[str, CardFile]()
    above = f"{root}/{folder}"
    for path in sorted(walk(root / folder)):
        if not path.endswith(SUFFIX):
            continue
        shown, name = f"{prefix}{folder}{path}", path[path.rfind("/") + 1 : -len(SUFFIX)]
        if name in found:
            do = "Rename one of them; names are unique in a project."
            raise UserError(f'the card "{name}" is also in {found[name].shown_as}', where=shown, do=do)
        found[name] = CardFile(name, above + path, shown, is_shipped)
    return found


def _no_parent(source: "YamlSource", parent: Any, seen: tuple[str, ...], known: Mapping[str, CardFile]) -> Problem:
    if parent in seen:
        return source.problem(("like",), f"inherits from itself: {' -> '.join((*seen, str(parent)))}")
    others = [name for name in known if name not in seen]
    return source.problem(("like",), f'there is no card "{parent}"{nearest(str(parent), others)}')
