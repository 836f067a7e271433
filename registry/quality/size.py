"""Right size: training rows a class, and the difference between two models that the test rows can tell."""

from collections.abc import Mapping
from typing import Any

from registry.card import DatasetCard
from registry.kinds import TASKS
from registry.power import ASSUMED, smallest_difference
from registry.quality.measure import Measure, Part, Rule, absent, judged
from registry.split import SPLITS

CLASS = Rule(50, 10, "50 a label to begin with, 10 at least (Vertex AI, preparing text training data)")


def size_part(card: DatasetCard, manifest: Mapping[str, Any]) -> Part:
    """All but the learning curve, which needs runs."""
    rows = {name: manifest["splits"][name]["rows"] for name in SPLITS}
    note = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    total = Measure("rows", sum(rows.values()), "rows", note)
    split = "train" if manifest.get("folds") else "test"  # cross-validation evaluates every row of its folds
    return Part("size", "Right size", (total, smallest_class(manifest), detectable(card, rows[split], split)))


def smallest_class(manifest: Mapping[str, Any]) -> Measure:
    """Training rows of the rarest label."""
    train, name, unit = manifest["splits"]["train"], "rows of the smallest class", "training rows"
    counts = {label: train["labels"].get(label, 0) for label in manifest["labels"]}
    if not counts:
        return absent(name, unit, "the task has no closed set of labels")
    if not train["rows"]:
        return absent(name, unit, "the train split is empty")
    least = min(counts, key=lambda label: counts[label])
    return judged(name, counts[least], unit, CLASS, least)


def detectable(card: DatasetCard, rows: int, split: str = "test") -> Measure:
    """The smallest difference in accuracy that the evaluated rows tell apart, held against the card's margin."""
    smallest, name, unit = smallest_difference(rows), "detectable difference", "accuracy"
    if unit not in TASKS.get(card.task).metrics:
        return absent(name, unit, f"{card.task} is not scored by accuracy")
    if smallest is None:
        why = f"{rows:,} {split} rows tell nothing apart" if rows else f"the {split} split is empty"
        return absent(name, unit, why)
    note = f"{rows:,} {split} rows; {ASSUMED}"
    if card.margin is None:
        return Measure(name, smallest, unit, f"{note}; the card states no margin")
    rule = f"at most the card's margin of {card.margin:g} (Connor 1987)"
    return Measure(name, smallest, unit, note, verdict="good" if smallest <= card.margin else "poor", rule=rule)
