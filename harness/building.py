"""`bench build`: datasets built one after the other, and what people are told about a version. Loads no model code."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.drift import drifted, few_groups, power, too_few
from harness.folds import evaluated, folds_of
from harness.suites import datasets_of
from harness.workspace import Workspace
from registry import build
from registry.build import Built
from registry.errors import GateError, UserError, plural
from registry.split import SPLITS
from registry.store import SHORT

FEW = 10
"""Evaluated rows of a label below which its share of a score says little."""

FAR = 0.03
"""How far the share of a split may be from the ratio that was asked for before people are told."""

MOST_LABELS = 20
"""Labels that a line names."""

MOST_CHANGES = 20
"""Changes that are told of one build."""


def build_all(
    names: Sequence[str] | None, workspace: Workspace, *, update: bool = False, locked: bool = False
) -> Iterator[Built]:
    """Build the datasets that a run of these names needs, in order; what failed is raised after the others."""
    errors = []
    datasets = datasets_of(names, workspace)
    if not datasets:
        raise UserError(f"there is no dataset in {', '.join(names or ())}", do="`bench list datasets` shows them.")
    for name in datasets:
        try:
            yield build_one(name, workspace, update=update, locked=locked)
        except UserError as error:
            errors.append(error)
    if errors:
        raise together(errors)


def together(errors: Sequence[UserError]) -> UserError:
    """One error for several; a gate that was not met is milder than wrong input."""
    if len(errors) == 1:
        return errors[0]
    kind = GateError if all(isinstance(error, GateError) for error in errors) else UserError
    return kind("\n".join(map(str, errors)))


def build_one(name: str, workspace: Workspace, *, update: bool = False, locked: bool = False) -> Built:
    offline, progress = workspace.offline, workspace.progress
    return build.build(name, workspace.catalog, offline=offline, progress=progress, update=update, locked=locked)


def told(built: Built) -> str:
    """What people are told about a version."""
    manifest = built.published.manifest
    counts = {name: manifest["splits"][name]["rows"] for name in SPLITS}
    folds = folds_of(manifest)
    sizes = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    sizes += f" for {folds}" if folds else ""
    as_locked = built.before == built.published.digest
    state = "built" if built.fresh else "unchanged" if as_locked else "built before"
    dropped = manifest["rows_read"] - manifest["rows_kept"]
    reasons = ", ".join(f"{count:,} {reason}" for _, reason, count in manifest["ledger"])
    left = f"{plural(dropped, 'row')} left out{f' ({reasons})' if reasons else ''}"
    line = f"{built.card.name} {built.published.digest[:12]} {state}: {sizes}; {left}"
    warnings = (f"  warning: {notice}".replace("\n", "\n  ") for notice in built.notices)
    lines = [line, *warnings, *_changed(built)]
    if built.fresh:
        notes = (*built.card.cautions, *_thin(manifest), *_weak(built), *_uneven(built))
        labels = [f"  labels: {_some(manifest['labels'])}"] if manifest["labels"] else []
        documents = [f"  collection: {manifest['collection']['rows']:,} rows"] if "collection" in manifest else []
        lines += [*labels, *documents, *(f"  note: {note}" for note in notes)]
    return "\n".join(lines)


def _changed(built: Built) -> Iterator[str]:
    """What differs from the version that was locked before."""
    for change in built.changes[:MOST_CHANGES]:
        yield f"  changed: {change.text}"
    if len(built.changes) > MOST_CHANGES:
        yield f"  and {plural(len(built.changes) - MOST_CHANGES, 'more change')}; --json has all of them"
    if built.lock_changed:
        other = f"instead of {built.before[:SHORT]}" if built.before else "for the first time"
        yield f"  locked {'with the same rows' if built.before == built.published.digest else other}"


def _thin(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Labels with so few evaluated rows that their share of a score says little."""
    split = evaluated(manifest)
    counts = manifest["splits"][split]["labels"]
    few = [f"{label} ({count})" for label, count in counts.items() if count < FEW]
    if few:
        none = sum(not count for count in counts.values())
        advice = f"; {plural(none, 'label')} without any: `split: {{method: stratified}}` spreads them" if none else ""
        yield f"labels with fewer than {FEW} rows in {split}: {_some(few)}{advice}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_LABELS
    return ", ".join(names[:MOST_LABELS]) + (f" and {more:,} more" if more > 0 else "")


def _uneven(built: Built) -> Iterator[str]:
    """Splits that are far from the ratios that the card asks for, more than chance makes of so many rows."""
    ratios = getattr(built.card.split.split, "ratios", None)
    rows = {name: built.published.manifest["splits"][name]["rows"] for name in SPLITS}
    total = sum(rows.values())
    for name, share in ratios or ():
        if abs(rows[name] / total - share) > max(FAR, 4 * math.sqrt(share * (1 - share) / total)):
            yield f"{name} has {rows[name] / total:.0%} of the rows, {share:.0%} were asked for"


def _weak(built: Built) -> Iterator[str]:
    """Splits that differ from each other, or have few groups, and a margin that they cannot tell."""
    manifest, margin = built.published.manifest, built.card.margin
    yield from filter(None, (drifted(manifest), few_groups(built.published)))
    if too_few(manifest, margin):
        yield power(manifest, margin)
