"""The JSON Schema of dataset cards, generated from the types: for editors, and for programs that write cards.

Owns how kinds (sources, formats, ops, split methods) are spelled in the schema. The types stay the only source.
"""

from typing import Any

from pydantic import BaseModel

from registry.annotation.spec import Annotation
from registry.card import DatasetCard, Drop, SourceSpec
from registry.cardfile import SOURCE_KEYS
from registry.kinds import AUDITS, OPS, READERS, SOURCES, SPLITS, TASKS, Kinds

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LIKE = {"type": "string", "description": "Inherit every key that is not written here from this card."}

Schema = dict[str, Any]


def dataset_schema() -> Schema:
    """The schema of `cards/datasets/**/*.yaml`."""
    definitions: Schema = {}
    own = embedded(DatasetCard, definitions)
    own["properties"] |= {
        "like": LIKE,
        "task": {"enum": list(TASKS.own())},
        "sources": {"type": "object", "minProperties": 1, "additionalProperties": _source(definitions)},
        "labels": _labels(definitions),
        "clean": {"type": "array", "items": named(OPS, definitions)},
        "audit": {"type": "array", "items": named(AUDITS, definitions)},
        "split": _split(definitions),
        "annotation": {"anyOf": [_annotation(definitions), {"type": "null"}]},
    }
    required = [key for key in own.pop("required") if key != "split"]
    needs = {"anyOf": [{"required": ["like"]}, {"required": required}]}
    return finished({**own, **needs, "$defs": definitions}, "cardbench dataset card")


def embedded(model: type[BaseModel], definitions: Schema) -> Schema:
    """A model's schema with what it refers to moved into shared definitions."""
    schema = model.model_json_schema()
    definitions.update(schema.pop("$defs", {}))
    return schema


def named(kinds: Kinds, definitions: Schema) -> Schema:
    """`name`, or `{name: parameters}`; no parameters may also be written as nothing."""
    schemas = {name: embedded(kinds.get(name), definitions) for name in kinds.own()}
    bare = [name for name, schema in schemas.items() if not schema.get("required")]
    given = {name: _shorthand(schema) for name, schema in schemas.items()}
    mapping = {
        "type": "object",
        "properties": {name: _or_null(schema) if name in bare else schema for name, schema in given.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [{"enum": bare}, mapping]}


def finished(schema: Schema, title: str) -> Schema:
    """With dialect and title. A YAML number may stand where a text may; a null removes a key that `like:` brings in."""
    properties = {key: value if key == "name" else _or_null(value) for key, value in schema["properties"].items()}
    return {"$schema": DIALECT, **_numbers_as_text({**schema, "properties": properties}), "title": title}


def _or_null(schema: Schema) -> Schema:
    null = {"type": "null"}
    return schema if null in schema.get("anyOf", ()) else {"anyOf": [schema, null]}


def _numbers_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        loosened = {key: _numbers_as_text(item) for key, item in value.items()}
        if value.get("type") == "string":
            loosened["type"] = ["string", "number"]
        return loosened
    return [_numbers_as_text(item) for item in value] if isinstance(value, list) else value


def _source(definitions: Schema) -> Schema:
    own = embedded(SourceSpec, definitions)["properties"]
    kinds = {name: _shorthand(embedded(SOURCES.get(name), definitions)) for name in SOURCES.names()}
    common = {key: own[key] for key in SOURCE_KEYS if key != "format"}
    return {
        "type": "object",
        "properties": {**kinds, **common, "format": named(READERS, definitions)},
        "additionalProperties": False,
        "oneOf": [{"required": [name]} for name in kinds],
    }


def _shorthand(schema: Schema) -> Schema:
    """The only field of a kind, or its only required one, may be written without its name."""
    properties, required = schema.get("properties", {}), schema.get("required", [])
    alone = list(properties) if len(properties) == 1 else required
    return {"anyOf": [schema, properties[alone[0]]]} if len(alone) == 1 else schema


def _labels(definitions: Schema) -> Schema:
    names = {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True}
    rules = {
        "type": "object",
        "properties": {
            "from": {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 2},
            "else": embedded(Drop, definitions),
        },
        "required": ["from"],
        "additionalProperties": False,
    }
    return {"anyOf": [names, rules, {"type": "null"}]}


def _annotation(definitions: Schema) -> Schema:
    """The name of a column with lists of votes may stand for where the votes are."""
    own = embedded(Annotation, definitions)
    own["properties"]["votes"]["anyOf"].append({"type": "string"})
    return own


def _split(definitions: Schema) -> Schema:
    methods = []
    for name in SPLITS.names():
        schema = embedded(SPLITS.get(name), definitions)
        schema["properties"]["method"] = {"const": name}
        methods.append(schema if name == "hash" else {**schema, "required": ["method"]})
    return {"anyOf": methods}
