"""Learning curves out of the records: runs of one model on one version that differ in training rows and seed alone."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from harness import records
from harness.kinds import FAMILIES, METRICS
from harness.statistics.learning import FEWEST, law
from registry.card import DatasetCard
from registry.digest import canonical
from registry.errors import UserError
from registry.kinds import TASKS
from registry.quality.measure import LearningCurve, Measure, absent
from registry.store import Published

NAME, UNIT = "gain of twice the training rows", "points of the metric"
COLUMNS = (
    *("status", "dataset", "version", "train", "split", "fold"),
    *("model", "family", "train_rows", "metrics", "identity"),
)
Points = tuple[tuple[int, float], ...]


def learning_curves(card: DatasetCard, version: Published, home: Path) -> tuple[LearningCurve, ...]:
    """A curve for each model with enough sizes, the best at its largest size first; of the headline metric."""
    metric = (card.metrics or TASKS.get(card.task).default_metrics)[0]
    known = METRICS.get(metric)
    best = known.highest if known.higher_is_better else known.lowest
    curves = [
        LearningCurve(model, metric, points, *law(points, best))
        for model, points in _points(card, version, metric, home)
        if len(points) >= FEWEST
    ]
    sign = -1 if known.higher_is_better else 1
    return tuple(sorted(curves, key=lambda curve: (sign * curve.points[-1][1], curve.model)))


def saturation(card: DatasetCard, version: Published, curves: tuple[LearningCurve, ...]) -> Measure:
    """What the law of the best model promises for twice the rows that the version has for training."""
    rows = version.manifest["splits"]["train"]["rows"]
    if not rows:
        return absent(NAME, UNIT, "the train split is empty")
    if not curves:
        do = f"`bench run {card.name} --limit N` records one for each N"
        return absent(NAME, UNIT, f"no model was run with {FEWEST} or more sizes of the training rows; {do}")
    curve = curves[0]
    gain = abs(curve.at(2 * rows) - curve.at(rows))
    largest, score = curve.points[-1]
    told = f"{curve.model}: {curve.metric} {score:.3f} with {largest:,} rows, {curve.limit:.3f} in the limit"
    note = f"{told}; inverse power law through {len(curve.points)} sizes (Cortes et al. 1994)"
    if card.margin is None:
        return Measure(NAME, gain, UNIT, note)
    rule = f"at most the card's margin of {card.margin:g}: more rows would not show"
    return Measure(NAME, gain, UNIT, note, verdict="good" if gain <= card.margin else "fair", rule=rule)


def _points(card: DatasetCard, version: Published, metric: str, home: Path) -> list[tuple[str, Points]]:
    """(training rows, mean score over seeds) of every model that learns from rows."""
    own = f"^{re.escape(f'{card.name}@{version.digest[:12]}')}(:[0-9]+)?$"
    runs = records.history(home, COLUMNS)
    table = runs.filter(
        (pl.col("status") == "ok")
        & (pl.col("dataset") == card.name)
        & (pl.col("version") == version.digest)
        & (pl.col("split") == "test")
        & pl.col("fold").is_null()
        & pl.col("train").str.contains(own)
        & pl.col("family").is_in([name for name in runs["family"].unique() if _learns(name)])
    )
    scores: dict[tuple[str, str], dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in table.sort("model", "train_rows").iter_rows(named=True):
        identity = json.loads(row["identity"])
        value = next((one["value"] for one in row["metrics"] if one["metric"] == metric), None)
        if value is not None and set(identity.get("limit", ())) <= {"train"}:
            scores[row["model"], _setting(identity)][row["train_rows"]].append(value)
    return [
        (model, tuple((rows, sum(found) / len(found)) for rows, found in sorted(sizes.items())))
        for (model, _), sizes in scores.items()
    ]


def _learns(family: str) -> bool:
    """Not known of what another distribution brought that is not installed any more, or cannot be used."""
    try:
        return bool(FAMILIES.get(family).needs_training_data)
    except UserError:
        return False


def _setting(identity: Mapping[str, Any]) -> str:
    """Everything that a run depends on but for its size and seed: else two recipes would make one curve."""
    return canonical({key: value for key, value in identity.items() if key not in ("limit", "seed")})
