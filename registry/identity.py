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
from registry.annotation import layers
from registry.annotation.measuring import chosen
from registry.card import DatasetCard, OpSpec, SourceSpec
from registry.digest import digest
from registry.kinds import AGGREGATES, OPS, TASKS
from registry.source import Fetched, RawFile

LIBRARIES = ("charset-normalizer", "duckdb", "lxml", "numpy", "polars", "pyarrow")
"""What every build may use; ops name what else they use."""

VOTING = 2
"""Changes when the same votes are put together, or published, differently."""

DECIDING = ("answer", "votes", "annotators", "migrations", "scale", "ties")
"""What a card says of its annotation that decides rows; a vote by nobody of its `annotators` stops the build."""

PIPELINE = 2
"""Changes when the build itself treats equal inputs differently."""


def identity(card: DatasetCard, raw: Mapping[str, Fetched]) -> dict[str, Any]:
    """Everything that decides the rows, as plain JSON; fields at their default are left out."""
    split = card.split.split
    parts = {
        "pipeline": PIPELINE,
        "text": text.VERSION,
        "task": {"name": card.task, "version": TASKS.version(card.task)},
        "sources": {name: _source(spec, raw[name].files) for name, spec in card.inputs.items()},
        "select": card.select,
        "collection": card.collection,
        "annotation": _annotation(card),
        "layers": {file.name: file.sha256 for file in raw[layers.INPUT].files} if layers.INPUT in raw else None,
        "labels": part(card.labels) if card.labels else None,
        "clean": [_step(step) for step in card.clean],
        "split": {
            "method": card.split.method,
            "version": split.version,
            **part(split),
        },
        "audit": [audited(step.name, step.audit) for step in card.audit],
    }
    return {name: value for name, value in parts.items() if value}


def cleaning(card: DatasetCard, raw: Mapping[str, Fetched]) -> dict[str, Any]:
    """What decides the cleaned texts, before labels are made and rows are split; with the libraries that made them."""
    whole, split = identity(card, raw), card.split.split
    deciding = ("pipeline", "text", "task", "sources", "layers", "select", "clean")
    parts = {name: whole.get(name) for name in deciding}
    columns: dict[str, Any] = {
        "votes": _collected(card),
        "group": split.group,
        "by": split.columns,
    }
    labelled = not (card.labels and card.labels.rules)
    columns |= {"label": labelled, "extra": any(one.name == "leaks" for one in card.audit)}
    return {**parts, "columns": columns, "libraries": libraries(card)}


def audited(name: str, audit: Any) -> dict[str, Any]:
    """All that decides what an audit finds in given rows; its bound judges that and changes nothing."""
    fields = {key: value for key, value in part(audit).items() if key != "at_most"}
    return {"audit": name, "version": audit.version, **fields}


def part(value: BaseModel) -> dict[str, Any]:
    """The fields of a typed part that are not at their default, as plain JSON."""
    fields = type(value).model_fields
    chosen = {name for name, field in fields.items() if getattr(value, name) != field.get_default()}
    return value.model_dump(mode="json", include=chosen, exclude_defaults=True)


def build_key(card: DatasetCard, raw: Mapping[str, Fetched]) -> str:
    return digest(identity(card, raw))


def libraries(card: DatasetCard) -> dict[str, str]:
    """Versions of what reads and computes rows; named first when equal inputs give different ones."""
    used = {name for step in card.clean for name in step.op.libraries}
    found = {name: version(name) for name in sorted({*LIBRARIES, *used})}
    return {**found, "python": f"{sys.version_info.major}.{sys.version_info.minor}"}


def _step(step: OpSpec) -> dict[str, Any]:
    plugin = OPS.plugin(step.name)
    brought = {"from": plugin.origin} if plugin else {}
    return {"op": step.name, "version": step.op.version, **brought, **part(step.op)}


def _source(spec: SourceSpec, files: tuple[RawFile, ...]) -> dict[str, Any]:
    fields = spec.model_dump(mode="json", exclude_defaults=True, include={"path", "encoding", "file_column"})
    reader = {"format": spec.reader_kind, "version": spec.reader.version, **part(spec.reader)}
    # Names are data where a column holds them.
    named = [[file.name, file.sha256] for file in files] if spec.file_column else [file.sha256 for file in files]
    return {**fields, "reader": reader, "files": sorted(named)}


def _annotation(card: DatasetCard) -> dict[str, Any] | None:
    """What decides labels, and what is measured of the votes; thresholds and wording only judge or tell."""
    asked = card.annotation
    if asked is None:
        return None
    measured = chosen(asked.answer, asked.agreement)
    decided = AGGREGATES.get(asked.aggregation)
    # The scale changes no row; it is here so that votes are held against it whenever it changes.
    fields = {name: value for name, value in part(asked).items() if name in DECIDING}
    aggregate = {"name": asked.aggregation, "version": decided.version}
    agreement = {"measure": measured.name, "level": measured.level}
    return {**fields, "version": VOTING, "aggregate": aggregate, "agreement": agreement}


def _collected(card: DatasetCard) -> dict[str, Any] | None:
    """How votes become columns."""
    asked = card.annotation
    if asked is None:
        return None
    places = asked.votes.model_dump(mode="json", exclude_defaults=True) if asked.votes else None
    return {"version": VOTING, "places": places, "answer": asked.answer, "migrations": asked.migrations}
