"""Prodigy: tasks.jsonl, prodigy.json with the settings of the interface, and the recipe that asks.

What a task carries is in its `meta`, which Prodigy shows in a corner and gives back.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any, ClassVar

from registry.annotation.spec import FORMS, Form
from registry.annotation.tool import Batch, Task, asked, number, plain, relation
from registry.errors import UserError, clipped
from registry.frozen import Frozen
from registry.reading.answers import Answer, listed

WRITTEN = "user_input"
"""Where a written answer stands."""

README = """\
1. Give guidelines.md to whoever annotates. In this folder, where prodigy.json holds the settings of the interface:

       {recipe}

2. Each annotator opens the page with their name: http://localhost:8080/?session=NAME
3. When it is done:

       prodigy db-out {card} > answers.jsonl
       bench annotate import {card} answers.jsonl

   A session is called {card}-NAME: --rename {card}-NAME=NAME.
"""


class Prodigy(Frozen):
    """A paid tool whose questions are recipes of the command line."""

    forms: ClassVar[tuple[Form, ...]] = FORMS
    reader: ClassVar[str] = "prodigy"
    proven: ClassVar[bool] = True
    named: ClassVar[bool] = False

    def files(self, batch: Batch) -> dict[str, str]:
        """The tasks, the settings, the guidelines and the command that starts it."""
        return {
            "tasks.jsonl": "".join(json.dumps(_task(batch, one), ensure_ascii=False) + "\n" for one in batch.tasks),
            "prodigy.json": json.dumps(_settings(batch), ensure_ascii=False, indent=1) + "\n",
            "README.md": README.format(recipe=_recipe(batch), card=batch.card),
            "guidelines.md": batch.guidelines,
        }

    def wrote(self, entry: dict[str, Any]) -> bool:
        return "_input_hash" in entry and "answer" in entry

    def metadata(self, data: dict[str, Any]) -> dict[str, Any]:
        found = data.get("meta")
        return found if isinstance(found, dict) else {}

    def answer(self, work: Sequence[Answer], form: Form, labels: Sequence[str]) -> Any:  # noqa: ARG002 - of the contract
        row = asked(work)
        if not row.value:  # rejected: the task was no good, and nothing is said of the item
            return None
        data = json.loads(row.data or "{}")
        written = data.get(WRITTEN)
        if form == "relations":
            return [_relation(edge) for edge in listed(data.get("relations"), "relations", "")]
        if form in ("text", "scale") and isinstance(written, str):
            return written or None if form == "text" else number(written)
        # Of a rating, `value` says only that it was accepted.
        return plain(replace(row, value=None), form)


def _task(batch: Batch, task: Task) -> dict[str, Any]:
    meta = {**({"label_now": task.label} if task.label else {}), **batch.metadata(task)}
    found: dict[str, Any] = {"text": task.joined, "meta": meta}
    if batch.options and batch.form not in ("spans", "relations"):
        found["options"] = [{"id": option, "text": option} for option in batch.options]
    return found


def _settings(batch: Batch) -> dict[str, Any]:
    if batch.form in ("spans", "relations"):
        return {"feed_overlap": True}
    # A brace would begin a variable of the template.
    question = {"view_id": "html", "html_template": f"<b>{escape(batch.question).replace('{', '&#123;')}</b>"}
    if not batch.options:
        field = {"view_id": "text_input", "field_id": WRITTEN}
        return {"feed_overlap": True, "blocks": [question, {"view_id": "text"}, field]}
    several = batch.form == "multi"
    return {
        "feed_overlap": True,
        "blocks": [question, {"view_id": "choice"}],
        "choice_style": "multiple" if several else "single",
        "choice_auto_accept": not several,
    }


def _recipe(batch: Batch) -> str:
    """The command; labels in it are separated by commas. UserError for labels that it cannot hold."""
    model = f"blank:{batch.language}"
    if batch.form not in ("spans", "relations"):
        return f"prodigy mark {batch.card} tasks.jsonl --view-id blocks"
    wrong = next((label for label in batch.labels if any(mark in label for mark in ",'\n")), None)
    if wrong is not None:
        what = f'a recipe of Prodigy cannot hold the label "{clipped(wrong, 60)}": it has a comma or a quote'
        raise UserError(what, do="Rename it in `labels:`, with the old name under `migrations:`.")
    labels = f"'{','.join(batch.labels)}'"
    if batch.form == "spans":
        return f"prodigy spans.manual {batch.card} {model} tasks.jsonl --label {labels} --highlight-chars"
    return f"prodigy rel.manual {batch.card} {model} tasks.jsonl --label {labels} --span-label {labels}"


def _relation(edge: Any) -> list[Any]:
    found = edge if isinstance(edge, dict) else {}
    return relation(_end(found.get("head_span")), _end(found.get("child_span")), found.get("label"))


def _end(span: Any) -> list[Any] | None:
    return [span.get("start"), span.get("end"), span.get("label")] if isinstance(span, dict) else None
