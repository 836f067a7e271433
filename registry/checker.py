"""Plain YAML data to typed values, collecting every mistake with its place.

Shared by all card types. Owns the wording of structural mistakes; knows no card in particular.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from registry.errors import Problem, UserError, masked, nearest
from registry.frozen import as_written
from registry.kinds import Kinds
from registry.yamlsource import Breadcrumb, YamlSource

WIDE = re.compile("[：，；“”‘’【】｛｝［］]")
ASCII = "lists and keys are written with : , [ ] { } and straight quotes."
PROSE = ("title", "description", "citation", "creators", "select", "collection", "annotation", "anchors", "deprecated")
"""Keys whose text may well hold full-width punctuation."""

T = TypeVar("T", bound=BaseModel)
Location = tuple[int | str, ...]


class Named(NamedTuple):
    """A part that names its kind: `length` or `{length: {min_chars: 3}}`."""

    kind: str
    value: Any


@dataclass
class Checker:
    """The problems of one file. `inherited` are top-level keys that a `like:` brought in."""

    source: YamlSource
    inherited: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: Breadcrumb, what: str, do: str = "", *, at_key: bool = False, word: str = "") -> None:
        if path and path[0] in self.inherited:
            path, word = ("like",), ""
        problem = self.source.problem(path, what, do, at_key=at_key, word=word)
        found = WIDE.search(problem.source) if not do and path and path[0] not in PROSE else None
        self.problems.append(replace(problem, do=f'"{found[0]}" is text to YAML; {ASCII}') if found else problem)

    def value(self, model: type[T], data: Any, path: Breadcrumb) -> T | None:
        """`data` as a `model`, or None with its problems reported below `path`."""
        if not isinstance(data, Mapping):
            self.report(path, f"must be keys and values, not {shown(data)}")
            return None
        try:
            return model.model_validate(dict(data))
        except ValidationError as error:
            self._explain_all(model, error.errors(), path)
            return None

    def named(self, kinds: Kinds, data: Any, path: Breadcrumb) -> Named | None:
        """A part that names its kind, with its parameters checked against that kind's own fields."""
        if isinstance(data, str):
            name, parameters = data, None
        elif isinstance(data, Mapping) and len(data) == 1:
            name, parameters = next(iter(data.items()))
            path = (*path, name)
        else:
            self.report(path, f"must be one {kinds.noun}, or one {kinds.noun} with its parameters")
            return None
        if name not in kinds.names():
            self.report(path, kinds.unknown(name), at_key=isinstance(data, Mapping))
            return None
        try:
            model = kinds.get(name)
        except UserError as error:  # a plug-in that cannot be used
            self.report(path, error.what, error.do, at_key=isinstance(data, Mapping))
            return None
        value = self.of_kind(model, parameters, path)
        return None if value is None else Named(name, value)

    def of_kind(self, model: type[T], parameters: Any, path: Breadcrumb) -> T | None:
        """Parameters as a `model`; its only field, or its only required one, may be written without its name."""
        given = {} if parameters is None else parameters
        fields = model.model_fields
        alone = [name for name, field in fields.items() if len(fields) == 1 or field.is_required()]
        if isinstance(given, Mapping) or (fields and len(alone) != 1):
            return self.value(model, given, path)
        if not fields:
            self.report(path, f"takes no parameters, but is given {shown(given)}")
            return None
        return self.only(model, alone[0], given, path)

    def only(self, model: type[T], name: str, given: Any, path: Breadcrumb) -> T | None:
        """A `model` of which the card writes one field alone, without its name."""
        try:
            return model.model_validate({name: given})
        except ValidationError as error:
            self._explain_all(model, error.errors(), path, unwritten=1)
            return None

    def _explain_all(
        self, model: type[BaseModel], mistakes: Sequence[ErrorDetails], path: Breadcrumb, unwritten: int = 0
    ) -> None:
        """Report each mistake once. `unwritten` is how many steps below `path` the card leaves out."""
        missing: dict[Breadcrumb, list[str]] = {}
        locations = [details["loc"] for details in mistakes]
        for details in mistakes:
            location = details["loc"]
            steps = (*path, *_steps(location)[unwritten:])
            if details["type"] == "missing":
                missing.setdefault(steps[:-1], []).append(str(location[-1]))
            elif details["type"] == "extra_forbidden":
                self.report(steps, _unknown_key(str(location[-1]), _fields(model, location[:-1])), at_key=True)
            elif details["type"] != "too_short" or not _is_above(location, locations):
                self.report(steps, _sentence(details, _description(model, location)) + _instead(model, details))
        for steps, keys in missing.items():
            what = f'the key "{keys[0]}" is missing' if len(keys) == 1 else f"these keys are missing: {', '.join(keys)}"
            self.report(steps, what, at_key=True)


def _steps(location: Location) -> Breadcrumb:
    """Where pydantic says a mistake is, as people count: from 1."""
    return tuple(str(step + 1) if isinstance(step, int) else step for step in location)


def _is_above(location: Location, others: Iterable[Location]) -> bool:
    """Whether a part of what stands at `location` has a mistake of its own, which says more."""
    return any(len(other) > len(location) and other[: len(location)] == location for other in others)


def _unknown_key(key: str, known: list[str]) -> str:
    if not known:
        return f'unknown key "{key}"; this takes no parameters'
    return f'unknown key "{key}"{nearest(key, known)}. Known: {", ".join(known)}.'


PLAIN = {
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be keys and values",
    "model_type": "must be keys and values",
    "model_attributes_type": "must be keys and values",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be below {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "too_short": "must have at least {min_length}",
}
"""What pydantic calls a mistake, in the words of a card author."""


def _sentence(details: ErrorDetails, description: str | None) -> str:
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "literal_error":
        expected = context["expected"].replace(" or ", ", ").replace("'", "")
        return f"{shown(given)} is not one of: {expected}{nearest(str(given), expected.split(', '))}"
    if kind == "value_error":
        return details["msg"].removeprefix("Value error, ")
    if kind == "string_pattern_mismatch" and description is None:
        return f"{shown(given)} will not do: it must match {context['pattern']}"
    if kind in PLAIN and (description is None or kind.endswith(("_type", "_parsing"))):
        return f"{PLAIN[kind].format(**context)}, not {shown(given)}"
    if description:
        return f"{shown(given)} will not do: {description}"
    message = details["msg"][0].lower() + details["msg"][1:]
    return f"{message}, not {shown(given)}"


def _instead(model: type[BaseModel], details: ErrorDetails) -> str:
    """`; write ...` where what was meant can be guessed from what was written."""
    kind, given = details["type"], details["input"]
    if not isinstance(given, str | int | float) or isinstance(given, bool):
        return ""
    if kind in ("list_type", "tuple_type"):
        return as_list(given)
    if kind in ("model_type", "model_attributes_type"):
        owner = _model_at(model, details["loc"])
        needed = [name for name, declared in owner.model_fields.items() if declared.is_required()] if owner else []
        return f"; write {{{needed[0]}: {masked(str(as_written(given)))}}}" if len(needed) == 1 else ""
    percent = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?%", str(given))
    return f"; write {float(percent[1]) / 100:g}" if percent and kind == "float_parsing" else ""


def as_list(value: Any) -> str:
    """`; write [a, b]` for the text `a, b`; empty for what is no single line of text."""
    text = masked(str(as_written(value))) if isinstance(value, str | int | float) else ""
    items = [item.strip() for item in re.split("[,，、]", text) if item.strip()]
    return f"; write [{', '.join(items)}]" if items and len(text) <= 60 and not WIDE.search(text) else ""


def shown(value: Any) -> str:
    """A value as a card's author wrote it, cut where it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"{str(value).lower()} (in quotes it is a word)"
    if isinstance(value, Mapping | list | tuple):
        return _cut(json.dumps(value, ensure_ascii=False, default=str))
    text = _cut(masked(str(as_written(value))))
    return text if isinstance(value, int | float) else f'"{text}"'


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _model_at(model: type[BaseModel] | None, location: Location) -> type[BaseModel] | None:
    for step in location:
        if isinstance(step, int) or model is None:
            continue
        declared = model.model_fields.get(step)
        model = _model_in(declared.annotation) if declared else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside `Model | None`, `tuple[Model, ...]` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(inner) for inner in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)


def _fields(model: type[BaseModel], location: Location) -> list[str]:
    owner = _model_at(model, location)
    return sorted(owner.model_fields) if owner else []


def _description(model: type[BaseModel], location: Location) -> str | None:
    """What the innermost declaration at a place says that a right value is."""
    names = [index for index, step in enumerate(location) if isinstance(step, str)]
    owner = _model_at(model, location[: names[-1]]) if names else None
    declared = owner.model_fields.get(str(location[names[-1]])) if owner else None
    return declared and (declared.description or next(_descriptions(declared.annotation), None))


def _descriptions(annotation: Any) -> Iterator[str]:
    """Descriptions inside `Annotated[...]`, `X | None` and `tuple[X, ...]`."""
    for note in getattr(annotation, "__metadata__", ()):
        if isinstance(note, FieldInfo) and note.description:
            yield note.description
    for inner in getattr(annotation, "__args__", ()):
        yield from _descriptions(inner)
