"""Which pairs count and which were found: those inside one set of texts, or those across two."""

from typing import Protocol

import numpy as np
import polars as pl

from registry.near.buckets import Buckets
from registry.near.components import Forest


class Pairs(Protocol):
    """Found pairs; texts are named by their places."""

    def partners(self, band: Buckets) -> tuple[np.ndarray, np.ndarray]:
        """For each member of a bucket, from where to where in its bucket those lie that it makes a pair with.

        Each pair is counted once. Members of a bucket are in order of place.
        """

    def add(self, left: np.ndarray, right: np.ndarray, similarity: np.ndarray) -> None:
        """Note pairs that were verified."""

    def needed(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Whether a pair counts and would add to what is known, so that it has to be compared."""

    def open(self, members: np.ndarray) -> np.ndarray:
        """Members of a crowd that are to be compared with all others, so that no further pair is needed."""

    def frame(self) -> pl.DataFrame:
        """`a`, `b` and `similarity` of what was found, in order, each pair once."""


class _Found:
    def __init__(self) -> None:
        self._portions: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def note(self, left: np.ndarray, right: np.ndarray, similarity: np.ndarray) -> None:
        self._portions.append((left.astype(np.uint32), right.astype(np.uint32), similarity))

    def frame(self) -> pl.DataFrame:
        schema = {"a": pl.UInt32, "b": pl.UInt32, "similarity": pl.Float64}
        found = [pl.DataFrame(portion, schema=schema) for portion in self._portions]
        return pl.concat([pl.DataFrame(schema=schema), *found]).unique(["a", "b"]).sort("a", "b")


class Inside:
    """Pairs inside one set. What is known are clusters: a pair inside one adds nothing."""

    def __init__(self, count: int) -> None:
        self._found, self._forest = _Found(), Forest(count)

    def partners(self, band: Buckets) -> tuple[np.ndarray, np.ndarray]:
        return np.arange(1, len(band.members) + 1), band.ends

    def add(self, left: np.ndarray, right: np.ndarray, similarity: np.ndarray) -> None:
        self._found.note(left, right, similarity)
        self._forest.join(left, right)

    def needed(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        apart: np.ndarray = self._forest.roots(left) != self._forest.roots(right)
        return apart

    def open(self, members: np.ndarray) -> np.ndarray:
        """All but the largest cluster: pairs inside that one are not needed, and every other pair has one of these."""
        _, which, sizes = np.unique(self._forest.roots(members), return_inverse=True, return_counts=True)
        others: np.ndarray = members[which != sizes.argmax()]
        return others

    def frame(self) -> pl.DataFrame:
        return self._found.frame()


class Across:
    """Pairs of a text before `boundary` and one from there on. What is known is who has a like text at all."""

    def __init__(self, boundary: int, count: int) -> None:
        self._found, self._boundary, self._matched = _Found(), boundary, np.zeros(count, dtype=bool)

    def partners(self, band: Buckets) -> tuple[np.ndarray, np.ndarray]:
        right = band.members >= self._boundary
        before = np.append(0, np.cumsum(~right))
        lefts = before[band.ends] - before[band.starts]
        return band.starts, np.where(right, band.starts + lefts, band.starts)

    def add(self, left: np.ndarray, right: np.ndarray, similarity: np.ndarray) -> None:
        self._found.note(left, right, similarity)
        self._matched[left] = self._matched[right] = True

    def needed(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        across = (left < self._boundary) != (right < self._boundary)
        needed: np.ndarray = across & ~(self._matched[left] & self._matched[right])
        return needed

    def open(self, members: np.ndarray) -> np.ndarray:
        unmatched: np.ndarray = members[~self._matched[members]]
        return unmatched

    def frame(self) -> pl.DataFrame:
        return self._found.frame()
