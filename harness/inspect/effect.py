"""What corrected labels did to scores, for people and for programs."""

from collections.abc import Iterator
from typing import Any

from harness.annotate.effect import Change, Effect
from harness.statistics.intervals import Estimate
from registry.errors import clipped, plural
from registry.power import ASSUMED, smallest_difference
from registry.store import SHORT

MOST = 10
"""Pairs of labels that people are shown."""


def lines(found: Effect) -> Iterator[str]:
    """What people read."""
    yield f"{found.card} {found.before[:SHORT]} -> {found.after[:SHORT]}"
    total = int(found.relabelled["rows"].sum())
    of_test = int(found.relabelled.filter(split="test")["rows"].sum())
    yield f"  {plural(total, 'row')} with another label" + (f", {of_test:,} of them in test" if total else "")
    for split, was, now, rows in found.relabelled.select("split", "label_before", "label", "rows").head(MOST).rows():
        yield f"    {rows:,} {split}: {clipped(was, 40)} -> {clipped(now, 40)}"
    if found.relabelled.height > MOST:
        yield f"    and {plural(found.relabelled.height - MOST, 'more pair')} of labels; --json has all"
    others = ", ".join(f"{count:,} {kind}" for kind, count in found.other.items() if count)
    if others:
        yield f"  rows: {others} (`bench card diff` shows them)"
    yield f"judged on {plural(found.tested, 'row')} of the later test split, with its labels"
    for change in found.changes:
        yield f"  {change.model}  {change.metric}  {_told(change)}"
    yield from (f"note: {note}" for note in _notes(found, of_test))


def _told(change: Change) -> str:
    if change.difference is None:
        return f"no value: {change.reason}"
    value, low, high = change.difference
    interval = "no interval" if low is None or high is None else f"95% interval {low:+.3f} to {high:+.3f}"
    return f"{change.before:.3f} -> {change.after:.3f}, {value:+.3f} ({interval})"


def _notes(found: Effect, of_test: int) -> Iterator[str]:
    """What the numbers do not show."""
    if found.relabelled.is_empty():
        yield "no label changed; what differs comes from other rows or from chance"
    unclear = [change for change in found.changes if change.difference and not _clear(change.difference)]
    if unclear:
        of = plural(len(found.changes), "difference")
        yield f"the intervals of {len(unclear)} of {of} include 0: no effect is shown"
    smallest = smallest_difference(found.tested)
    able = f"differences in accuracy of {smallest:.3f} or more" if smallest else "no difference in accuracy at all"
    yield f"{plural(found.tested, 'test row')} tell {able} ({ASSUMED})"
    if of_test:
        yield "both models are judged by corrected labels; scores that were reported before were not"
    if found.new:
        yield f"{plural(found.new, 'test row')} that only the later version has: nobody is judged on them"
    if found.withheld:
        yield f"{plural(found.withheld, 'row')} of the earlier version like tested ones: nobody learns from them"


def _clear(difference: Estimate) -> bool:
    return difference.low is not None and difference.high is not None and not difference.low <= 0 <= difference.high


def as_json(found: Effect) -> dict[str, Any]:
    """One object."""
    changes = [
        change._asdict() | {"difference": change.difference._asdict() if change.difference else None}
        for change in found.changes
    ]
    return found._asdict() | {"relabelled": found.relabelled.to_dicts(), "changes": changes}
