"""Inputs, right answers and answers of models as JSON: what programs and files of predictions read and write.

One object an input. What is asked has the names of the task's columns (`text`, `text_pair`, `question`, `tokens`,
`candidates`, `user`, `items`, `weights`, `audio`: a WAV file in base64). What is answered has one name for each kind:

| answer | is | in a right answer |
|---|---|---|
| `label` | a label of the card | the same |
| `labels` | a list of them | the same |
| `score` | a number | the same |
| `tags` | a list of labels, one for each token | the same |
| `answer` | a text | the same, or `answers`: a list of texts of which any is right |
| `ranking` | a list of ids of documents, best first | `relevant`: grades by id |
| `nats` | minus the logarithm of the probability of the text | nothing |
| `audio` | a WAV file in base64, with the `seconds` that making it took | nothing |

`probabilities` may stand beside `label` and `labels`, a list in the order of the card's labels or numbers by label;
`seconds` beside `answer`. Either all lines have them or none. Refuses anything else as `UserError` with the line.
"""

import base64
import binascii
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from harness.examples import (
    Answers,
    Clip,
    Input,
    Labels,
    LabelSets,
    Likelihoods,
    Nothing,
    Numbers,
    Probabilities,
    Rankings,
    References,
    Relevance,
    Sounds,
    Tags,
    Texts,
)
from harness.metric import FloatArray
from registry.errors import UserError, clipped, nearest

Line = dict[str, Any]
Item = TypeVar("Item")


def inputs(given: Sequence[Input]) -> Iterator[Line]:
    """What is asked, one object an input."""
    for one in given:
        if isinstance(one, str):
            yield {"text": one}
        elif isinstance(one, Clip):
            yield {"audio": base64.b64encode(one.audio).decode()}
        else:
            yield {name: value for name, value in one._asdict().items() if value is not None}


def told(answers: Answers, labels: tuple[str, ...]) -> Iterator[Line]:
    """Answers, right ones or a model's, one object each."""
    if isinstance(answers, Nothing):
        return ({} for _ in range(answers.rows))
    name, spelled = SPELLED[type(answers)]
    lines: Iterator[Line] = ({name: spelled(one, labels)} for one in answers[0])
    for beside, values in zip(answers._fields[1:], answers[1:], strict=True):
        lines = lines if values is None else _with(lines, beside, values)
    return lines


def parsed(line: str | bytes) -> Line:
    """One line of JSON. ValueError with what is wrong."""
    from registry.reading.jsonrows import no_constant, without_repeats

    try:
        text = line if isinstance(line, str) else line.decode("utf-8-sig")
        found = json.loads(text, parse_constant=no_constant, object_pairs_hook=without_repeats)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    except ValueError as error:
        raise ValueError(f"is not valid JSON: {clipped(str(error))}") from None
    if not isinstance(found, dict):
        raise ValueError("is JSON, but no object with an answer")
    return found


@dataclass(frozen=True)
class Given:
    """Lines with answers of one kind. `place` tells where the line of a row (from 0) stands, for errors."""

    lines: Sequence[Mapping[str, Any]]
    labels: tuple[str, ...]
    place: Callable[[int], str]

    def answers(self) -> Answers:
        """The answers; the first line says of which kind they are. UserError at the line that will not do."""
        kinds = [kind for kind in KINDS if kind in self.lines[0]]
        if len(kinds) != 1:
            what = f"has {' and '.join(kinds)}" if kinds else f"has none of {', '.join(KINDS)}"
            raise UserError(f"a line holds one answer; this one {what}", where=self.place(0))
        return KINDS[kinds[0]](self)

    def each(self, name: str, value: Callable[[Any], Item]) -> list[Item]:
        """The checked value of every line under this name. `value` raises ValueError for what it refuses."""
        found = []
        for row, line in enumerate(self.lines):
            if line.get(name) is None:
                raise UserError(f'lacks "{name}", which other lines have', where=self.place(row))
            try:
                found.append(value(line[name]))
            except ValueError as error:
                raise UserError(f'"{name}" {error}', where=self.place(row)) from None
        return found

    def label(self, value: Any) -> int:
        """The index of a label; a number is taken for the label that is spelled like it."""
        name = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(name, str) or name not in self.labels:
            near = nearest(name, self.labels) if isinstance(name, str) else ""
            raise ValueError(f"is {_shown(value)}, none of: {clipped(', '.join(self.labels))}{near}")
        return self.labels.index(name)

    def several(self, value: Any) -> list[int]:
        return [self.label(one) for one in _list(value)]

    def probabilities(self) -> Probabilities | None:
        found = self._beside("probabilities", self._shares)
        return None if found is None else np.asarray(found, dtype=np.float32)

    def seconds(self) -> FloatArray | None:
        found = self._beside("seconds", _number)
        return None if found is None else np.asarray(found)

    def _beside(self, name: str, value: Callable[[Any], Item]) -> list[Item] | None:
        """What may stand beside answers; None where no line has it."""
        return self.each(name, value) if any(line.get(name) is not None for line in self.lines) else None

    def _shares(self, value: Any) -> list[float]:
        if isinstance(value, Mapping):
            if set(value) != set(self.labels):
                raise ValueError("must have a number for each label and for nothing else")
            value = [value[label] for label in self.labels]
        if len(_list(value)) != len(self.labels):
            raise ValueError(f"has {len(value)} numbers for {len(self.labels)} labels")
        return [_number(one) for one in value]


def _labels(given: Given) -> Labels:
    return Labels(np.asarray(given.each("label", given.label), dtype=np.int64), given.probabilities())


def _sets(given: Given) -> LabelSets:
    chosen = np.zeros((len(given.lines), len(given.labels)), dtype=bool)
    for row, found in enumerate(given.each("labels", given.several)):
        chosen[row, found] = True
    return LabelSets(chosen, given.probabilities())


def _numbers(given: Given) -> Numbers:
    return Numbers(np.asarray(given.each("score", _number)))


def _tags(given: Given) -> Tags:
    return Tags(tuple(np.asarray(one, dtype=np.int64) for one in given.each("tags", given.several)))


def _texts(given: Given) -> Texts:
    return Texts(tuple(given.each("answer", _text)), given.seconds())


def _rankings(given: Given) -> Rankings:
    return Rankings(tuple(given.each("ranking", lambda value: tuple(_text(one) for one in _list(value)))))


def _likelihoods(given: Given) -> Likelihoods:
    return Likelihoods(np.asarray(given.each("nats", _number)))


def _sounds(given: Given) -> Sounds:
    return Sounds(tuple(given.each("audio", _bytes)), np.asarray(given.each("seconds", _number)))


KINDS: dict[str, Callable[[Given], Answers]] = {
    "label": _labels,
    "labels": _sets,
    "score": _numbers,
    "tags": _tags,
    "answer": _texts,
    "ranking": _rankings,
    "nats": _likelihoods,
    "audio": _sounds,
}
"""The names of answers, and what makes them of lines."""


SPELLED: dict[type, tuple[str, Callable[[Any, tuple[str, ...]], Any]]] = {
    Labels: ("label", lambda one, labels: labels[one]),
    LabelSets: ("labels", lambda one, labels: [labels[place] for place in np.flatnonzero(one)]),
    Numbers: ("score", lambda one, _: float(one)),
    Tags: ("tags", lambda one, labels: [labels[place] for place in one]),
    Texts: ("answer", lambda one, _: one),
    References: ("answers", lambda one, _: list(one)),
    Relevance: ("relevant", lambda one, _: one),
    Rankings: ("ranking", lambda one, _: list(one)),
    Likelihoods: ("nats", lambda one, _: float(one)),
    Sounds: ("audio", lambda one, _: base64.b64encode(one).decode()),
}
"""What answers are called, and how one of them is written."""


def _with(lines: Iterator[Line], name: str, values: Iterable[Any]) -> Iterator[Line]:
    return ({**line, name: np.asarray(value).tolist()} for line, value in zip(lines, values, strict=True))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"is {_shown(value)}, not a list")
    return list(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {_shown(value)}, not a text")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise ValueError(f"is {_shown(value)}, not a finite number")
    return float(value)


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error:
        raise ValueError("is no base64") from None


def _shown(value: Any) -> str:
    return clipped(json.dumps(value, ensure_ascii=False), 60)
