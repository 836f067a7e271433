"""Label Studio: tasks.json, and config.xml for the labelling interface of the project.

Exports are read in the full JSON form. A `$` in the text of a tag is the name of a variable there, so none is written.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from registry.annotation.spec import FORMS, Form, Scale
from registry.annotation.tool import QUESTION, Batch, Ends, Task, asked, plain, relation, spans
from registry.errors import UserError, clipped
from registry.frozen import Frozen
from registry.reading.answers import Answer, as_json, listed

SIDES = ("left", "right")
"""What a choice between two texts is called in an export."""
MARKING = ("Labels", "Pairwise")
"""Controls that work on the texts and stand above them; what is answered after reading stands below."""
NUMBERS = ("number", "rating")
MOST_STARS = 10
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

README = """\
1. Create a project. Settings, Labeling Interface, Code: paste config.xml.
2. Settings: {votes} for each task; under Instructions, paste guidelines.md.
3. Import tasks.json.
4. When it is done: Export, JSON (not JSON-MIN), and

       bench annotate import {card} FILE

   Annotators are told apart by their numbers, which are those of one server: --rename 1=NAME.
"""


class LabelStudio(Frozen):
    """An open-source server with a labelling interface that is written in XML."""

    forms: ClassVar[tuple[Form, ...]] = FORMS
    reader: ClassVar[str] = "label_studio"
    proven: ClassVar[bool] = True
    named: ClassVar[bool] = True

    def files(self, batch: Batch) -> dict[str, str]:
        """The tasks, the interface, the guidelines and what to do with them."""
        tasks = [{"data": _data(batch, task)} for task in batch.tasks]
        votes = f"{batch.votes_per_item} annotation{'s' if batch.votes_per_item > 1 else ''}"
        return {
            "tasks.json": json.dumps(tasks, ensure_ascii=False, indent=1) + "\n",
            "config.xml": _config(batch),
            "README.md": README.format(votes=votes, card=batch.card),
            "guidelines.md": batch.guidelines,
        }

    def wrote(self, entry: dict[str, Any]) -> bool:
        return isinstance(entry.get("data"), dict) and isinstance(entry.get("annotations"), list)

    def metadata(self, data: dict[str, Any]) -> dict[str, Any]:
        return data

    def answer(self, work: Sequence[Answer], form: Form, labels: Sequence[str]) -> Any:
        if form == "relations":
            return list(_relations(work))
        row = asked([row for row in work if row.kind != "relation"])
        found = _number(row) if form == "scale" and row.kind in NUMBERS else plain(row, form)
        if row.kind == "pairwise" and found in SIDES and len(labels) == len(SIDES):
            return labels[SIDES.index(found)]
        return found


def _data(batch: Batch, task: Task) -> dict[str, str]:
    return {**task.fields, **({"label": task.label} if batch.reviewed else {}), **batch.metadata(task)}


def _config(batch: Batch) -> str:
    """The labelling interface. UserError for labels that it cannot hold."""
    wrong = [label for label in batch.labels if "$" in label or NO_XML.search(label)]
    if wrong:
        what = f'Label Studio cannot show the label "{clipped(wrong[0], 60)}": $ and control characters mean something'
        raise UserError(f"{what} else there", do="Rename it in `labels:`, with the old name under `migrations:`.")
    view = Element("View")
    # Spaces and line ends are shown as they are: they count in the offsets of spans.
    SubElement(view, "Style").text = ".htx-text{ white-space: pre-wrap; }"
    SubElement(view, "Header", value=NO_XML.sub(" ", batch.question).replace("$", "＄"))
    if batch.reviewed:
        SubElement(view, "Header", value="Now: $label", size="5")
    place = len(view)
    _control(view, batch)
    at = len(view) if view[place].tag in MARKING else place
    view[at:at] = [Element("Text", name=name, value=f"${name}", granularity="symbol") for name in batch.fields]
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def _control(view: Element, batch: Batch) -> None:
    """How the question is answered."""
    names = {"name": QUESTION, "toName": batch.fields[0]}
    if batch.form in ("spans", "relations"):
        _choices(SubElement(view, "Labels", names), "Label", batch.labels)
        if batch.form == "relations":
            _choices(SubElement(view, "Relations"), "Relation", batch.labels)
    elif batch.form == "preference" and len(batch.fields) == len(batch.labels) == len(SIDES):
        SubElement(view, "Pairwise", {"name": QUESTION, "toName": ",".join(batch.fields)})
    elif batch.form == "scale" and batch.scale:
        SubElement(view, *_scale(batch.scale, names, whole=bool(batch.steps)))
    elif batch.form == "text":
        SubElement(view, "TextArea", {**names, "maxSubmissions": "1", "editable": "true", "required": "true"})
    else:
        several = batch.form == "multi"
        how = {"choice": "multiple"} if several else {"choice": "single", "required": "true"}
        _choices(SubElement(view, "Choices", {**names, **how}), "Choice", batch.labels)


def _scale(scale: Scale, names: dict[str, str], *, whole: bool) -> tuple[str, dict[str, str]]:
    """Stars for a scale that begins with 1; a number otherwise."""
    if whole and scale.min == 1 and scale.max <= MOST_STARS:
        return "Rating", {**names, "maxRating": f"{scale.max:.15g}", "required": "true"}
    step = {"step": "1"} if whole else {}
    return "Number", {**names, "min": f"{scale.min:.15g}", "max": f"{scale.max:.15g}", **step, "required": "true"}


def _choices(parent: Element, tag: str, labels: Sequence[str]) -> None:
    for label in labels:
        SubElement(parent, tag, value=label)


def _number(row: Answer) -> float | None:
    """The number that was given; None for a field that was left empty. The row has none that it cannot hold."""
    told = [region["value"].get(row.kind) for region in json.loads(row.answer or "[]")]
    if len(told) > 1:
        raise ValueError(f"it has {len(told)} numbers where the question takes one")
    if (told[0] is not None and row.value is None) or isinstance(told[0], bool):
        raise ValueError(f"{clipped(as_json(told[0]), 40)} is no number that can be read")
    return row.value


def _relations(work: Sequence[Answer]) -> Iterator[list[Any]]:
    """Relations between regions, whose ids the rows have in `answer` only."""
    row = asked([row for row in work if row.kind != "relation"])
    if row.starts is None:
        raise ValueError(f"it is answered by {clipped(str(row.kind), 40)}, not by spans and relations")
    regions = json.loads(row.answer or "[]")
    if any(len(region["value"].get(row.kind) or []) != 1 for region in regions):
        raise ValueError("it has a span without a label, or with several, and a relation needs one at each end")
    ends = Ends([region.get("id") for region in regions], spans(row))
    for edge in (edge for row in work if row.kind == "relation" for edge in json.loads(row.answer or "[]")):
        head, tail = ends[edge.get("from_id")], ends[edge.get("to_id")]
        for kind in listed(edge.get("labels"), "labels", "") or [None]:
            if edge.get("direction") != "left":
                yield relation(head, tail, kind)
            if edge.get("direction") in ("left", "bi"):
                yield relation(tail, head, kind)
