"""What a version depends on: the build key, known before building.

Owns the rule about what counts. Names, titles, licences, metrics, anchors and gates do not: they
describe rows and judge them, but change none.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel

from registry import text
from registry.card import DatasetCard, SourceSpec
from registry.digest import digest
from registry.kinds import TASKS
from registry.source import Fetched, RawFile

PIPELINE = 2
"""Changes when the build itself treats equal inputs differently."""


def identity(card: DatasetCard, raw: Mapping[str, Fetched]) -> dict[str, Any]:
    """Everything that decides the rows, as plain JSON; fields at their default are left out."""
    split = card.split.split
    parts = {
        "pipeline": PIPELINE,
        "text": text.VERSION,
        "task": {"name": card.task, "version": TASKS.get(card.task).version},
        "sources": {name: _source(spec, raw[name].files) for name, spec in card.sources.items()},
        "select": card.select,
        "annotation": _annotation(card),
        "labels": part(card.labels) if card.labels else None,
        "clean": [{"op": step.name, "version": step.op.version, **part(step.op)} for step in card.clean],
        "split": {
            "method": card.split.method,
            "version": split.version,
            **part(split),
        },
    }
    return {name: value for name, value in parts.items() if value}


def part(value: BaseModel) -> dict[str, Any]:
    """The fields of a typed part that are not at their default, as plain JSON."""
    fields = type(value).model_fields
    chosen = {name for name, field in fields.items() if getattr(value, name) != field.get_default()}
    return value.model_dump(mode="json", include=chosen, exclude_defaults=True)


def build_key(card: DatasetCard, raw: Mapping[str, Fetched]) -> str:
    return digest(identity(card, raw))


def libraries() -> dict[str, str]:
    """Versions of what reads and computes rows; named first when equal inputs give different ones."""
    found = {name: version(name) for name in ("charset-normalizer", "duckdb", "lxml", "numpy", "polars", "pyarrow")}
    return {**found, "python": f"{sys.version_info.major}.{sys.version_info.minor}"}


def _source(spec: SourceSpec, files: tuple[RawFile, ...]) -> dict[str, Any]:
    fields = spec.model_dump(mode="json", exclude_defaults=True, include={"path", "encoding", "file_column"})
    reader = {"format": spec.reader_kind, "version": spec.reader.version, **part(spec.reader)}
    # Names are data where a column holds them.
    named = [[file.name, file.sha256] for file in files] if spec.file_column else [file.sha256 for file in files]
    return {**fields, "reader": reader, "files": sorted(named)}


def _annotation(card: DatasetCard) -> dict[str, Any] | None:
    if card.annotation is None:
        return None
    # The scale changes no row; it is here so that votes are held against it whenever it changes.
    return card.annotation.model_dump(mode="json", include={"votes", "aggregate", "scale"})
