"""All cards by name: the shipped ones, and the project's, which shadow them.

Owns finding files and `like:` inheritance. Turning a file into a typed card is `registry.cardfile`'s work for
datasets and `harness.spec`'s for models and suites.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from registry import yamlsource
from registry.card import DatasetCard
from registry.cardfile import card_from
from registry.errors import CardProblems, Problem, UserError, nearest
from registry.project import Project, shipped
from registry.yamlsource import YamlSource


class CardFile(NamedTuple):
    """One card on disk. `shown_as` is how messages call it."""

    name: str
    path: Path
    shown_as: str
    shipped: bool
    shadows: bool = False


class Merged(NamedTuple):
    """A file, its keys over those of the card it is `like`, and the texts that took part."""

    source: YamlSource
    data: Mapping[str, Any]
    text: str


@dataclass(frozen=True)
class Catalog:
    """Every card of a project, found by name when asked for."""

    project: Project

    @cached_property
    def _cards(self) -> dict[str, DatasetCard]:
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

    def dataset(self, name: str) -> DatasetCard:
        """The typed card, read once. CardProblems with every mistake in it; UserError for a name that is not there."""
        if name not in self._cards:
            merged = self.merged("datasets", name)
            self._cards[name] = card_from(merged.source, merged.data)
        return self._cards[name]

    def merged(self, section: str, name: str) -> Merged:
        """A card's YAML with what `like:` brings in, top-level key by key; a null removes a key."""
        return self._merged(section, self.file(section, name), ())

    def _merged(self, section: str, file: CardFile, seen: tuple[str, ...]) -> Merged:
        source = yamlsource.read(file.path, file.shown_as)
        parent, seen = source.data.get("like"), (*seen, file.name)
        if parent is None:
            return Merged(source, source.data, source.text)
        # A shipped card is like another shipped one, whatever a project puts in that one's place.
        known = self._shipped(section) if file.shipped else self.section(section)
        if not isinstance(parent, str) or parent in seen or parent not in known:
            raise CardProblems([_no_parent(source, parent, seen, known)], 1)
        above = self._merged(section, known[parent], seen)
        kept = {key: value for key, value in above.data.items() if key not in ("name", "like", "anchors")}
        text = f"{source.text}\n# --- {parent} ---\n{above.text}"
        return Merged(source, {**kept, **source.data}, text)

    def file(self, section: str, name: str) -> CardFile:
        """The file of a card. UserError with the nearest name when there is none."""
        known = self.section(section)
        if name not in known:
            noun = section[:-1]
            what = f'there is no {noun} card "{name}"{nearest(name, known)}.'
            raise UserError(what, do=f"`bench list {section}` shows all {len(known)}.")
        return known[name]

    def _shipped(self, section: str) -> dict[str, CardFile]:
        return {file.name: file for file in _files(shipped(), section, is_shipped=True)}

    def _section(self, section: str) -> dict[str, CardFile]:
        ours = self.project.root.resolve() != shipped().resolve()
        found = self._shipped(section)
        if ours:
            for file in _files(self.project.root, section, is_shipped=False):
                found[file.name] = file._replace(shadows=file.name in found)
        return dict(sorted(found.items()))


def _files(root: Path, section: str, *, is_shipped: bool) -> Iterator[CardFile]:
    prefix = "" if not is_shipped or root == Path.cwd().resolve() else "shipped:"
    owners: dict[str, str] = {}
    for path in sorted((root / "cards" / section).glob("**/*.yaml")):
        shown = prefix + path.relative_to(root).as_posix()
        if path.stem in owners:
            do = "Rename one of them; names are unique in a project."
            raise UserError(f'the card "{path.stem}" is also in {owners[path.stem]}', where=shown, do=do)
        owners[path.stem] = shown
        yield CardFile(path.stem, path, shown, is_shipped)


def _no_parent(source: YamlSource, parent: Any, seen: tuple[str, ...], known: Mapping[str, CardFile]) -> Problem:
    if parent in seen:
        return source.problem(("like",), f"inherits from itself: {' -> '.join((*seen, str(parent)))}")
    others = [name for name in known if name not in seen]
    return source.problem(("like",), f'there is no card "{parent}"{nearest(str(parent), others)}')
