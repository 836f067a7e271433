"""A file that an annotation tool exported, told by its first object: Label Studio, doccano or Prodigy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HEAD = 1 << 18
PRODIGY = ("_input_hash", "_task_hash", "_annotator_id", "_session_id", "_view_id")
VERDICTS = ("accept", "reject", "ignore")


def keys_of(path: Path, local: str) -> dict[str, Any]:
    """The keys of a source entry for the export; none where the file is no such export."""
    first = _first(path)
    tool = _tool(first)
    if not tool:
        return {}
    texts = first["data"] if tool == "label-studio" else first
    named = "" if isinstance(texts.get("text"), str) else _longest(texts)
    return {
        "annotations": {"tool": tool, "path": local},
        **({"format": {tool.replace("-", "_"): {"text": named}}} if named else {}),
    }


def _first(path: Path) -> dict[str, Any]:
    """The first object of a list, or of lines; empty where there is none, or where it is very long."""
    with path.open("rb") as file:
        text = file.read(HEAD).decode("utf-8", "replace").lstrip("\ufeff")
    try:
        found, _ = json.JSONDecoder().raw_decode(text.strip().removeprefix("[").lstrip())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _tool(first: Mapping[str, Any]) -> str:
    annotations = first.get("annotations")
    if isinstance(first.get("data"), dict) and isinstance(annotations, list):
        told = [one for one in annotations if isinstance(one, dict) and isinstance(one.get("result"), list)]
        return "label-studio" if len(told) == len(annotations) else ""
    if first.get("answer") in VERDICTS and any(name in first for name in PRODIGY):
        return "prodigy"
    labels = first.get("label")
    marks = labels if isinstance(labels, list) and isinstance(first.get("text"), str) else []
    return "doccano" if marks and all(isinstance(mark, str) or _is_span(mark) for mark in marks) else ""


def _is_span(mark: Any) -> bool:
    return isinstance(mark, list) and len(mark) == 3 and [*map(type, mark)] == [int, int, str]


def _longest(texts: Mapping[str, Any]) -> str:
    """The key of the longest text."""
    words = {key: found for key, found in texts.items() if isinstance(found, str)}
    return max(words, key=lambda key: len(words[key]), default="")
