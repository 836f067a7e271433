"""A scorecard on the page and in Markdown: four tables of measures, and pictures.

Owns what the template `quality.html` is given. What was not measured stays on the page, with its reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from harness.inspect.learning import learning_curves
from harness.inspect.quality import shown
from harness.inspect.spread import ready
from harness.plan import Plan
from harness.report.board import DatasetSection
from harness.report.pictures import pictures
from harness.report.rows import embed
from harness.workspace import Workspace
from registry import lock
from registry.quality.measure import Measure, Part, Verdict
from registry.split import SPLITS
from registry.store import SHORT

BADGES: Mapping[Verdict, str] = {"good": "good", "fair": "warn", "poor": "bad"}
"""The page's colour of a verdict."""

BARS = " ▁▂▃▄▅▆▇█"


class Line(NamedTuple):
    """One measure as it is shown."""

    name: str
    value: str
    unit: str
    verdict: str
    badge: str
    about: str
    """The note, or why there is no value."""
    rule: str


class Drawn(NamedTuple):
    """A picture, its specification as JSON that is safe inside a script element."""

    caption: str
    spec: str


class QualityView(NamedTuple):
    """What the page shows of one scorecard."""

    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    pictures: tuple[Drawn, ...]


def view(facts: DatasetSection | None) -> QualityView | None:
    """None for a dataset that is not built."""
    if facts is None or facts.quality is None:
        return None
    parts = tuple((part.title, tuple(map(line, part.measures))) for part in facts.quality.parts)
    drawn = tuple(Drawn(one.caption, embed(one.spec)) for one in pictures(facts.quality, facts.label_counts))
    return QualityView(parts, drawn)


def line(one: Measure) -> Line:
    badge = BADGES[one.verdict] if one.verdict else ""
    return Line(one.name, shown(one), one.unit, one.verdict or "", badge, one.note or one.reason, one.rule)


def markdown(facts: DatasetSection, table: Callable[..., str], escape: Callable[[str], str]) -> list[str]:
    """A table of the measures and the lengths as rows of bars; nothing for a dataset that is not built."""
    if facts.quality is None:
        return []
    rows = [_row(part, one, escape) for part in facts.quality.parts for one in part.measures]
    heads = ("Quality", "Measure", "Value", "Unit", "Verdict", "About")
    histograms = [
        f"- Characters a row, {split}: {bars(facts.quality.lengths.rows[split])} {_range(facts.quality.lengths.edges)}"
        for split in SPLITS
        if split in facts.quality.lengths.rows
    ]
    return [table(heads, "llrlll", rows), *(["\n".join(histograms)] if histograms else [])]


def bars(counts: Sequence[int]) -> str:
    """Counts as block characters, the largest as a full one; a count above 0 is never blank."""
    most = max(counts, default=0)
    steps = len(BARS) - 1
    return "".join(BARS[-(-count * steps // most)] for count in counts) if most else ""


def state(plan: Plan, workspace: Workspace) -> dict[str, Any]:
    """All that scorecards and clean scores show and that neither plan nor manifests tell, for a fingerprint."""
    return {"encoder": ready(workspace), "datasets": {name: _state(name, plan, workspace) for name in plan.datasets}}


def _state(name: str, plan: Plan, workspace: Workspace) -> dict[str, Any]:
    version, card = plan.datasets[name].published, plan.datasets[name].card
    if version is None:
        return {}
    entry = lock.entry(workspace.catalog.project, name)
    audits = sorted((workspace.home / "audits").glob(f"{version.digest[:SHORT]}-*.json"))
    return {
        "locked": entry.model_dump(mode="json") if entry else None,
        "audits": [[path.name, path.stat().st_mtime_ns] for path in audits],
        "learning": [asdict(curve) for curve in learning_curves(card, version, workspace.home)],
    }


def _row(part: Part, one: Measure, escape: Callable[[str], str]) -> tuple[str, ...]:
    found = line(one)
    about = "; ".join(text for text in (found.about, found.rule) if text)
    value = escape(found.value) if isinstance(one.value, str) else found.value
    return (part.title, escape(found.name), value, escape(found.unit), found.verdict, escape(about))


def _range(edges: Sequence[int]) -> str:
    return f"({edges[0]:,} to {edges[-1]:,})"
