"""Relevant labels: how many rows have one, how far annotators agree, how many look wrong, how even the classes are."""

import math
from collections.abc import Mapping
from typing import Any

from registry import gate
from registry.card import DatasetCard
from registry.quality.measure import Measure, Part, Rule, absent, judged
from registry.split import SPLITS

AGREEMENT = Rule(0.8, 0.667, "0.8 reliable, 0.667 for tentative conclusions (Krippendorff 2004)")
UNCORRECTED = ("percent", "jaccard", "masi", "span-f1")
"""Measures that are not corrected for chance, of which Krippendorff's bounds say nothing."""

IMBALANCE = Rule(1.5, 9, "up to 1.5 balanced, above 9 highly imbalanced (KEEL repository; Fernández et al. 2008)")

CONFLICT = "label conflict"
"""The reason that deduplication gives."""

SEVERAL = ("texts with more than one label", "texts with more than one answer")
"""What the proof in the manifest calls equal texts that stayed and disagree."""


def labels_part(card: DatasetCard, manifest: Mapping[str, Any], suspected: Measure) -> Part:
    """`suspected` is the measure of label errors, which an audit finds."""
    return Part(
        "labels",
        "Relevant labels",
        (coverage(manifest), agreement(card, manifest), suspected, conflicts(manifest), *balance(manifest)),
    )


def coverage(manifest: Mapping[str, Any]) -> Measure:
    """The share of the rows that were read which have a label and stayed."""
    read, kept = manifest["rows_read"], manifest["rows_kept"]
    if not read:
        return absent("coverage", "share of rows read", "no row was read")
    left = sorted(manifest["ledger"], key=lambda line: -line[2])
    most = f"; most left at {left[0][0]}: {left[0][2]:,} ({left[0][1]})" if left else ""
    return Measure("coverage", kept / read, "share of rows read", f"{kept:,} of {read:,} rows{most}")


def agreement(card: DatasetCard, manifest: Mapping[str, Any]) -> Measure:
    """Chance-corrected agreement of the annotators, with the card's own gate."""
    found, name = gate.verdict(card, manifest["agreement"]), "agreement"
    if found is None:
        return absent(name, "alpha", "the card has labels without the votes behind them")
    unit = gate.named(found)
    if found["value"] is None:
        return absent(name, unit, found["reason"])
    ends = "" if found["low"] is None else f"95% interval {found['low']:.3f} to {found['high']:.3f}; "
    wanted = gate.demands(card.annotation.agreement) if card.annotation else ""
    met = f"the card asks for {wanted}, which is {'met' if found['passed'] else 'not met'}"
    note = f"{ends}{met if wanted else 'the card sets no gate'}"
    if found["measure"] in UNCORRECTED:
        return Measure(name, found["value"], unit, note)
    return judged(name, found["value"], unit, AGREEMENT, note)


def conflicts(manifest: Mapping[str, Any]) -> Measure:
    """Rows that left because an equal or alike text has another label, and texts that stayed with several labels."""
    name, unit = "label conflicts", "share of rows read"
    seen = manifest["audit"]["observations"]
    stayed = next((seen[name] for name in SEVERAL if name in seen), None)
    if not manifest["rows_read"] or stayed is None:
        return absent(name, unit, "the proof in the manifest does not count texts with several labels")
    left = sum(rows for _, reason, rows in manifest["ledger"] if reason == CONFLICT)
    return Measure(name, (left + stayed) / manifest["rows_read"], unit, f"{left:,} rows left, {stayed:,} texts stayed")


def balance(manifest: Mapping[str, Any]) -> tuple[Measure, Measure]:
    """Evenness (entropy over its maximum) and the largest class over the smallest, over all splits."""
    counts = dict.fromkeys(manifest["labels"], 0)
    for split in SPLITS:
        for label, rows in manifest["splits"][split]["labels"].items():
            counts[label] += rows
    unit, ratio = "entropy / its maximum", "largest class / smallest"
    if len(counts) < 2 or not any(counts.values()):
        why = "there are fewer than two labels" if len(counts) < 2 else "there are no rows"
        return absent("label evenness", unit, why), absent("label imbalance", ratio, why)
    total = sum(counts.values())
    shares = [rows / total for rows in counts.values() if rows]
    evenness = -sum(share * math.log(share) for share in shares) / math.log(len(counts))
    most, *_, least = sorted(counts, key=lambda label: -counts[label])
    even = Measure("label evenness", evenness + 0.0, unit, f"{len(counts)} labels; 1 where all are as frequent")
    if not counts[least]:
        return even, absent("label imbalance", ratio, f'no row has the label "{least}"')
    note = f"{most}: {counts[most]:,}, {least}: {counts[least]:,}"
    return even, judged("label imbalance", counts[most] / counts[least], ratio, IMBALANCE, note)
