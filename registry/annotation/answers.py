"""How an answer is spelled as one text, so that equal answers are equal texts whatever tool they came from.

A label is itself. A set of labels is the JSON list of them, sorted; spans are a JSON list of [start, end, label], and
relations one of [[start, end, label], [start, end, label], type], sorted too. Numbers stay numbers.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from registry.annotation.spec import Form
from registry.digest import canonical

Span = tuple[int, int, str]


def spelled(form: Form, answer: Any) -> str | float:
    """The one spelling of an answer as JSON tells it. ValueError where it is no answer of this form."""
    if form == "scale":
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            raise ValueError("it is no number")
        if not abs(answer) <= sys.float_info.max:
            raise ValueError("it is no finite number")
        return float(answer)
    if form in ("single", "preference", "text"):
        if not isinstance(answer, str) or not answer:
            raise ValueError("it is no text")
        return answer
    if not isinstance(answer, list):
        raise ValueError("it is no list")
    if form == "multi":
        if not all(isinstance(label, str) for label in answer):
            raise ValueError("it is no list of labels")
        return canonical(sorted(set(answer)))
    parts = [_span(one) if form == "spans" else _relation(one) for one in answer]
    return canonical([json.loads(one) for one in sorted({canonical(part) for part in parts})])


def migrated(form: Form, spelling: str, migrations: Mapping[str, str | None]) -> str | None:
    """An answer under the labels of today; None where nothing of it counts any longer."""
    if form in ("single", "preference"):
        return migrations.get(spelling, spelling)
    if form == "multi":
        kept = {migrations.get(label, label) for label in json.loads(spelling)}
        return canonical(sorted(label for label in kept if label is not None))
    if form == "spans":
        now = [[start, end, migrations.get(label, label)] for start, end, label in json.loads(spelling)]
        return str(spelled(form, [one for one in now if one[2] is not None]))
    return spelling


def labels(spelling: str) -> tuple[str, ...]:
    """The labels of a set."""
    return tuple(json.loads(spelling))


def spans(spelling: str) -> tuple[Span, ...]:
    """The spans of an answer, in order of their spelling."""
    return tuple((start, end, label) for start, end, label in json.loads(spelling))


def _span(one: Any) -> list[Any]:
    match one:
        case [int(start), int(end), str(label)] if 0 <= start < end:
            return [start, end, label]
    raise ValueError("it holds what is no [start, end, label]")


def _relation(one: Any) -> list[Any]:
    match one:
        case [head, tail, str(kind)]:
            return [_span(head), _span(tail), kind]
    raise ValueError("it holds what is no [[start, end, label], [start, end, label], type]")
