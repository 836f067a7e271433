"""The properties that the Croissant specification requires: the official validator does not ask for most of them.

Owns that list for 1.0 and 1.1. Reads plain keys, as `registry.interchange.jsonld` gives them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.interchange.jsonld import listed

DATASET = ("conformsTo", "description", "license", "name", "url", "creator", "datePublished", "distribution")
"""Section "Required" of the dataset level, and `distribution` from "Modified and added properties"."""

FILE_OBJECT = ("contentUrl", "encodingFormat")
FILE_SET = ("includes", "encodingFormat")
RECORD_SET = ("@id", "field")


def missing(document: Mapping[str, Any]) -> list[str]:
    """`node > property` of everything that is required and absent or empty."""
    return [
        *_absent("dataset", document, DATASET),
        *(line for node in listed(document.get("distribution")) for line in _of_resource(node, document)),
        *(line for node in listed(document.get("recordSet")) for line in _of_records(node)),
    ]


def _of_resource(node: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    name = f"distribution {node.get('@id', '?')}"
    is_set = "FileSet" in str(node.get("@type"))
    yield from _absent(name, node, FILE_SET if is_set else FILE_OBJECT)
    checked = is_set or node.get("containedIn") or document.get("isLiveDataset")
    if not checked and not (node.get("sha256") or node.get("md5")):
        yield f"{name} > sha256"


def _of_records(node: Mapping[str, Any]) -> Iterator[str]:
    name = f"recordSet {node.get('@id', '?')}"
    yield from _absent(name, node, RECORD_SET)
    for field in listed(node.get("field")):
        within = f"{name} > field {field.get('@id', '?')}"
        yield from _absent(within, field, ("@id",))
        if not (field.get("dataType") or field.get("source") or field.get("subField")):
            yield f"{within} > dataType"
        if not any(key in field for key in ("source", "value", "subField")) and not node.get("data"):
            yield f"{within} > source"


def _absent(name: str, node: Mapping[str, Any], keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        if node.get(key) in (None, "", [], {}):
            yield f"{name} > {key}"
