"""The audits that a card asks for: run in its build on the written files, before anything is published.

What they find stands in the manifest, and in full in the store; a bound that the card sets is a gate.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from registry.audits.finding import WORST
from registry.audits.kept import keep
from registry.audits.rows import together
from registry.card import AuditSpec
from registry.errors import GateError
from registry.identity import audited


def run(
    asked: Sequence[AuditSpec],
    files: Mapping[str, Path],
    content_digest: str,
    home: Path,
    extra: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """What each audit finds in the written splits, as plain JSON by its name: the number, the worst, the parameters.

    `extra` holds further columns of the source by `id`, those that the task does not read, for leaks through them.
    """
    if not asked:
        return {}
    rows = together({split: pl.read_parquet(path) for split, path in files.items()})
    results = {}
    for one in asked:
        found, method = one.audit.find(rows, extra), audited(one.name, one.audit)
        # What other columns showed does not follow from the published rows, so that nothing could compute it again.
        if extra is None:
            keep(found, home, method, content_digest)
        results[one.name] = {"parameters": method, **found.as_json(WORST)}
    return results


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
