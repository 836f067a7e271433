"""The audits that a card asks for: run in its build on the written files, before anything is published.

What they find stands in the manifest, and in full in the store; a bound that the card sets is a gate.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from registry.audits.finding import WORST
from registry.audits.kept import keep
from registry.audits.rows import together
from registry.card import AuditSpec
from registry.errors import GateError, plural
from registry.identity import audited


def run(
    asked: Sequence[AuditSpec],
    files: Mapping[str, Path],
    content_digest: str,
    home: Path,
    task: str,
    extra: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """What each audit finds in the written splits, as plain JSON by its name: the number, the worst, the parameters.

    `extra` holds further columns of the source by `id`, those that the task does not read, for leaks through them.
    """
    if not asked:
        return {}
    rows = together({split: pl.read_parquet(path) for split, path in files.items()}, task)
    results = {}
    for one in asked:
        found, method = one.audit.find(rows, extra), audited(one.name, one.audit)
        # What other columns showed does not follow from the published rows, so that nothing could compute it again.
        if extra is None:
            keep(found, home, method, content_digest)
        results[one.name] = {"parameters": method, **found.as_json(WORST)}
    return results


class Result(NamedTuple):
    """What one audit found that a card asks for, as people are told. `note` says why nothing could be looked at."""

    audit: str
    found: int
    looked_at: int
    at_most: int | None
    """The card's bound; None where it sets none."""
    note: str

    def __str__(self) -> str:
        if not self.looked_at:
            return f"cannot be told: {self.note}"
        bound = "" if self.at_most is None else f", at most {self.at_most:,} allowed"
        return f"{self.found:,} found in {plural(self.looked_at, 'row')}{bound}"


def results(asked: Sequence[AuditSpec], manifest: Mapping[str, Any]) -> tuple[Result, ...]:
    """What stands in the manifest of a version, beside the bounds of its card, in the card's order."""
    kept = manifest["audit"].get("asked", {})
    return tuple(_result(one, kept[one.name]) for one in asked if one.name in kept)


def _result(one: AuditSpec, kept: Mapping[str, Any]) -> Result:
    note = "" if kept["looked_at"] else kept["notes"][0]
    return Result(one.name, kept["found"], kept["looked_at"], one.audit.at_most, note)


def enforce(asked: Sequence[AuditSpec], results: Mapping[str, Any], where: str) -> None:
    """GateError where an audit found more than the card allows."""
    over = []
    for one in asked:
        result, most = results[one.name], one.audit.at_most
        if most is not None and not result["looked_at"]:
            over.append(f"{one.name} cannot tell: {result['notes'][0]}")
        elif most is not None and result["found"] > most:
            over.append(f"{one.name} found {result['found']:,}, the card allows {most:,}; {_first(result)}")
    if over:
        do = "Clean or group what was found (`dedupe_near` keeps near duplicates together), or allow more."
        raise GateError("\n  ".join(over), where=f"{where}  audit", do=do)


def _first(result: Mapping[str, Any]) -> str:
    worst = result["worst"][0]
    other = f" and {worst['other_split']} {worst['other']}" if worst["other"] else ""
    return f"the worst: {worst['split']} {worst['id']}{other}, {worst['why']} ({worst['measure']:.2f})"
