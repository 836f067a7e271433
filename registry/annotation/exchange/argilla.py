"""Argilla 2: a folder as `Dataset.to_disk` writes it, which `Dataset.from_disk` brings to a server.

Answers are read from `records.to_list(flatten=True)`: what `to_json` and `to_disk` write does not say which answers are
drafts. Argilla has no question for relations.
"""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from registry.annotation.spec import FORMS, Form
from registry.annotation.tool import QUESTION, Batch, Task, asked, plain
from registry.frozen import Frozen
from registry.reading.answers import Answer

REVIEWED = "label_now"
RATINGS = range(11)
"""The numbers that a rating question may offer."""
FEWEST_VISIBLE = 3

README = """\
1. With the client (`pip install argilla`), in this folder:

       import argilla
       client = argilla.Argilla(api_url="...", api_key="...")
       argilla.Dataset.from_disk(".", workspace="...", client=client)

2. When it is done:

       import json
       found = client.datasets("{card}", workspace="...").records.to_list(flatten=True)
       open("answers.json", "w").write(json.dumps(found))

       bench annotate import {card} answers.json

   (`records.to_json` does not say which answers are drafts.) Annotators are told apart by the ids of their
   accounts, which `client.users` lists: --rename ID=NAME.
"""


class Argilla(Frozen):
    """An open-source server whose datasets carry their questions."""

    forms: ClassVar[tuple[Form, ...]] = tuple(form for form in FORMS if form != "relations")
    reader: ClassVar[str] = "argilla"
    proven: ClassVar[bool] = False
    named: ClassVar[bool] = True

    def files(self, batch: Batch) -> dict[str, str]:
        """The settings, the records and what to do with them."""
        shared = {
            "guidelines": batch.guidelines,
            "allow_extra_metadata": True,
            "distribution": {"strategy": "overlap", "min_submitted": batch.votes_per_item},
        }
        dataset = {"name": batch.card, "status": "draft", **shared}
        return {
            ".argilla/dataset.json": _json(dataset),
            ".argilla/settings.json": _json({**_settings(batch), **shared}),
            "records.json": _json([_record(batch, task) for task in batch.tasks]),
            "README.md": README.format(card=batch.card),
        }

    def wrote(self, entry: dict[str, Any]) -> bool:
        return "_server_id" in entry

    def metadata(self, data: dict[str, Any]) -> dict[str, Any]:
        return data

    def answer(self, work: Sequence[Answer], form: Form, labels: Sequence[str]) -> Any:  # noqa: ARG002 - of the contract
        return plain(asked(work), form)


def _json(value: Any) -> str:
    """Escaped: the client reads files in the encoding of the system."""
    return json.dumps(value, indent=1) + "\n"


def _settings(batch: Batch) -> dict[str, Any]:
    question = {"name": QUESTION, "title": batch.question, "required": True}
    names = [*batch.fields, *([REVIEWED] if batch.reviewed else [])]
    fields = [
        {"name": name, "title": name, "required": name == names[0], "settings": {"type": "text"}} for name in names
    ]
    carried = ("card", "item", "shown", "purpose", "guidelines")
    hidden = {"settings": {"type": "terms"}, "visible_for_annotators": False}
    metadata = [{"name": name, "title": name, **hidden} for name in carried]
    answers = {**question, "settings": _answers(batch)}
    return {"fields": fields, "questions": [answers], "metadata": metadata, "vectors": [], "mapping": None}


def _answers(batch: Batch) -> dict[str, Any]:
    if not batch.options:
        return {"type": "text", "use_markdown": False}
    if batch.form == "scale" and set(batch.steps) <= set(RATINGS):
        return {"type": "rating", "options": [{"value": step} for step in batch.steps]}
    options = [{"value": option, "text": option, "description": None} for option in batch.options]
    found: dict[str, Any] = {"type": "label_selection", "options": options}
    if len(options) >= FEWEST_VISIBLE:
        found["visible_options"] = len(options)
    if batch.form == "multi":
        return {**found, "type": "multi_label_selection", "options_order": "natural"}
    if batch.form == "spans":
        return {**found, "type": "span", "field": batch.fields[0], "allow_overlapping": True}
    return found


def _record(batch: Batch, task: Task) -> dict[str, Any]:
    return {
        "id": task.item,
        "fields": {**task.fields, **({REVIEWED: task.label} if batch.reviewed else {})},
        "metadata": batch.metadata(task),
        "suggestions": {},
        "responses": {},
        "vectors": {},
    }
