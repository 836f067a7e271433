"""The quality scorecard of one built version: the four parts put together.

Knows no runs and no encoder: the harness adds what they tell.
"""

from pathlib import Path

from registry.audits.kept import remembered
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.identity import audited
from registry.kinds import AUDITS, TASKS
from registry.quality.access import access_part
from registry.quality.diversity import diversity_part
from registry.quality.facts import facts, textless
from registry.quality.labels import labels_part
from registry.quality.measure import Measure, Scorecard, absent
from registry.quality.size import size_part
from registry.store import Published

NOISE = "noise"
"""The audit that looks for label errors."""


def scorecard(card: DatasetCard, version: Published, catalog: Catalog) -> Scorecard:
    """Everything that card, version, lock and store tell. UserError where the version is damaged."""
    reads = "text" in TASKS.get(card.task).inputs
    found = facts(version, catalog.project.home) if reads else textless(version.manifest["rows_kept"])
    parts = (
        labels_part(card, version.manifest, suspected(version, catalog.project.home)),
        diversity_part(card, version, found),
        size_part(card, version.manifest),
        access_part(card, version, catalog),
    )
    return Scorecard(card.name, version.digest, parts, found.growth, found.lengths)


def suspected(version: Published, home: Path) -> Measure:
    """Label errors that an audit suspects: the card's own, else that of `bench audit`."""
    name, unit = "suspected label errors", "share of rows"
    asked = version.manifest["audit"].get("asked", {}).get(NOISE)
    if asked:
        found, looked_at = asked["found"], asked["looked_at"]
    else:
        kept = remembered(home, audited(NOISE, AUDITS.get(NOISE)()), version.digest)
        if kept is None:
            return absent(name, unit, f"not audited; `bench audit {version.manifest['card']}` looks for them")
        found, looked_at = kept.found.height, kept.looked_at
    if not looked_at:
        return absent(name, unit, "the audit found no rows to look at")
    note = f"{found:,} of {looked_at:,} rows; ten test sets of the field have 3.3% on average (Northcutt et al. 2021)"
    return Measure(name, found / looked_at, unit, note)
