"""What exports say about a version in sentences: preparation, split, annotation, limits.

Reads the manifest, so that an older version is described as it was made; what describes data but changes no row
(the question, the licence) is the card's. Computes nothing that the build has not recorded, but for the votes per row.
"""

import json
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

import polars as pl

from registry import gate
from registry.card import DatasetCard
from registry.errors import plural
from registry.store import Published, filled


def preparation(manifest: Mapping[str, Any]) -> list[str]:
    """One sentence for each step between the source files and the splits, with the rows that left there."""
    left = _left(manifest)
    steps = [_selection(manifest)]
    steps += [f"{_call(step)}: {left.pop(step['op'], 'no row left')}" for step in manifest["identity"].get("clean", [])]
    steps += [f"{op}: {told}" for op, told in left.items()]
    steps += [f"{manifest['rows_read']:,} rows read, {manifest['rows_kept']:,} kept"]
    return [step for step in steps if step]


def splitting(manifest: Mapping[str, Any]) -> str:
    """How rows were given to splits."""
    split = manifest["identity"]["split"]
    sizes = ", ".join(f"{name} {manifest['splits'][name]['rows']:,}" for name in filled(manifest))
    return f"Split method {_call({'op': split['method'], **_without(split, 'method')})}: {sizes} rows"


def protocol(card: DatasetCard, guidelines: str) -> str:
    """What annotators were asked and how their votes became labels; `guidelines` is the text of that file."""
    asked = card.annotation
    if asked is None:
        return ""
    scale = f"Scale: from {asked.scale.min:g} to {asked.scale.max:g}." if asked.scale else f"Answer: {asked.answer}."
    parts = [f"Question: {asked.question}", scale]
    rules = card.labels.rules if card.labels else {}
    if rules:
        told = "; ".join(f"{label} where {rule}" for label, rule in rules.items())
        parts.append(f"Labels, with the {asked.aggregation} of the votes as the aggregate: {told}.")
    return "\n".join([*parts, *([f"Guidelines:\n{guidelines}"] if guidelines else [])])


def analysis(manifest: Mapping[str, Any]) -> str:
    """The measured agreement with its interval, or why there is none; empty for a version without votes."""
    measured = manifest["agreement"]
    if measured is None:
        return ""
    name = gate.named(measured)
    if measured["value"] is None:
        return f"{name} cannot be computed: {measured['reason']}"
    interval = (
        f"no interval, {measured['reason']}"
        if measured["low"] is None
        else f"95% interval {measured['low']:.3f} to {measured['high']:.3f}"
    )
    counted = f"over {measured['votes']:,} votes on {plural(measured['items'], 'row')} before cleaning"
    return f"{name} is {measured['value']:.3f} ({interval}), {counted}"


def votes_per_row(published: Published) -> str:
    """How many votes the published rows have; empty for a version without votes."""
    frames = [published.read(split) for split in filled(published.manifest)]
    counts = [frame["votes"].list.drop_nulls().list.len() for frame in frames if "votes" in frame.columns]
    if not counts:
        return ""
    each = sorted(pl.concat(counts).fill_null(0).to_list())
    return f"{each[0]}" if each[0] == each[-1] else f"{each[0]} to {each[-1]}, median {median(each):g}"


def limitations(card: DatasetCard) -> list[str]:
    """What restricts the use of the data, as far as the card says."""
    free = card.license.use == "any" and card.license.note
    return [*card.cautions, *([card.license.note] if free else [])]


def keywords(card: DatasetCard) -> list[str]:
    """Words to find the data by."""
    kind = {"general": "general-domain", "task": "task-specific"}.get(card.kind, "")
    return [word for word in (card.task, card.domain, kind) if word]


def _left(manifest: Mapping[str, Any]) -> dict[str, str]:
    """By op: the rows that left at it, with their reasons."""
    found: dict[str, list[str]] = {}
    for op, reason, count in manifest["ledger"]:
        found.setdefault(op, []).append(f"{plural(count, 'row')} left ({reason})")
    return {op: ", ".join(told) for op, told in found.items()}


def _selection(manifest: Mapping[str, Any]) -> str:
    query = " ".join(str(manifest["identity"].get("select") or "").split())
    return f"select: {query} ({', '.join(_left_out(manifest))})" if query else ""


def _left_out(manifest: Mapping[str, Any]) -> Iterator[str]:
    for name, source in manifest["sources"].items():
        count = source["left_out_by_select"]
        told = "rows left out cannot be told" if count is None else f"{plural(count, 'row')} left out"
        yield f"source {name}: {told}"


def _call(step: Mapping[str, Any]) -> str:
    """An op as a card would write it, with its version."""
    given = _without(step, "op", "version")
    written = f" {json.dumps(given, ensure_ascii=False, sort_keys=True)}" if given else ""
    return f"{step['op']}{written} (version {step['version']})"


def _without(step: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key not in keys}
