"""An export of doccano in JSON Lines: one row for each document.

Columns are those of `label_studio`, without annotator: the export of several people is one file for each, so
`file_column: annotator` tells them apart, and `parse_filename(annotator, true)` in `select:` makes a name of it. Where
the lines hold it themselves, `annotator:` names the key. Labels fill `labels`, and `label` where there is one; spans
(in `label` or `entities`) fill `starts`, `ends` and `span_labels`. All other keys are in `data`, relations and comments
too. doccano records no text with a span, so it is only checked that spans lie inside the text.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from registry.errors import UserError, clipped
from registry.frozen import Frozen, Text
from registry.reading.answers import Answer, Entry, Span, as_json, entries, frame, listed, single, span, spread, text_of

KEY = "Say which key holds the text: `format: {doccano: {text: KEY}}`."


class Doccano(Frozen):
    """A file of documents with their labels, one a line."""

    version: ClassVar[int] = 1
    text: Text = Field(default="text", description="the key that holds the text")
    label: Text = Field(default="label", description="the key that holds labels or spans")
    annotator: Text | None = Field(default=None, description="the key that holds who answered, where there is one")

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All documents in order. UserError names the line that cannot be read."""
        found = frame(row for entry in entries(path, encoding) for work in self.works(entry) for row in work)
        return found if self.annotator else found.drop("annotator")

    def works(self, entry: Entry) -> Iterator[list[Answer]]:
        """The row of one document."""
        yield [self._answer(entry)]

    def _answer(self, entry: Entry) -> Answer:
        document, where = entry
        text = text_of(document, self.text, where, KEY)
        given = document.get(self.label, document.get("labels", []))
        given = [given] if isinstance(given, str) else listed(given, self.label, where)
        entities, categories = (listed(document.get(key), key, where) for key in ("entities", "cats"))
        marks = [*(mark for mark in given if not isinstance(mark, str)), *entities]
        labels = [*(mark for mark in given if isinstance(mark, str)), *map(str, categories)]
        spans = [_span(mark, text, where) for mark in marks]
        read = {self.text, self.label, "labels", "entities", "cats", "id"}
        return Answer(
            item=str(document.get("id", text)),
            text=text,
            annotator=None if self.annotator is None else str(document.get(self.annotator)),
            label=single(labels),
            labels=labels if labels or not spans else None,
            **spread(spans if spans or not labels else None),
            answer=as_json(
                {key: document[key] for key in (self.label, "labels", "entities", "cats") if key in document}
            ),
            data=as_json({key: value for key, value in document.items() if key not in read}),
        )


def _span(mark: Any, text: str, where: str) -> Span:
    """A span as [start, end, label] or as an object with offsets."""
    if isinstance(mark, dict):
        mark = [mark.get("start_offset"), mark.get("end_offset"), mark.get("label")]
    if not isinstance(mark, list) or len(mark) != 3 or not isinstance(mark[2], str):
        raise UserError(f"is neither a label nor a span: {clipped(as_json(mark), 60)}", where=where)
    return span(text, mark[0], mark[1], None, where)._replace(label=mark[2])
