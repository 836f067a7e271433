"""People who answer exported tasks, each tool writing down what they say as it does: for tests without its server.

What Label Studio writes is held against a real server by `make test-tools`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

WHEN = "2026-11-23T10:00:00.000000Z"


def answered(tool: str, folder: Path, answers: Mapping[str, Any], by: str = "ann") -> Path:
    """An export with these answers, by item; the other tasks are not answered."""
    return {"label-studio": _label_studio, "doccano": _doccano, "argilla": _argilla, "prodigy": _prodigy}[tool](
        folder, answers, by
    )


def units(text: str, place: int) -> int:
    """A place in code points as JavaScript counts it."""
    return len(text[:place].encode("utf-16-le")) // 2


def _label_studio(folder: Path, answers: Mapping[str, Any], by: str) -> Path:
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    view = etree.fromstring((folder / "config.xml").read_text(encoding="utf-8"))
    control = next(tag for tag in view if tag.get("toName"))
    rows = []
    for number, task in enumerate(tasks, 1):
        data = task["data"]
        work = {"id": number, "completed_by": {"id": 1, "email": by}, "was_cancelled": False, "created_at": WHEN}
        done = [{**work, "result": _regions(control, data, answers[data["item"]])}] if data["item"] in answers else []
        rows.append({"id": number, "data": data, "annotations": done, "drafts": [], "predictions": []})
    return _written(folder / "export.json", json.dumps(rows))


def _regions(control: Any, data: Mapping[str, str], answer: Any) -> list[dict[str, Any]]:
    kind, several = control.tag.lower(), control.get("choice") == "multiple"
    base = {"from_name": control.get("name"), "to_name": control.get("toName"), "type": kind, "origin": "manual"}
    if kind == "labels":
        return _marked(base, data["text"], answer)
    values = {
        "choices": lambda: {"choices": answer if several else [answer]},
        "rating": lambda: {"rating": int(answer)},
        "number": lambda: {"number": answer},
        "textarea": lambda: {"text": [answer]},
        "pairwise": lambda: {"selected": "left" if answer == "first" else "right"},
    }
    return [{**base, "id": "r", "value": values[kind]()}] if answer != [] else []


def _marked(base: Mapping[str, Any], text: str, answer: list[Any]) -> list[dict[str, Any]]:
    """Spans, and relations between them where there are any."""
    related = bool(answer) and isinstance(answer[0][0], list)
    spans = sorted({tuple(end) for pair in answer for end in pair[:2]}) if related else [tuple(one) for one in answer]
    regions: list[dict[str, Any]] = [
        {
            **base,
            "id": f"r{place}",
            "value": {
                "start": units(text, start),
                "end": units(text, end),
                "text": text[start:end],
                "labels": [label],
            },
        }
        for place, (start, end, label) in enumerate(spans)
    ]
    ids = {span: f"r{place}" for place, span in enumerate(spans)}
    for head, tail, kind in answer if related else ():
        ends = {"from_id": ids[tuple(head)], "to_id": ids[tuple(tail)]}
        regions.append({"type": "relation", **ends, "direction": "right", "labels": [kind]})
    return regions


def _doccano(folder: Path, answers: Mapping[str, Any], by: str) -> Path:
    lines = []
    for number, line in enumerate((folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        task = json.loads(line)
        row = {"id": number, **task, "Comments": []}
        answer = answers.get(task["item"])
        if "entities" in task:
            row |= _related(answer or [])
        elif answer is not None:
            chosen = f"{answer:g}" if isinstance(answer, float) else answer
            row["label"] = chosen if isinstance(chosen, list) else [chosen]
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return _written(folder / f"{by}.jsonl", "".join(lines))


def _related(answer: list[Any]) -> dict[str, Any]:
    spans = sorted({tuple(end) for pair in answer for end in pair[:2]})
    entities = [
        {"id": 100 + place, "start_offset": start, "end_offset": end, "label": label}
        for place, (start, end, label) in enumerate(spans)
    ]
    ids = {span: 100 + place for place, span in enumerate(spans)}
    relations = [
        {"id": place, "from_id": ids[tuple(head)], "to_id": ids[tuple(tail)], "type": kind}
        for place, (head, tail, kind) in enumerate(answer)
    ]
    return {"entities": entities, "relations": relations}


def _argilla(folder: Path, answers: Mapping[str, Any], by: str) -> Path:
    settings = json.loads((folder / ".argilla" / "settings.json").read_text())
    kind = settings["questions"][0]["settings"]["type"]
    rows = []
    for record in json.loads((folder / "records.json").read_text()):
        row = {"id": record["id"], "status": "pending", "_server_id": "s", **record["fields"], **record["metadata"]}
        if record["id"] in answers:
            value = _argilla_value(kind, answers[record["id"]])
            row |= {"answer.responses": [value], "answer.responses.users": [by]}
            row |= {"answer.responses.status": ["submitted"], "answer.suggestion": None}
        rows.append(row)
    return _written(folder / "answers.json", json.dumps(rows))


def _argilla_value(kind: str, answer: Any) -> Any:
    if kind == "span":
        return [{"start": start, "end": end, "label": label} for start, end, label in answer]
    if isinstance(answer, float):
        return int(answer) if kind == "rating" else f"{answer:g}"
    return answer


def _prodigy(folder: Path, answers: Mapping[str, Any], by: str) -> Path:
    lines = []
    for number, line in enumerate((folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        task = json.loads(line)
        if task["meta"]["item"] in answers:
            said = _prodigy_answer(task, answers[task["meta"]["item"]])
            own = {"_input_hash": number, "_task_hash": number, "_annotator_id": by, "_timestamp": 1795428000}
            lines.append(json.dumps({**task, **said, **own, "answer": "accept"}) + "\n")
    return _written(folder / "answers.jsonl", "".join(lines))


def _prodigy_answer(task: Mapping[str, Any], answer: Any) -> dict[str, Any]:
    if "options" in task:
        chosen = f"{answer:g}" if isinstance(answer, float) else answer
        return {"accept": chosen if isinstance(chosen, list) else [chosen]}
    if not isinstance(answer, list):
        return {"user_input": str(answer)}
    text = task["text"]
    if answer and isinstance(answer[0][0], list):
        edges = [{"head_span": _mark(head), "child_span": _mark(tail), "label": kind} for head, tail, kind in answer]
        return {"relations": edges, "spans": []}
    return {"spans": [{**_mark(one), "text": text[one[0] : one[1]]} for one in answer]}


def _mark(span: list[Any]) -> dict[str, Any]:
    return {"start": span[0], "end": span[1], "label": span[2]}


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
