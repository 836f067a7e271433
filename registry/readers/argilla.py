"""An export of Argilla 2, `records.to_list(flatten=True)` as JSON: one row for each record, annotator and question.

Columns are those of `label_studio`. `item` is the record's id and `annotator` the id of an account. Chosen labels,
rankings and written texts fill `labels`, and `label` where there is one; ratings fill `value`; spans fill `starts`,
`ends` and `span_labels`. Fields beside the text and metadata are in `data`.

Discarded work is a row with `cancelled` and no answer; a record without answers is a row without annotator. Drafts and
suggestions are left out. An export that does not say which answers are drafts, as `records.to_json` writes it, is
refused. Argilla records no text with a span, so it is only checked that spans lie inside the text.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import polars as pl
from pydantic import Field

from registry.errors import UserError, clipped
from registry.frozen import Frozen, Text
from registry.reading.answers import (
    Answer,
    Entry,
    Span,
    as_json,
    entries,
    frame,
    is_whole,
    listed,
    single,
    span,
    spread,
    text_of,
)

KEY = "Say which key holds the text: `format: {argilla: {text: KEY}}`."
FLAT = "Export with `json.dumps(dataset.records.to_list(flatten=True))`, which keeps the status of every answer."
STATUSES = ("submitted", "discarded", "draft")
OWN = ("id", "status", "_server_id", "score")
VALUES, USERS, STATUS, SUGGESTION = ".responses", ".responses.users", ".responses.status", ".suggestion"


class _Response(NamedTuple):
    question: str
    user: str
    status: str
    value: Any


class Argilla(Frozen):
    """A list of records with the answers that they got."""

    version: ClassVar[int] = 1
    text: Text = Field(default="text", description="the field that holds the text")

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All answers in order of the file. UserError names the line of a record that cannot be read."""
        return frame(row for entry in entries(path, encoding) for work in self.works(entry) for row in work)

    def works(self, entry: Entry) -> Iterator[list[Answer]]:
        """The rows of one record, together those of one annotator."""
        record, where = entry
        if "responses" in record:
            raise UserError("does not say which answers are drafts", where=where, do=FLAT)
        text = text_of(record, self.text, where, KEY)
        told = {key: value for key, value in record.items() if key not in (*OWN, self.text) and not _of_question(key)}
        item = Answer(str(record.get("id", text)), text, data=as_json(told))
        found = [response for response in _responses(record, where) if response.status != "draft"]
        if not found:
            yield [item]
        for user in dict.fromkeys(response.user for response in found):
            yield [_row(item, response, where) for response in found if response.user == user]


def _of_question(key: str) -> bool:
    return key.endswith((VALUES, USERS, STATUS, SUGGESTION)) or f"{SUGGESTION}." in key


def _responses(record: dict[str, Any], where: str) -> Iterator[_Response]:
    """What was answered, question by question, from three lists that belong together."""
    for key in record:
        if not key.endswith(VALUES):
            continue
        question = key.removesuffix(VALUES)
        values, users, statuses = (
            listed(record.get(f"{question}{end}"), key, where) for end in (VALUES, USERS, STATUS)
        )
        if not len(values) == len(users) == len(statuses):
            what = f'has {len(values)} answers under "{clipped(key, 40)}", {len(users)} users, {len(statuses)} statuses'
            raise UserError(what, where=where, do=FLAT)
        for value, user, status in zip(values, users, statuses, strict=True):
            if status not in STATUSES:
                known = ", ".join(STATUSES)
                what = f"has an answer with the status {clipped(as_json(status), 40)}, not one of: {known}"
                raise UserError(what, where=where, do=FLAT)
            yield _Response(question, str(user), status, value)


def _row(item: Answer, response: _Response, where: str) -> Answer:
    value = response.value
    row = replace(item, annotator=response.user, question=response.question)
    if response.status == "discarded":
        return replace(row, cancelled=True)
    row = replace(row, answer=as_json(value))
    if isinstance(value, str):
        return replace(row, label=value, labels=[value])
    if is_whole(value) and abs(value) < 2**53:
        return replace(row, value=float(value))
    if isinstance(value, list) and all(isinstance(one, str) for one in value) and value:
        return replace(row, labels=value, label=single(value))
    if isinstance(value, list):
        spans = spread([_span(one, item.text, where) for one in value])
        return replace(row, labels=None if value else [], **spans)
    raise UserError(f"has an answer that is none: {clipped(as_json(value), 60)}", where=where)


def _span(mark: Any, text: str, where: str) -> Span:
    if not isinstance(mark, dict) or not isinstance(mark.get("label"), str):
        raise UserError(f"is neither a label nor a span: {clipped(as_json(mark), 60)}", where=where)
    return span(text, mark.get("start"), mark.get("end"), None, where)._replace(label=mark["label"])
