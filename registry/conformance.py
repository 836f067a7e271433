"""Cards held against the JSON Schemas that ship, which is what editors and other programs check them with.

Runs after the typed check, which says more and says it better: what is found here is where the two disagree.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.checker import shown
from registry.errors import Problem, clipped, masked
from registry.kinds import plugins
from registry.yamlsource import YamlSource

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "keys and values",
    "string": "text",
}
"""What JSON Schema calls a type, in the words of a card author."""


def disagreements(section: str, source: YamlSource) -> Iterator[Problem]:
    """What the published schema refuses in a card's own keys; those that `like:` brings in stand in another file."""
    installed = tuple((what, tuple(sorted(plugins(f"cardbench.{what}")))) for what in ("ops", "tasks", "families"))
    for error in _validator(section, installed).iter_errors(source.data):
        innermost = _innermost(error)
        path = tuple(str(step + 1) if isinstance(step, int) else step for step in innermost.absolute_path)
        do = "The JSON Schema of these cards, which editors use, refuses it."
        yield source.problem(path, _sentence(innermost), do)


def _innermost(error: "ValidationError") -> "ValidationError":
    """Of the ways that a value could be right, the mistake in the one that fits it furthest."""
    while error.context:
        others = [inner for inner in error.context if inner.validator_value != "null"]
        error = max(others or error.context, key=lambda inner: len(inner.absolute_path))
    return error


@cache
def _validator(section: str, installed: tuple[tuple[str, tuple[str, ...]], ...]) -> "Draft202012Validator":
    """`installed`: what other distributions bring. No schema that ships knows it; its types said enough."""
    from jsonschema import Draft202012Validator

    file = Path(__file__).parent / "schema" / f"{section.removesuffix('s')}.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    others = dict(installed)
    if section == "datasets":
        bare, mapping = schema["properties"]["clean"]["anyOf"][0]["items"]["anyOf"]
        bare["enum"] += others["ops"]
        mapping["properties"] |= dict.fromkeys(others["ops"], True)
        _also(schema["properties"]["task"], others["tasks"])
    elif section == "models":
        _also(schema["properties"]["family"], others["families"])
    return Draft202012Validator(schema)


def _also(property_: dict[str, Any], names: tuple[str, ...]) -> None:
    property_["anyOf"][0]["enum"] += names


def _sentence(error: "ValidationError") -> str:
    wanted: Any = error.validator_value
    if error.validator == "type":
        types = [wanted] if isinstance(wanted, str) else [kind for kind in wanted if kind != "number"]
        return f"must be {' or '.join(TYPES[kind] for kind in types)}, not {shown(error.instance)}"
    if error.validator in ("enum", "const"):
        values = wanted if error.validator == "enum" else [wanted]
        return f"{shown(error.instance)} is not one of: {', '.join(map(str, values))}"
    return clipped(masked(error.message))
