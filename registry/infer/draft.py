"""A dataset card being written: its values, a comment for each, and the YAML of both.

`bench card new` and `bench card infer` both end here. Owns the look of a written card; guesses nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from registry import yamlsource
from registry.card import DatasetCard
from registry.cardfile import card_from
from registry.errors import CardProblems, UserError
from registry.infer import emit


@dataclass(frozen=True)
class Draft:
    """The keys of a card in the order in which they are written; empty ones are left out."""

    name: str
    title: str
    kind: str = "task"
    domain: str = ""
    description: str = ""
    languages: tuple[str, ...] = ("und",)
    license: Mapping[str, Any] = field(default_factory=lambda: {"spdx": "NOASSERTION"})
    citation: str = ""
    creators: tuple[str, ...] = ()
    published: str = ""
    url: str = ""
    task: str = "text-classification"
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    select: str = ""
    collection: str = ""
    annotation: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] | Mapping[str, Any] = ()
    """Names, or the rules that make labels of votes on a scale."""
    clean: tuple[Any, ...] = ()
    split: Mapping[str, Any] = field(default_factory=dict)
    margin: float | None = None
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Comments by key; under the empty key, of the whole card."""

    @property
    def file(self) -> str:
        """Where the card belongs, relative to the project."""
        return f"cards/datasets/{self.kind}/{self.name}.yaml"


def written(draft: Draft) -> str:
    """The card as text."""
    return "\n".join(_lines(draft)) + "\n"


def typed(draft: Draft) -> DatasetCard:
    """The card as it will be read. CardProblems where a value does not fit the grammar."""
    source = yamlsource.parse(written(draft), draft.file)
    return card_from(source, source.data)


def checked(draft: Draft) -> DatasetCard:
    """As `typed`, for a file that is not there yet: UserError in terms of what the user gave, without lines."""
    try:
        return typed(draft)
    except CardProblems as error:
        raise plainly(error) from None


def plainly(error: CardProblems) -> UserError:
    """The mistakes of a card that is not written yet, in terms of what the user gave."""
    first = error.problems[0].path[:1]
    where = "the source you named" if first in ((), ("sources",)) else f"the {first[0]} of the new card"
    do = " ".join(dict.fromkeys(one.do for one in error.problems if one.do))
    return UserError("; ".join(dict.fromkeys(one.what for one in error.problems)), where=where, do=do)


def _lines(draft: Draft) -> Iterator[str]:
    yield from _comments(draft, "")
    for key in (one.name for one in fields(draft) if one.name != "notes"):
        value = getattr(draft, key)
        if value:
            yield from _comments(draft, key)
            yield from _several(key, value)


def _several(key: str, value: Any) -> Iterator[str]:
    """The lines of one key."""
    if key == "sources":
        yield "sources:"
        for name, entry in value.items():
            yield f"  {emit.scalar(name)}:"
            yield from _block(entry, "    ")
    elif key == "annotation":
        yield "annotation:"
        yield from _block(value, "  ")
    else:
        yield f"{key}: {emit.block(value) if key in ('select', 'collection') else emit.value(value)}"


def _block(entry: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in entry.items():
        yield f"{indent}{key}: {emit.value(value)}"


def _comments(draft: Draft, key: str) -> Iterator[str]:
    for note in draft.notes.get(key, ()):
        yield from emit.comment(note)
