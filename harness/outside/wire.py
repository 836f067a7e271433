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
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, TypeVar

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
LONGEST = 128 << 20
"""Bytes of a line; half an hour of sound has 90 MB."""


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


def lines(
    file: IO[bytes], place: Callable[[int], str], hidden: Callable[[str], str] = str
) -> Iterator[tuple[int, Line]]:
    """The objects of JSON lines with the numbers of their lines, from 1; blank lines hold none.

    `hidden` takes out what nobody may see. UserError at the line that will not do.
    """
    for number, line in enumerate(iter(partial(file.readline, LONGEST + 1), b""), 1):
        if line.strip():
            try:
                yield number, _parsed(line, hidden)
            except ValueError as error:
                raise UserError(str(error), where=place(number)) from None


def _parsed(line: bytes, hidden: Callable[[str], str]) -> Line:
    if len(line) > LONGEST:
        raise ValueError(f"is longer than {LONGEST:,} bytes")
    try:
        text = hidden(line.decode("utf-8-sig")).strip()
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    try:
        found = value(text)
    except ValueError as error:
        raise ValueError(f"{error}: {clipped(text)}") from None
    if not isinstance(found, dict):
        raise ValueError(f"is JSON, but no object with an answer: {clipped(text)}")
    return found


def value(text: str) -> Any:
    """What JSON says. ValueError with what is wrong, for NaN and keys that are there twice too."""
    from registry.reading.jsonrows import no_constant, without_repeats

    try:
        return json.loads(text, parse_constant=no_constant, object_pairs_hook=without_repeats)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"is not valid JSON: {clipped(str(error))}") from None


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
        if not self.labels:
            raise ValueError(f"is {_shown(value)}, but the task knows no labels: its answers are of another kind")
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
        found = self._beside("seconds", _amount)
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
    return Likelihoods(np.asarray(given.each("nats", _amount)))


def _sounds(given: Given) -> Sounds:
    return Sounds(tuple(given.each("audio", _bytes)), np.asarray(given.each("seconds", _amount)))


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
    return value.encode("utf-8", "replace").decode()  # half a surrogate pair is nowhere stored


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise ValueError(f"is {_shown(value)}, not a finite number")
    return float(value)


def _amount(value: Any) -> float:
    if _number(value) < 0:
        raise ValueError(f"is {_shown(value)}, less than 0")
    return float(value)


def _bytes(value: Any) -> bytes:
    """Of base64; a Parquet file may hold them as they are."""
    if isinstance(value, bytes):
        return value
    text = _text(value)
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError("is no base64") from None


def _shown(value: Any) -> str:
    return clipped(json.dumps(value, ensure_ascii=False, default=str), 60)
