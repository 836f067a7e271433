"""Cross-validation as the harness sees it: the folds of a version, and the one that a run is evaluated on.

A version with folds has its rows in the train split, each in one fold of every repeat. Where it holds test rows as
well, cross-validation leaves them alone: folds choose between models, and what was kept aside is for what they chose.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from registry.errors import plural


class Fold(NamedTuple):
    """One fold of one repeat, by the numbers that the data has: repeats from 1, folds from 0."""

    repeat: int
    number: int

    @property
    def column(self) -> str:
        """The column of the train split that says each row's fold."""
        return f"fold_{self.repeat}"

    def __str__(self) -> str:
        return f"repeat {self.repeat}, fold {self.number}"


class Folds(NamedTuple):
    """How a version is cross-validated."""

    folds: int
    repeats: int

    def each(self) -> tuple[Fold, ...]:
        """Every fold of every repeat, in order."""
        return tuple(Fold(repeat + 1, number) for repeat in range(self.repeats) for number in range(self.folds))

    def __str__(self) -> str:
        again = f", {plural(self.repeats, 'repeat')}" if self.repeats > 1 else ""
        return f"{self.folds}-fold cross-validation{again}"


def folds_of(manifest: Mapping[str, Any]) -> Folds | None:
    """The folds of a version; None where it has a test split instead."""
    found = manifest.get("folds")
    return Folds(found["folds"], found["repeats"]) if found else None


def evaluated(manifest: Mapping[str, Any]) -> str:
    """The split whose rows models are evaluated on."""
    return "train" if folds_of(manifest) else "test"
