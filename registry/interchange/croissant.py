"""A published version as a Croissant 1.1 document: JSON-LD with every property that the specification requires.

Owns the mapping from card and manifest to Croissant, its Responsible AI extension and PROV-O. Writes no file.
What a card does not say is missing from the document, and where it is required the export is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from registry.card import DatasetCard
from registry.interchange import licences, wording
from registry.store import Published, filled

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
    "text_pair": "The second text, where the task is about two.",
    "label": "The label of the text, one of the record set `labels`.",
    "group": "Rows of one group stand in one split.",
    "votes": "The value that each annotator gave.",
    "aggregate": "The one value that the votes were put together to.",
    "annotators": "Who gave each of the votes.",
    "soft_label": "The share of the votes for each label, in the order of the record set `labels`.",
    "certainty": "How sure the label is, as the way of putting votes together tells it.",
    "decided_by": "How the label came about: the way of putting votes together, or who adjudicated.",
    "time": "Rows of the train split lie before those of the test split.",
    "cluster": "Near-duplicates of each other have one value here, and stand in one split.",
    "spans": "Marked parts of the text.",
}
FOLD = "The fold of the row, from 0, in repeat {} of a cross-validation."


class Lack(NamedTuple):
    """Something that Croissant requires and a card does not say: where in the card, what, and what to write."""

    path: tuple[str, ...]
    what: str
    do: str


def lacking(card: DatasetCard) -> list[Lack]:
    """All that the card must say before it can be exported."""
    needed = {
        "description": (card.description, "a sentence or more on what the rows are and where they come from"),
        "url": (card.url, "the page where the data is described"),
        "creators": (card.creators, 'the people ("Family, Given") and organisations that made the data'),
        "published": (card.published, "the year, month or day when the data came out"),
    }
    lacks = [
        Lack((key,), f'Croissant requires what the key "{key}" says, and it is missing', f"Write `{key}:` with {what}.")
        for key, (value, what) in needed.items()
        if not value
    ]
    refused = licences.objection(card.license)
    if refused:
        remedy = "Write the SPDX id; where the terms are the maker's own, `spdx: LicenseRef-<name>` with a `note:`."
        lacks.append(Lack(("license", "spdx"), f"Croissant requires a licence: {refused}", remedy))
    return lacks


def document(published: Published, card: DatasetCard, version: str, guidelines: str = "") -> Node:
    """The JSON-LD of a version whose split files lie beside it as `<split>.parquet`.

    `card` lacks nothing (see `lacking`); `version` is a semantic version; `guidelines` is the text that annotators had.
    """
    splits = filled(published.manifest)
    described: Node = {
        "@context": CONTEXT | {"@language": card.languages[0]},
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": card.name,
        "alternateName": card.title,
        "description": card.description,
        "version": version,
        "identifier": {"@type": "sc:PropertyValue", "propertyID": "content digest", "value": published.digest},
        "license": licences.for_croissant(card.license),
        "url": card.url,
        "creator": [_creator(name) for name in card.creators],
        "datePublished": card.published,
        "inLanguage": list(card.languages),
        "keywords": wording.keywords(card),
        "citeAs": card.citation,
        **_responsible(published, card, guidelines),
        "prov:wasDerivedFrom": list(_sources(published.manifest)),
        "distribution": [_file(published, split) for split in splits],
        "recordSet": [*_enumerations(published.manifest, splits), *(_records(published, split) for split in splits)],
    }
    return {key: value for key, value in described.items() if value not in ("", [], None)}


def undescribed(published: Published) -> list[str]:
    """Columns of the files that Croissant has no words for: they are in the files, but in no record set."""
    return [name for name, dtype in _schema(published).items() if _typed(dtype) is None]


def _creator(name: str) -> Node:
    """Croissant asks for a person or an organisation; as in a bibliography, a comma tells them apart."""
    return {"@type": "sc:Person" if "," in name else "sc:Organization", "name": name}


def _responsible(published: Published, card: DatasetCard, guidelines: str) -> Node:
    """The properties of the Responsible AI extension, as far as card and build know them."""
    manifest = published.manifest
    analysis = wording.analysis(manifest)
    return {
        "rai:dataCollectionRawData": "; ".join(
            dict.fromkeys(source["from"] for source in manifest["sources"].values())
        ),
        "rai:dataPreprocessingProtocol": [*wording.preparation(manifest), wording.splitting(manifest)],
        "rai:dataAnnotationProtocol": wording.protocol(card, guidelines),
        "rai:dataAnnotationAnalysis": [analysis] if analysis else [],
        "rai:annotationsPerItem": wording.votes_per_row(published),
        "rai:dataLimitations": wording.limitations(card),
    }


def _sources(manifest: Mapping[str, Any]) -> Iterator[Node]:
    for name, source in manifest["sources"].items():
        for file, sha256 in source["files"].items():
            yield {
                "@type": "prov:Entity",
                "prov:label": f"{name}: {source['from']}",
                "name": file,
                "sha256": sha256,
            }


def _file(published: Published, split: str) -> Node:
    path = published.split(split)
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "description": f"The {split} split.",
        "contentUrl": path.name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": published.manifest["checksums"][split],
    }


def _enumerations(manifest: Mapping[str, Any], splits: Sequence[str]) -> Iterator[Node]:
    """The record sets that stand in the document itself: the splits, and the labels in the card's order."""
    yield {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": ["sc:URL", "cr:Split"]},
        ],
        "data": [{"splits/name": split, "splits/url": SPLIT_URLS[split]} for split in splits],
    }
    if manifest["labels"]:
        yield {
            "@type": "cr:RecordSet",
            "@id": "labels",
            "name": "labels",
            "dataType": "sc:Enumeration",
            "key": {"@id": "labels/name"},
            "field": [{"@type": "cr:Field", "@id": "labels/name", "name": "name", "dataType": "sc:Text"}],
            "data": [{"labels/name": label} for label in manifest["labels"]],
        }


def _records(published: Published, split: str) -> Node:
    """The rows of one split, with the split's name as a constant column."""
    schema = _schema(published)
    fields = [_field(published, split, name, dtype) for name, dtype in schema.items() if _typed(dtype)]
    constant = {"dataType": "sc:Text", "value": split, "references": {"field": {"@id": "splits/name"}}}
    unsaid = undescribed(published)
    without = f" Not described, but in the file: {', '.join(unsaid)}." if unsaid else ""
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "description": f"{published.manifest['splits'][split]['rows']:,} rows.{without}",
        "key": {"@id": f"{split}/id"},
        "field": [*fields, {"@type": "cr:Field", "@id": f"{split}/split", "name": "split", **constant}],
    }


def _field(published: Published, split: str, name: str, dtype: pl.DataType) -> Node:
    typed = _typed(dtype)
    is_label = name == "label" and bool(published.manifest["labels"])
    of_labels = {"dataType": [typed, "cr:Label"], "references": {"field": {"@id": "labels/name"}}}
    array = {"isArray": True, "arrayShape": "-1"} if isinstance(dtype, pl.List) else {}
    return {
        "@type": "cr:Field",
        "@id": f"{split}/{name}",
        "name": name,
        **({"description": described} if (described := _described(name)) else {}),
        **(of_labels if is_label else {"dataType": typed}),
        **array,
        "source": {"fileObject": {"@id": published.split(split).name}, "extract": {"column": name}},
    }


def _described(column: str) -> str:
    repeat = re.fullmatch(r"fold_([0-9]+)", column)
    return FOLD.format(repeat[1]) if repeat else COLUMNS.get(column, "")


def _typed(dtype: pl.DataType) -> str | None:
    """Croissant's name of a column's type, or of the type of what its lists hold; None where it has none."""
    inner = dtype.inner if isinstance(dtype, pl.List) else dtype
    if inner.is_integer():
        return "sc:Integer"
    if inner.is_float():
        return "sc:Float"
    names = {pl.String: "sc:Text", pl.Boolean: "sc:Boolean", pl.Date: "sc:Date", pl.Datetime: "sc:DateTime"}
    return next((name for kind, name in names.items() if inner == kind), None)


def _schema(published: Published) -> Mapping[str, pl.DataType]:
    """All splits have the same columns."""
    first = filled(published.manifest)[0]
    return pl.read_parquet_schema(published.split(first))
