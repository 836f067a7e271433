"""doccano: tasks.jsonl, and label_config.json for the labels of the project.

Its rows do not say who answered: the export of a project whose members do not share annotations is one file for each,
named after them. An empty row may be an answer or none, so it counts as none. It records no text with a span.
"""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from registry.annotation.spec import FORMS, Form
from registry.annotation.tool import Batch, Ends, Task, asked, plain, relation, spans
from registry.errors import UserError, clipped
from registry.frozen import Frozen
from registry.reading.answers import Answer, listed

LONGEST_LABEL = 100
COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf")
KEYS = "123456789"
EMPTY: dict[Form, dict[str, list[str]]] = {"relations": {"entities": [], "relations": []}}

README = """\
1. Create a project: {kind}.
   Do not share annotations across its members: only then can their answers be told apart.
2. {labels} Guideline: paste guidelines.md.
3. Dataset, Import Dataset, {format}: tasks.jsonl, column data "text", column label "label".
4. When it is done: Export Dataset, {format}, only what was approved or confirmed. The archive
   has one file for each member. Unpack it, and

       bench annotate import {card} *.jsonl --annotator-from-filename
"""


class Doccano(Frozen):
    """An open-source server for labels of texts and of their parts."""

    forms: ClassVar[tuple[Form, ...]] = FORMS
    reader: ClassVar[str] = "doccano"
    proven: ClassVar[bool] = False
    named: ClassVar[bool] = False

    def files(self, batch: Batch) -> dict[str, str]:
        """The tasks, the labels, the guidelines and what to do with them."""
        files = {
            "tasks.jsonl": "".join(_line(batch, task) for task in batch.tasks),
            "guidelines.md": batch.guidelines,
            "README.md": _readme(batch),
        }
        if batch.options:
            files["label_config.json"] = _labels(batch.options)
        if batch.form == "relations":
            files["relation_config.json"] = _labels(batch.labels)
        return files

    def wrote(self, entry: dict[str, Any]) -> bool:
        """Only of our own tasks can this be said: other tools have lines with text and label too."""
        ours = {"text", "item", "shown", "purpose"} <= set(entry)
        return ours and any(key in entry for key in ("label", "entities", "cats"))

    def metadata(self, data: dict[str, Any]) -> dict[str, Any]:
        return data

    def answer(self, work: Sequence[Answer], form: Form, labels: Sequence[str]) -> Any:  # noqa: ARG002 - of the contract
        row = asked(work)
        return (_relations(row) if form == "relations" else plain(row, form)) or None


def _line(batch: Batch, task: Task) -> str:
    shown = {"label_now": task.label} if task.label else {}
    row = {"text": task.joined, **EMPTY.get(batch.form, {"label": []}), **shown, **batch.metadata(task)}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _labels(labels: Sequence[str]) -> str:
    """Labels with a colour, the first nine with a key. UserError for labels that are too long."""
    long = next((label for label in labels if len(label) > LONGEST_LABEL), None)
    if long is not None:
        raise UserError(f'doccano takes labels of at most {LONGEST_LABEL} characters, not "{clipped(long, 60)}"')
    rows = [
        {
            "text": label,
            "suffixKey": KEYS[place] if place < len(KEYS) else None,
            "backgroundColor": COLORS[place % len(COLORS)],
            "textColor": "#ffffff",
        }
        for place, label in enumerate(labels)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _readme(batch: Batch) -> str:
    if batch.form in ("spans", "relations"):
        kind = "Sequence Labeling" + (", with relation labeling" if batch.form == "relations" else "")
    elif batch.options:
        kind = "Text Classification" + ("" if batch.form == "multi" else ", with a single label only")
    else:
        kind = "Sequence to Sequence; the answer is the text that is written"
    labels = "Labels, Import Labels: label_config.json." if batch.options else "It needs no labels."
    return README.format(
        kind=kind,
        labels=labels + (" Relations: relation_config.json." if batch.form == "relations" else ""),
        format="JSONL(Relation)" if batch.form == "relations" else "JSONL",
        card=batch.card,
    )


def _relations(row: Answer) -> list[list[Any]]:
    """Relations between entities, whose ids the row has in `answer` only."""
    entities = json.loads(row.answer or "{}").get("entities") or []
    ends = Ends([entity.get("id") if isinstance(entity, dict) else None for entity in entities], spans(row))
    edges = listed(json.loads(row.data or "{}").get("relations"), "relations", "")
    if not all(isinstance(edge, dict) for edge in edges):
        raise ValueError("it has a relation that is none")
    return [relation(ends[edge.get("from_id")], ends[edge.get("to_id")], edge.get("type")) for edge in edges]
