"""A published version as a Croissant 1.1 document: JSON-LD with every property that the specification requires.

Owns the mapping from card and manifest to Croissant, its Responsible AI extension and PROV-O. Writes no file.
What a card does not say is missing from the document, and where it is required the export is refused.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from registry.card import DatasetCard
from registry.interchange import wording
from registry.interchange.license import Terms, terms
from registry.store import Published

Node = dict[str, Any]

FILE = "croissant.json"
CONFORMS_TO = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")

CONTEXT: Node = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The specification writes http://schema.org/, but its validator knows a dataset only by https://."""

SPLIT_URLS = {"train": "cr:TrainingSplit", "validation": "cr:ValidationSplit", "test": "cr:TestSplit"}

COLUMNS = {
    "id": "Tells rows apart; the same in every version that holds the row.",
    "text": "The text.",
    "label": "The label of the text, one of the record set `labels`.",
    "group": "Rows of one group stand in one split.",
    "votes": "The value that each annotator gave.",
    "aggregate": "The one value that the votes were put together to.",
}


class Lack(tuple[tuple[str, ...], str, str]):
    """Where in the card something that Croissant requires is missing, what it is, and what to write."""

    __slots__ = ()


def lacking(card: DatasetCard) -> list[tuple[tuple[str, ...], str, str]]:
    """What Croissant requires and the card does not say: where, what, and what to do about it."""
    needed = {
        "description": (card.description, "a paragraph on what the rows are and where they come from"),
        "url": (card.url, "the page where the data is described"),
        "creators": (card.creators, "a list of the people or organisations that made the data"),
        "published": (card.published, "the year, month or day when the data came out"),
    }
    found: list[tuple[tuple[str, ...], str, str]] = [
        ((key,), f'Croissant requires what the key "{key}" says, and it is missing', f"Write `{key}:`, {what}.")
        for key, (value, what) in needed.items()
        if not value
    ]
    refused = terms(card.license).refused
    return [*found, *([(("license", "spdx"), refused, "")] if refused else [])]
