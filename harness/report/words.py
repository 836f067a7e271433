"""How numbers and identifiers are written for people: one spelling for the page, the terminal and Markdown.

Owns rounding and shortening. Refuses to guess: what is absent or not finite is written as a dash.
"""

import math
import re

from harness.folds import Folds
from registry.errors import printable

ABSENT = "–"
SHORT_ID = 12
STATUS_WORDS = {"ok": "ok", "failed": "failed", "missing": "missing", "not_applicable": "not applicable"}


def number(value: float | None) -> str:
    """A metric value: three decimals where it lies in the usual range, fewer where it is large."""
    if value is None or not math.isfinite(value):
        return ABSENT
    size = abs(value)
    if 0 < size < 0.0005:
        return f"{value:.1e}"
    decimals = 3 if size < 10 else 2 if size < 1000 else 1
    return f"{value:,.{decimals}f}"


def interval(low: float | None, high: float | None) -> str:
    """`[0.590, 0.634]`, or a dash where an end is absent."""
    ends = number(low), number(high)
    return ABSENT if ABSENT in ends else f"[{ends[0]}, {ends[1]}]"


def direction(higher_is_better: bool) -> str:
    """What stands beside the name of a metric; nothing where more is better, as a reader expects."""
    return "" if higher_is_better else "less is better"


def count(value: int | None) -> str:
    return ABSENT if value is None else f"{value:,}"


def seconds(value: float | None) -> str:
    """Three digits are enough to compare costs."""
    if value is None or not math.isfinite(value):
        return ABSENT
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{decimals}f}"


def parameters(value: int | None) -> str:
    """`22.7M`; the exact count is in the JSON."""
    if value is None:
        return ABSENT
    for size, unit in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        # 999,960 would otherwise be written as 1000.0k
        if value >= size * 0.99995:
            return f"{value / size:.1f}{unit}"
    return str(value)


def short(identifier: str) -> str:
    """Every long run of hex digits cut to its first 12: `tweets@0123456789ab:2000`."""
    return re.sub(rf"(?<![0-9a-f])([0-9a-f]{{{SHORT_ID}}})[0-9a-f]+(?![0-9a-f])", r"\1", identifier)


def limit(train: str) -> str:
    """How much of the training data was used, by `card@digest:2000`; empty where all of it was."""
    rows, _, each = train.partition("@")[2].partition(":")[2].partition("/")
    return f"{int(rows):,} rows{f' per {each}' if each else ''}" if rows.isdecimal() else ""


def protocol(folds: int | None, repeats: int | None) -> str:
    """`5-fold cross-validation, 2 repeats`; empty for a held-out split."""
    return str(Folds(folds, repeats)) if folds and repeats else ""


def published(value: float, tolerance: float, source: str) -> str:
    """`paper 0.960 ± 0.025, ICWSM 2014, table 4`"""
    return ", ".join(part for part in (f"paper {number(value)} ± {number(tolerance)}", source) if part)


def sentence(note: str) -> str:
    """A note as it stands in a paragraph: with a capital and a full stop."""
    return f"{note[:1].upper()}{note[1:]}."


def plain(text: str) -> str:
    """One line; characters that could rewrite a terminal show as escapes."""
    return printable(" ".join(text.split()))
