"""One piece of an annotator's work, held against the card and its items: whose it is, about what, and what it says.

Owns what makes an answer acceptable. An answer about a text that reads otherwise today, under a label that the card
does not know, or by somebody who may not annotate, is an error; what is no answer at all is skipped with its reason.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
        """One answer. ValueError or UserError with what is wrong with it."""
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
            do = "Ask again with `bench annotate export`, or leave such answers out: `--skip-changed`."
            raise UserError("the text has changed since it was annotated", do=do)
        answer = tool.answer(work, self.form, self.labels)
        if answer is None:
            return Skipped(EMPTY)
        return Entry(
            item=item.id,
            shown=item.shown,
            role=self._role(carried),
            annotator=self._annotator(row, file),
            answer=self._checked(answer, item),
            time=_checked_time(row.answered),
            tool=name,
            guidelines=self._guidelines(carried),
        )

    def _item(self, row: Answer, carried: Mapping[str, Any]) -> Item:
        """By what the task carried, else by its text."""
        other = carried.get("card", self.card)
        if other != self.card:
            name = clipped(str(other), 64)
            raise UserError(f'it is an answer for the card "{name}"', do="Import it into the card that it is for.")
        if "item" in carried:
            found = self.by_id.get(str(carried["item"]))
            if found is None:
                raise UserError("the card has no such item", do="Restore its row, or take the task out of the file.")
            return found
        alike = self.by_text.get(row.text, ())
        if len(alike) != 1:
            many = f"{len(alike)} items have" if alike else "no item has"
            what = f'it does not name its item, and {many} the text "{clipped(row.text, 60)}"'
            raise UserError(what, do="Tasks that `bench annotate export` wrote name their items.")
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
            raise UserError(
                "it is a vote, and the card asks for none", do="`--as adjudication` takes it as a decision."
            )
        if told in ("vote", "adjudication"):
            return told
        return "vote" if self.asked else "adjudication"

    def _guidelines(self, carried: Mapping[str, Any]) -> str:
        """Those that the task was given out with, else those of today."""
        told = carried.get("guidelines")
        return told if isinstance(told, str) and GUIDELINES.fullmatch(told) else self.guidelines

    def called(self, row: Answer, file: Path) -> str:
        """Who answered, as far as that is told; else empty."""
        told = row.annotator or self._given(file) or ""
        return self.terms.renamed.get(told, told)

    def _given(self, file: Path) -> str | None:
        """Who answered, by what the user says."""
        return file.stem if self.terms.from_filename else self.terms.annotator

    def _annotator(self, row: Answer, file: Path) -> str:
        given = self._given(file)
        said = row.annotator if row.annotator and row.annotator.strip() else None
        if said is not None and given is not None:
            what = f'the export says who answered: "{clipped(said, 60)}"'
            raise UserError(what, do="`--rename` says what they are called, and no other option is needed.")
        told = said if said is not None else given
        if not told:
            do = "`--annotator NAME` or `--annotator-from-filename` does."
            raise UserError("the export does not say who answered", do=do)
        name = self.terms.renamed.get(told, told)
        roster = self.asked.annotators if self.asked else ()
        if roster and name not in roster:
            known = clipped(", ".join(roster), 200)
            what = f'"{clipped(name, 60)}" is not one of the card\'s annotators ({known}){nearest(name, roster)}'
            raise UserError(what, do=f"Say who that is: `--rename {clipped(told, 60)}=NAME`.")
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
            what = f'"{clipped(strange, 60)}" is no label of the card{nearest(strange, known)}'
            raise UserError(what, do="Add it to `labels:`, or say under `migrations:` what it is now.")


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


def instant(time: str) -> datetime:
    """A time in ISO 8601; one without an offset is in UTC. ValueError for what is none."""
    found = datetime.fromisoformat(time)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _checked_time(time: str | None) -> str | None:
    try:
        if time is not None:
            instant(time)
    except ValueError:
        raise ValueError(f'"{clipped(str(time), 60)}" is no time in ISO 8601') from None
    return time
