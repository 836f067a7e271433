"""What is told of how alike the splits of a version are, and of the smallest difference that its rows can tell.

Owns what is worth a word. What is measured, and against what, is `registry.placing.drift`'s.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harness.folds import evaluated
from registry.errors import plural
from registry.kinds import TASKS
from registry.power import ASSUMED, rows_needed, smallest_difference
from registry.store import Published

NOTABLE = 0.05
"""A twentieth of a split's rows of other classes or lengths than elsewhere: enough to move a score."""

RARE = 0.01
"""A difference that chance alone makes more often than this says nothing about how rows were split."""

FEW_GROUPS = 20
"""Below it, resampled groups spread less than new ones would (Cameron, Gelbach and Miller 2008)."""


class Difference(NamedTuple):
    """Classes or text lengths of one split against those of all rows. `p` is None where nothing can be compared."""

    split: str
    what: str
    distance: float
    p: float | None

    @property
    def notable(self) -> bool:
        return self.p is not None and self.p < RARE and self.distance >= NOTABLE

    @property
    def chance(self) -> str:
        """How often chance alone makes it as large."""
        return "–" if self.p is None else "p < 0.001" if self.p < 0.001 else f"p = {self.p:.3f}"

    def __str__(self) -> str:
        return f"{self.what} of {self.split} differ by {self.distance:.2f} ({self.chance})"


def differences(manifest: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Of every split with rows, its classes and its lengths; none for a version of before they were measured."""
    found = manifest.get("drift", {}).get("splits", {})
    kinds = (("classes", "classes"), ("text lengths", "length"))[0 if manifest.get("labels") else 1 :]
    return tuple(
        Difference(split, what, facts[key]["distance"], facts[key]["p"])
        for split, facts in found.items()
        for what, key in kinds
    )


def drifted(manifest: Mapping[str, Any]) -> str:
    """In a line: what differs more than chance explains; empty where nothing does."""
    told = "; ".join(str(one) for one in differences(manifest) if one.notable)
    return f"splits differ from all rows: {told}" if told else ""


def power(manifest: Mapping[str, Any], margin: float | None) -> str:
    """In a line: the smallest difference in accuracy that the evaluated rows tell, and whether it is the margin; empty
    for tasks that are not scored by it.
    """
    split = evaluated(manifest)
    if "accuracy" not in TASKS.get(manifest["task"]).metrics:
        return ""
    rows = manifest["splits"][split]["rows"]
    smallest = smallest_difference(rows)
    can = "no difference" if smallest is None else f"a difference of {smallest:.3f}"
    told = f"{plural(rows, f'{split} row')} tell {can} ({ASSUMED})"
    return "; ".join([told, *_claim(rows, margin)])


def too_few(manifest: Mapping[str, Any], margin: float | None) -> bool:
    """Whether the card claims to tell apart what its evaluated rows cannot."""
    return margin is not None and manifest["splits"][evaluated(manifest)]["rows"] < rows_needed(margin)


def few_groups(version: Published) -> str:
    """In a line: the evaluated rows are of so few groups that intervals promise too much; empty where they are not."""
    split = evaluated(version.manifest)
    rows = version.read(split)
    groups = rows["group"].n_unique() if "group" in rows.columns else FEW_GROUPS
    if not 0 < groups < FEW_GROUPS:
        return ""
    return f"{split} has {plural(groups, 'group')}: intervals draw whole groups, and of so few can be too narrow"


def _claim(rows: int, margin: float | None) -> Iterator[str]:
    if margin is not None:
        needed = rows_needed(margin)
        yield f"the margin {margin:g} takes {needed:,}{': too few' if rows < needed else ''}"
