"""An export of Label Studio in its full JSON form (not JSON_MIN): one row for each task, annotator and question.

Columns: item, text, annotator, question (the name of the control), kind, label, labels, value, starts, ends,
span_labels, cancelled, ground_truth, answered, and as JSON answer and data. Choices, taxonomies, text areas and
pairwise choices fill `labels`, and `label` where there is one; ratings and numbers fill `value`; labels on text fill
`starts`, `ends` and `span_labels`. Other kinds have their row, and what was answered in `answer`.

Cancelled work is a row with `cancelled` and no answer; a task without annotations is a row without annotator; an
annotation without regions is a row with empty lists. Predictions and drafts are left out. Offsets are compared with
the recorded text, and turned from UTF-16 units into code points where those were counted.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from registry.errors import UserError, clipped
from registry.frozen import Frozen, Text
from registry.reading.answers import (
    Answer,
    Entry,
    Mark,
    Span,
    alike,
    as_json,
    entries,
    frame,
    is_whole,
    listed,
    single,
    spread,
    text_of,
)

KEY = "Say which key of `data` holds the text: `format: {label_studio: {text: KEY}}`."
FULL = "Export as JSON, the full form; JSON_MIN, CSV and the like lack what is read here."
SPANS = ("labels", "hypertextlabels")


class LabelStudio(Frozen):
    """A list of tasks with their annotations."""

    version: ClassVar[int] = 2
    text: Text = Field(default="text", description="the key of the task's data that holds the text")

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All answers in order of the file. UserError names the line of a task that cannot be read."""
        return frame(row for entry in entries(path, encoding) for work in self.works(entry) for row in work)

    def works(self, entry: Entry) -> Iterator[list[Answer]]:
        """The rows of one task, together those of one annotation."""
        task, where = entry
        data, annotations = task.get("data"), task.get("annotations")
        if not isinstance(data, dict) or not isinstance(annotations, list) or task.get("id") is None:
            raise UserError("is no task: it needs id, data and annotations", where=where, do=FULL)
        text = text_of(data, self.text, where, KEY)
        others = {key: value for key, value in data.items() if key != self.text}
        item = Answer(str(task["id"]), text, data=as_json(others))
        if not annotations:
            yield [item]
        for annotation in annotations:
            yield list(_of_one(item, annotation, where))


def _of_one(item: Answer, annotation: Any, where: str) -> Iterator[Answer]:
    """The answers of one annotator to one task."""
    regions = annotation.get("result") if isinstance(annotation, dict) else None
    if not isinstance(regions, list) or not all(isinstance(region, dict) for region in regions):
        raise UserError("has an annotation without a list of results", where=where, do=FULL)
    base = replace(
        item,
        annotator=_annotator(annotation.get("completed_by")),
        ground_truth=bool(annotation.get("ground_truth")),
        answered=_text(annotation.get("updated_at") or annotation.get("created_at")),
    )
    if annotation.get("was_cancelled"):
        yield replace(base, cancelled=True)
        return
    where = f"{where}, by {clipped(base.annotator, 60)}" if base.annotator else where
    if not regions:
        yield replace(base, labels=[], starts=[], ends=[], span_labels=[], answer="[]")
    questions: dict[tuple[str | None, str | None], list[dict[str, Any]]] = {}
    for region in regions:
        questions.setdefault((_text(region.get("from_name")), _text(region.get("type"))), []).append(region)
    for (name, kind), mine in questions.items():
        yield _filled(replace(base, question=name, kind=kind, answer=as_json(mine)), mine, where)


def _annotator(by: Any) -> str | None:
    """A number, a name, or what is known of a person."""
    if isinstance(by, dict):
        by = by.get("email") or by.get("id")
    return _text(by)


def _text(value: Any) -> str | None:
    """A word or number as text."""
    return value if value is None or isinstance(value, str) else as_json(value)


def _filled(answer: Answer, regions: list[dict[str, Any]], where: str) -> Answer:
    """A row with what the regions of one question say."""
    values = [region.get("value") for region in regions]
    known = [value for value in values if isinstance(value, dict)]
    if len(known) < len(values):
        if answer.kind == "relation":
            return answer
        raise UserError(f"has a result of type {clipped(str(answer.kind))} without a value", where=where, do=FULL)
    if answer.kind in SPANS or any(is_whole(value.get("start")) and is_whole(value.get("end")) for value in known):
        return replace(answer, **spread(list(_spans(answer, known, where))))
    if answer.kind in ("rating", "number"):
        numbers = [found for value in known if isinstance(found := value.get(answer.kind), int | float)]
        small = len(numbers) == 1 and abs(numbers[0]) < 2**53
        return replace(answer, value=float(numbers[0])) if small else answer
    labels = [label for value in known for label in _labels(str(answer.kind), value, where)]
    return replace(answer, labels=labels, label=single(labels)) if labels else answer


def _labels(kind: str, value: dict[str, Any], where: str) -> list[str]:
    """The words of one region; none where its kind has no words."""
    if kind == "taxonomy":
        return [" / ".join(map(str, listed(path, kind, where))) for path in listed(value.get(kind), kind, where)]
    found = value.get({"textarea": "text", "pairwise": "selected"}.get(kind, kind))
    if isinstance(found, list):
        return [str(one) for one in found if isinstance(one, str | int | float)]
    return [found] if isinstance(found, str) else []


def _spans(answer: Answer, values: list[dict[str, Any]], where: str) -> Iterator[Span]:
    """Spans, one for each label of a region."""
    places = [value["globalOffsets"] if isinstance(value.get("globalOffsets"), dict) else value for value in values]
    marks = [
        Mark(place.get("start"), place.get("end"), value.get("text"))
        for place, value in zip(places, values, strict=True)
    ]
    for value, found in zip(values, alike(answer.text, marks, where), strict=True):
        for label in listed(value.get(str(answer.kind)), str(answer.kind), where):
            yield found._replace(label=str(label))
