"""The contract of an annotation tool: the files that it is given for a batch of items, and what its answers say.

One file in `registry/annotation/exchange`, one frozen class named after it. Owns what travels with every task and comes
back with its answer: the card, the item, the digest of what was shown, and what the answer is for.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, runtime_checkable

import polars as pl

from registry.annotation.spec import LABELLED, Form, Scale
from registry.card import DatasetCard
from registry.errors import clipped
from registry.reading.answers import Answer, as_json
from registry.text import INPUTS

Role = Literal["vote", "adjudication"]
QUESTION = "answer"
"""What the question is called in the configuration of a tool, and so in its exports."""
MOST_STEPS = 21
"""A scale with more whole numbers is answered in a field, not by buttons."""


def joined(texts: Sequence[str]) -> str:
    """Texts as one, for tools that show one; spans of the first stay where they are."""
    return "\n\n".join(texts)


class Task(NamedTuple):
    """One item that is asked about."""

    item: str
    shown: str
    texts: tuple[str, ...]
    label: str = ""
    """The label that is to be judged; empty where whoever answers must not know of any."""

    @property
    def fields(self) -> dict[str, str]:
        """The texts by the names of their columns."""
        return dict(zip(INPUTS, self.texts, strict=False))

    @property
    def joined(self) -> str:
        return joined(self.texts)


class Batch(NamedTuple):
    """What annotators are to answer, whatever tool they use."""

    card: str
    language: str
    """A code such as en; xx where the card has several."""
    role: Role
    question: str
    form: Form
    labels: tuple[str, ...]
    scale: Scale | None
    guidelines: str
    """What annotators are told: the question, the card's guidelines, its examples."""
    guidelines_digest: str
    """Of the card's guidelines; empty where it has none."""
    votes_per_item: int
    tasks: tuple[Task, ...]
    """At least one; all have the same number of texts."""

    def metadata(self, task: Task) -> dict[str, str]:
        """What a task carries. Names that no tool uses for anything else."""
        told = {"card": self.card, "item": task.item, "shown": task.shown, "purpose": self.role}
        if self.guidelines_digest:
            told["guidelines"] = self.guidelines_digest
        return told

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the texts."""
        return tuple(self.tasks[0].fields)

    @property
    def steps(self) -> tuple[int, ...]:
        """The whole numbers of a scale that can be offered one by one; empty where it has others, or too many."""
        if self.scale is None or not (self.scale.min.is_integer() and self.scale.max.is_integer()):
            return ()
        steps = range(int(self.scale.min), int(self.scale.max) + 1)
        return tuple(steps) if len(steps) <= MOST_STEPS else ()

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen: the labels, or the numbers of a scale; empty where an answer is written."""
        return tuple(map(str, self.steps)) if self.form == "scale" else () if self.form == "text" else self.labels

    @property
    def reviewed(self) -> bool:
        """Whether labels are shown to be judged."""
        return any(task.label for task in self.tasks)


@runtime_checkable
class Tool(Protocol):
    """A frozen value without fields."""

    forms: ClassVar[tuple[Form, ...]]
    """The forms of answers that it can ask for."""
    reader: ClassVar[str]
    """The format that its exports have, one of `bench list formats`."""
    proven: ClassVar[bool]
    """Whether its spans can be trusted to count as Python does, for it records their text or counts so itself."""
    named: ClassVar[bool]
    """Whether its exports say by name which question was answered."""

    def files(self, batch: Batch) -> dict[str, str]:
        """The texts of the files, by path in a folder. UserError for what the tool cannot take."""

    def wrote(self, entry: dict[str, Any]) -> bool:
        """Whether an object of an export can only be of this tool."""

    def metadata(self, data: dict[str, Any]) -> dict[str, Any]:
        """What a task carried, out of what its export says beside the text."""

    def answer(self, work: Sequence[Answer], form: Form, labels: Sequence[str]) -> Any:
        """The answer that one piece of work gives, as `registry.annotation.answers` takes it; None where there is none.

        ValueError with the reason where it is no answer of this form.
        """


def labels_of(card: DatasetCard, rows: pl.DataFrame) -> tuple[str, ...]:
    """What can be answered: the labels that the card names, else those that its rows have."""
    if card.labels is not None:
        return card.labels.names
    if "label" not in rows.columns:
        return ()
    return tuple(rows["label"].cast(pl.String).drop_nulls().unique().sort())


def asked(work: Sequence[Answer]) -> Answer:
    """The one row that answers the question."""
    if not work:
        raise ValueError("it has relations, and no spans that they are between")
    if len(work) > 1:
        ways = clipped(", ".join(f"{row.question} by {row.kind}" for row in work), 120)
        raise ValueError(f"it has {len(work)} answers where the question takes one: {ways}")
    return work[0]


def plain(row: Answer, form: Form) -> Any:
    """What the columns of a row say, for every form but relations."""
    labels = row.labels or []
    if form == "spans":
        return None if row.starts is None else spans(row)
    if form == "multi":
        return row.labels
    if form == "text":
        return "\n".join(labels) or None
    if form == "scale" and row.value is not None:
        return row.value
    if len(labels) > 1:
        raise ValueError(f"it has {len(labels)} labels where the question takes one")
    if not labels:
        return None
    return labels[0] if form in LABELLED else number(labels[0])


def spans(row: Answer) -> list[list[Any]]:
    """The spans of a row as [start, end, label]."""
    return [list(span) for span in zip(row.starts or [], row.ends or [], row.span_labels or [], strict=True)]


def number(text: str) -> float:
    """A number that was chosen or written as a text."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f'"{text[:40]}" is no number') from None


class Ends:
    """The spans of an answer by the ids that its relations call them by, of whatever type those are."""

    def __init__(self, ids: Iterable[Any], marks: Iterable[Any]) -> None:
        self._marks = {as_json(one): mark for one, mark in zip(ids, marks, strict=True) if one is not None}

    def __getitem__(self, name: Any) -> Any:
        """None where there is no such span."""
        return self._marks.get(as_json(name))


def relation(head: Any, tail: Any, kind: Any) -> list[Any]:
    """A relation; ValueError where an end of it is no span of this answer, or it has no type."""
    if head is None or tail is None:
        raise ValueError("it has a relation to a span that is not there")
    if not isinstance(kind, str) or not kind:
        raise ValueError("it has a relation without a type")
    return [head, tail, kind]
