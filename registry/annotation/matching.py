"""One piece of an annotator's work, held against the card and its items: whose it is, about what, and what it says.

Owns what makes an answer acceptable. An answer about a text that reads otherwise today, under a label that the card
does not know, or by somebody who may not annotate, is an error; what is no answer at all is skipped with its reason.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from registry.annotation.answers import spelled
from registry.annotation.layers import Entry
from registry.annotation.spec import LABELLED, Annotation, Form
from registry.annotation.tool import Role, Tool, joined
from registry.errors import UserError, clipped, nearest
from registry.reading.answers import Answer

GUIDELINES = re.compile("[0-9a-f]{12}")
CANCELLED, EMPTY, CHANGED = "cancelled or ignored", "not answered", "about a text that has changed"


@dataclass(frozen=True)
class Terms:
    """How an import reads what exports leave open."""

    tool: str | None = None
    """None where the content of the files tells it."""
    annotator: str | None = None
    """Who answered, where the export does not say it."""
    from_filename: bool = False
    """Whether each file is named after who answered."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """By what the export calls an annotator, the name."""
    role: Role | None = None
    """None for what the tasks were given out for."""
    skip_changed: bool = False
    """Whether answers about texts that have changed are left out instead of refused."""


def renames(written: Iterable[str]) -> dict[str, str]:
    """What `ID=NAME` says, one a text. UserError for what says nothing, or two names for one id."""
    found: dict[str, str] = {}
    for text in written:
        told, equals, name = text.rpartition("=")
        if not (told and equals and name) or found.get(told, name) != name:
            what = f'"{clipped(text, 60)}" does not say what one annotator is called'
            raise UserError(what, do="Write ID=NAME, once for each ID: `--rename 1=ann`.")
        found[told] = name
    return found


class Item(NamedTuple):
    id: str
    shown: str
    texts: tuple[str, ...]


class Skipped(NamedTuple):
    """Work that is no answer, and why."""

    reason: str


@dataclass(frozen=True)
class Desk:
    """What answers are held against."""

    card: str
    asked: Annotation | None
    labels: tuple[str, ...]
    guidelines: str
    """The digest of those in force, for answers that do not carry one."""
    by_id: Mapping[str, Item]
    by_text: Mapping[str, Sequence[Item]]
    terms: Terms

    @property
    def form(self) -> Form:
        return self.asked.answer if self.asked else "single"

    def take(self, work: Sequence[Answer], tool: Tool, name: str, file: Path) -> Entry | Skipped:
        """One answer. ValueError with what is wrong with it."""
        row = work[0]
        if any(one.cancelled for one in work):
            return Skipped(CANCELLED)
        if all(one.answer is None for one in work):
            return Skipped(EMPTY)
        carried = tool.metadata(json.loads(row.data or "{}"))
        item = self._item(row, carried)
        if not self._reads_the_same(item, row.text, carried):
            if self.terms.skip_changed:
                return Skipped(CHANGED)
            raise ValueError(f'the text of the item "{clipped(item.id, 60)}" has changed since it was annotated')
        answer = tool.answer(work, self.form, self.labels)
        if answer is None:
            return Skipped(EMPTY)
        return Entry(
            item=item.id,
            shown=item.shown,
            role=self._role(carried),
            annotator=self._annotator(row, file),
            answer=self._checked(answer, item),
            time=row.answered,
            tool=name,
            guidelines=self._guidelines(carried),
        )

    def _item(self, row: Answer, carried: Mapping[str, Any]) -> Item:
        """By what the task carried, else by its text."""
        other = carried.get("card", self.card)
        if other != self.card:
            raise ValueError(f'it is an answer for the card "{clipped(str(other), 64)}"')
        if "item" in carried:
            found = self.by_id.get(str(carried["item"]))
            if found is None:
                raise ValueError(f'the card has no item "{clipped(str(carried["item"]), 60)}"')
            return found
        alike = self.by_text.get(row.text, ())
        if len(alike) != 1:
            many = f"{len(alike)} items have" if alike else "no item has"
            raise ValueError(f'it does not name its item, and {many} the text "{clipped(row.text, 60)}"')
        return alike[0]

    def _reads_the_same(self, item: Item, text: str, carried: Mapping[str, Any]) -> bool:
        """Whether the item is as it was given out, and came back so; tools may trim where no part of it is marked."""
        if carried.get("shown", item.shown) != item.shown:
            return False
        ours = (item.texts[0], joined(item.texts))
        if self.form in ("spans", "relations"):
            return text in ours
        return text.split() in [our.split() for our in ours]

    def _role(self, carried: Mapping[str, Any]) -> Role:
        told = self.terms.role or carried.get("purpose")
        if told == "vote" and self.asked is None:
            raise ValueError("it is a vote, and the card asks for none; `--as adjudication` takes it as a decision")
        if told in ("vote", "adjudication"):
            return told
        return "vote" if self.asked else "adjudication"

    def _guidelines(self, carried: Mapping[str, Any]) -> str:
        """Those that the task was given out with, else those of today."""
        told = carried.get("guidelines")
        return told if isinstance(told, str) and GUIDELINES.fullmatch(told) else self.guidelines

    def _annotator(self, row: Answer, file: Path) -> str:
        given = file.stem if self.terms.from_filename else self.terms.annotator
        said = row.annotator if row.annotator and row.annotator.strip() else None
        if said is not None and given is not None:
            raise ValueError(f'the export says who answered: "{clipped(said, 60)}"; `--rename` says their name')
        told = said if said is not None else given
        if not told:
            raise ValueError(
                "the export does not say who answered; `--annotator NAME` or `--annotator-from-filename` does"
            )
        name = self.terms.renamed.get(told, told)
        roster = self.asked.annotators if self.asked else ()
        if roster and name not in roster:
            known = clipped(", ".join(roster), 200)
            raise ValueError(
                f'"{clipped(name, 60)}" is not one of the card\'s annotators ({known}){nearest(name, roster)}'
            )
        return name

    def _checked(self, answer: Any, item: Item) -> Any:
        """The answer in its one spelling, as JSON."""
        found = spelled(self.form, answer)
        if isinstance(found, float):
            scale = self.asked.scale if self.asked else None
            if scale and not scale.min <= found <= scale.max:
                raise ValueError(f"{found:g} is not on the scale from {scale.min:g} to {scale.max:g}")
            return found
        value = found if self.form in (*LABELLED, "text") else json.loads(found)
        self._refuse_labels(value)
        for start, end, _ in marks_of(value, self.form):
            if end > len(item.texts[0]):
                raise ValueError(f"a span from {start} to {end} ends behind the text, at {len(item.texts[0])}")
        return value

    def _refuse_labels(self, value: Any) -> None:
        """ValueError for labels that the card neither has nor had."""
        known = {*self.labels, *(self.asked.migrations if self.asked else ())}
        used = _used(value, self.form)
        strange = next((label for label in used if label not in known), None)
        if strange is not None:
            raise ValueError(f'"{clipped(strange, 60)}" is no label of the card{nearest(strange, known)}')


def _used(value: Any, form: Form) -> list[str]:
    """The labels that an answer uses."""
    if form == "text":
        return []
    if form in LABELLED:
        return [value]
    if form == "multi":
        return list(value)
    kinds = [kind for _, _, kind in value] if form == "relations" else []
    return [label for _, _, label in marks_of(value, form)] + kinds


def marks_of(value: Any, form: Form) -> list[Any]:
    """The spans of an answer."""
    if form == "relations":
        return [mark for head, tail, _ in value for mark in (head, tail)]
    return list(value) if form == "spans" else []


def problem(error: ValueError | UserError, where: str) -> UserError:
    """What is wrong with an answer, at its place."""
    return error.at(where) if isinstance(error, UserError) else UserError(str(error), where=where)
