"""An export of Prodigy in JSON Lines (`prodigy db-out`): one row for each answer.

Columns are those of `label_studio`. `item` is the hash of the input. Chosen options fill `labels`, and `label` where
there is one; spans fill `starts`, `ends` and `span_labels`. A question about one label has that label as its
`question`, and as its `label` where it was accepted. `value` is 1 for accept and 0 for reject; a rejected answer has no
labels and no spans. What was ignored is a row with `cancelled` and no answer.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from registry.errors import UserError, clipped
from registry.frozen import Frozen, Text
from registry.reading.answers import Answer, Entry, Span, as_json, entries, frame, listed, single, span, spread, text_of

KEY = "Say which key holds the text: `format: {prodigy: {text: KEY}}`."
ANSWERS = {"accept": 1.0, "reject": 0.0, "ignore": None}
READ = {"label", "accept", "answer", "spans", "_input_hash", "_annotator_id", "_session_id", "_timestamp", "_view_id"}


class Prodigy(Frozen):
    """A file of answered tasks, one a line."""

    version: ClassVar[int] = 1
    text: Text = Field(default="text", description="the key that holds the text")

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All answers in order. UserError names the line that cannot be read."""
        return frame(row for entry in entries(path, encoding) for work in self.works(entry) for row in work)

    def works(self, entry: Entry) -> Iterator[list[Answer]]:
        """The row of one task."""
        yield [self._answer(entry)]

    def _answer(self, entry: Entry) -> Answer:
        task, where = entry
        text = text_of(task, self.text, where, KEY)
        said = task.get("answer")
        if not isinstance(said, str) or said not in ANSWERS:
            known = ", ".join(ANSWERS)
            raise UserError(f"has the answer {clipped(as_json(said), 40)}, not one of: {known}", where=where)
        asked = task.get("label")
        accepted = said == "accept"
        labels = _labels(task, where) if accepted else None
        spans = _spans(task, text, where) if accepted and "spans" in task else None
        return Answer(
            item=str(task.get("_input_hash", text)),
            text=text,
            annotator=_first(task, "_annotator_id", "_session_id"),
            question=None if asked is None else str(asked),
            kind=_first(task, "_view_id"),
            label=single(labels) if labels else None,
            labels=labels,
            value=ANSWERS[said],
            **spread(spans),
            cancelled=said == "ignore",
            answered=_time(task.get("_timestamp")),
            answer=as_json({key: task[key] for key in ("answer", "accept", "label", "spans") if key in task}),
            data=as_json({key: value for key, value in task.items() if key not in {*READ, self.text}}),
        )


def _labels(task: dict[str, Any], where: str) -> list[str] | None:
    """The chosen options, else the label that was asked about; None where it was about neither."""
    if task.get("accept") is not None:
        return [str(option) for option in listed(task["accept"], "accept", where)]
    return None if task.get("label") is None else [str(task["label"])]


def _spans(task: dict[str, Any], text: str, where: str) -> list[Span]:
    marks = listed(task["spans"], "spans", where)
    if not all(isinstance(mark, dict) for mark in marks):
        raise UserError("`spans` must be a list of objects", where=where)
    placed = ((span(text, mark.get("start"), mark.get("end"), mark.get("text"), where), mark) for mark in marks)
    return [found._replace(label=str(mark.get("label"))) for found, mark in placed]


def _first(task: dict[str, Any], *keys: str) -> str | None:
    return next((str(task[key]) for key in keys if task.get(key) is not None), None)


def _time(stamp: Any) -> str | None:
    """Seconds since 1970 as a time in UTC, up to the year 2999."""
    known = isinstance(stamp, int | float) and 0 <= stamp < 32_472_144_000
    return datetime.fromtimestamp(stamp, UTC).isoformat() if known else None
