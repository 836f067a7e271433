"""What a scorecard is made of: measures with units, reasons and verdicts, in four parts.

Owns no threshold of its own: a measure gets a verdict only by a rule that others use, and names it. There is no total,
because nothing says how much of one thing makes up for another.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Verdict = Literal["good", "fair", "poor"]
Value = int | float | str
Numbers = dict[str, tuple[int, ...]]
"""By split."""


@dataclass(frozen=True)
class Measure:
    """One thing that was measured. `value` is None where it could not be, and then `reason` says why."""

    name: str
    value: Value | None
    unit: str = ""
    note: str = ""
    """What else there is to know of the value."""
    reason: str = ""
    verdict: Verdict | None = None
    rule: str = ""
    """The thresholds of the verdict and who uses them."""


@dataclass(frozen=True)
class Part:
    """One of the four things that make a set good to fine-tune on."""

    name: Literal["labels", "diversity", "size", "access"]
    title: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Growth:
    """How the vocabulary grows with the words read: points (words, distinct words), and Heaps' law fitted to them."""

    points: tuple[tuple[int, int], ...] = ()
    factor: float | None = None
    exponent: float | None = None
    """Distinct words = factor * words ** exponent; both None where there are too few words for a fit."""


@dataclass(frozen=True)
class Lengths:
    """Characters a row. Bin i holds the rows from `edges[i]` to below `edges[i + 1]`."""

    edges: tuple[int, ...] = ()
    rows: Numbers = field(default_factory=dict)
    quantiles: Numbers = field(default_factory=dict)
    """The lengths that 5%, 50% and 95% of the rows do not exceed, and the longest."""


@dataclass(frozen=True)
class LearningCurve:
    """Scores of one model by training rows, mean over seeds, and the law `limit - drop * rows ** -rate`."""

    model: str
    metric: str
    points: tuple[tuple[int, float], ...]
    limit: float
    drop: float
    rate: float

    def at(self, rows: float) -> float:
        """The score that the law gives for this many training rows."""
        return float(self.limit - self.drop * rows**-self.rate)


@dataclass(frozen=True)
class Scorecard:
    """The quality of one version, and what its pictures show."""

    card: str
    version: str
    parts: tuple[Part, ...]
    growth: Growth = Growth()
    lengths: Lengths = Lengths()
    learning: tuple[LearningCurve, ...] = ()
    """Empty without runs of a model with several limits of the training rows."""

    def measure(self, name: str) -> Measure:
        """KeyError where there is none of this name."""
        return {one.name: one for part in self.parts for one in part.measures}[name]


class Rule(NamedTuple):
    """A threshold that others use. Values at a bound have the better verdict."""

    good: float
    fair: float
    words: str

    def verdict(self, value: float) -> Verdict:
        """The more the better where `good` lies above `fair`, else the less the better."""
        sign = 1 if self.good > self.fair else -1
        if sign * value >= sign * self.good:
            return "good"
        return "fair" if sign * value >= sign * self.fair else "poor"


def judged(name: str, value: float, unit: str, rule: Rule, note: str = "") -> Measure:
    """A measure with the verdict of a rule."""
    return Measure(name, value, unit, note, verdict=rule.verdict(value), rule=rule.words)


def absent(name: str, unit: str, reason: str) -> Measure:
    """A measure without a value."""
    return Measure(name, None, unit, reason=reason)
