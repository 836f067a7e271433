"""The scorecard of a version with what runs and an encoder add, and how it is written for people and programs.

Owns the words of `bench card show` about quality. Refuses a total score.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from harness.inspect.learning import learning_curves, saturation
from harness.inspect.spread import spread_measures
from harness.workspace import Workspace
from registry.card import DatasetCard
from registry.quality.measure import Measure, Part, Scorecard
from registry.quality.scorecard import scorecard
from registry.store import Published

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FURTHER = ("distinct-1 at 1,000 words", "distinct-1 at 100,000 words")
"""Left out of a line: one size is enough to compare by."""


def quality(card: DatasetCard, version: Published, workspace: Workspace, *, encode: bool = False) -> Scorecard:
    """Everything measured. `encode` lets the encoder run, which takes seconds, where its numbers are not kept yet."""
    base = scorecard(card, version, workspace.catalog)
    curves = learning_curves(card, version, workspace.home)
    more = {
        "diversity": spread_measures(card, version, workspace, compute=encode),
        "size": (saturation(card, version, curves),),
    }
    parts = tuple(replace(part, measures=(*part.measures, *more.get(part.name, ()))) for part in base.parts)
    return replace(base, parts=parts, learning=curves)


def as_json(found: Scorecard) -> dict[str, Any]:
    """Plain JSON; see `harness/schema/quality.schema.json`."""
    return asdict(found)


def schema() -> dict[str, Any]:
    """The JSON Schema of `as_json`, made from the types."""
    from pydantic import TypeAdapter

    said = {"title": "Quality scorecard of a version", "description": "`quality` in `bench card show --json`."}
    return {"$schema": DIALECT, **TypeAdapter(Scorecard).json_schema(mode="serialization"), **said}


def pairs(found: Scorecard) -> Iterator[tuple[str, str]]:
    """One line of facts for each part: what was measured, then what was not."""
    for part in found.parts:
        yield part.title.lower(), told(part)


def told(part: Part) -> str:
    """The measures of a part in a line."""
    found = [one for one in part.measures if one.name not in FURTHER]
    lacking = [one.name for one in found if one.value is None]
    words = "; ".join(f"{one.name} {shown(one)}{verdict(one)}" for one in found if one.value is not None)
    return f"{words}; not measured: {', '.join(lacking)}" if lacking else words


def shown(one: Measure) -> str:
    """A value as people read it; a dash where there is none."""
    if one.value is None:
        return "–"
    if isinstance(one.value, str):
        return one.value
    if one.unit.startswith("share of"):
        return f"{one.value:.1%}"
    return f"{one.value:,}" if isinstance(one.value, int) else f"{one.value:.3f}"


def verdict(one: Measure) -> str:
    return f" ({one.verdict})" if one.verdict else ""
