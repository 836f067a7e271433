"""The JSON Schemas of model cards and suites, generated from the types."""

from typing import Any

from harness.kinds import FAMILIES
from harness.spec import ModelCard, Suite
from harness.weights import Hub
from registry.cardschema import LIKE, Schema, embedded, finished


def model_schema() -> Schema:
    """The schema of `cards/models/*.yaml`; the recipe follows the family."""
    definitions: Schema = {}
    own = embedded(ModelCard, definitions)
    own["properties"] |= {"like": LIKE, "family": {"enum": list(FAMILIES.own())}, "recipe": {"type": "object"}}
    hub = {"anyOf": [embedded(Hub, definitions), {"type": "string"}]}
    definitions["WeightsSpec"]["properties"]["hub"] = hub
    required = [key for key in own.pop("required") if key != "recipe"]
    rules = [_recipe(name, definitions) for name in FAMILIES.own()]
    needs = {"anyOf": [{"required": ["like"]}, {"required": required}], "allOf": rules}
    return finished({**own, **needs, "$defs": definitions}, "cardbench model card")


def suite_schema() -> Schema:
    """The schema of `cards/suites/*.yaml`."""
    definitions: Schema = {}
    own = embedded(Suite, definitions)
    own["properties"]["like"] = LIKE
    needs = {"anyOf": [{"required": ["like"]}, {"required": own.pop("required")}]}
    return finished({**own, **needs, "$defs": definitions}, "cardbench suite")


def _recipe(family: str, definitions: Schema) -> dict[str, Any]:
    recipe = embedded(FAMILIES.get(family).Recipe, definitions)
    return {
        "if": {"properties": {"family": {"const": family}}, "required": ["family"]},
        "then": {"properties": {"recipe": recipe}},
    }
