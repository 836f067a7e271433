"""Plain YAML data to typed values, collecting every mistake with its place.

Shared by all card types. Owns the wording of structural mistakes; knows no card in particular.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from registry.errors import Problem, nearest
from registry.frozen import as_written
from registry.kinds import Kinds
from registry.yamlsource import Breadcrumb, YamlSource

T = TypeVar("T", bound=BaseModel)


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

    def report(self, path: Breadcrumb, what: str, do: str = "", *, at_key: bool = False) -> None:
        if path and path[0] in self.inherited:
            path = ("like",)
        self.problems.append(self.source.problem(path, what, do, at_key=at_key))

    def value(self, model: type[T], data: Any, path: Breadcrumb) -> T | None:
        """`data` as a `model`, or None with its problems reported below `path`."""
        if not isinstance(data, Mapping):
            self.report(path, f"must be keys and values, not {_shown(data)}")
            return None
        try:
            return model.model_validate(dict(data))
        except ValidationError as error:
            for details in error.errors():
                self._explain(model, details, path)
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
        value = self.of_kind(kinds.get(name), parameters, path)
        return None if value is None else Named(name, value)

    def of_kind(self, model: type[T], parameters: Any, path: Breadcrumb) -> T | None:
        """Parameters as a `model`; a model with one field may be written as that field's value."""
        if not isinstance(parameters, Mapping) and len(model.model_fields) == 1:
            parameters = {next(iter(model.model_fields)): parameters}
        return self.value(model, {} if parameters is None else parameters, path)

    def _explain(self, model: type[BaseModel], details: ErrorDetails, path: Breadcrumb) -> None:
        location = details["loc"]
        steps = tuple(str(step + 1) if isinstance(step, int) else step for step in location)
        kind, given = details["type"], details["input"]
        if kind == "missing":
            self.report((*path, *steps[:-1]), f'the key "{steps[-1]}" is missing', at_key=True)
        elif kind == "extra_forbidden":
            known = _fields(model, location[:-1])
            what = f'unknown key "{steps[-1]}"{nearest(steps[-1], known)}. Known: {", ".join(known)}.'
            self.report((*path, *steps), what, at_key=True)
        else:
            self.report((*path, *steps), _sentence(kind, details, given, _field(model, location)))


def _sentence(kind: str, details: ErrorDetails, given: Any, declared: FieldInfo | None) -> str:
    if kind == "literal_error":
        expected = details["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        return f"{_shown(given)} is not one of: {expected}{nearest(str(given), expected.split(', '))}"
    if kind == "value_error":
        return details["msg"].removeprefix("Value error, ")
    if declared is not None and declared.description:
        return f"{_shown(given)} will not do: {declared.description}"
    message = details["msg"][0].lower() + details["msg"][1:]
    return f"{message}, not {_shown(given)}"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"{str(value).lower()} (in quotes it is a word)"
    text = str(as_written(value))
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if isinstance(value, int | float) else f'"{text}"'


def _model_at(model: type[BaseModel] | None, location: tuple[int | str, ...]) -> type[BaseModel] | None:
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


def _fields(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    owner = _model_at(model, location)
    return sorted(owner.model_fields) if owner else []


def _field(model: type[BaseModel], location: tuple[int | str, ...]) -> FieldInfo | None:
    names = [index for index, step in enumerate(location) if isinstance(step, str)]
    if not names:
        return None
    owner = _model_at(model, location[: names[-1]])
    return owner.model_fields.get(str(location[names[-1]])) if owner else None
