"""The pairs of a crowd: many texts that share much, so that MinHash bands cannot tell them apart.

An exact join by prefix filtering (Xiao et al., Efficient similarity joins for near-duplicate detection, 2011): with
the shingles of all texts in one order, rarest first, two like texts share one of their first few. What a crowd shares
is frequent and comes last, so boilerplate makes no candidates. Where many texts share a rare shingle all the same,
they are compared one against all, until no pair between two clusters is left.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from registry.errors import UserError
from registry.near.buckets import PORTION, portions
from registry.near.minhash import blocks
from registry.near.pairs import Pairs
from registry.near.shingle import Shingle
from registry.near.sketch import Sketches

Verify = Callable[[np.ndarray, np.ndarray], None]

ELEMENTS = 1 << 17
"""Shingles that are held at once."""
COUNTERS = (12, 24)
"""The fewest and the most bits of a shingle by which its frequency is counted: 64 MB at most. Some share a counter,
which is allowed: any order of shingles will do.
"""
ENTRIES = 1 << 25
"""Shingles of prefixes that are sorted at once; more are joined in several passes."""
GROUP = 1 << 14
"""Pairs of one shingle above which texts are compared one against all."""
BUDGET = (100_000_000, 1000)
"""Pairs that a crowd may cost: so many, and so many more for each of its texts."""


def join(texts: pl.Series, crowd: np.ndarray, pairs: Pairs, verify: Verify, threshold: float, shingle: Shingle) -> None:
    """Show `verify` pairs of the crowd, given by places, until all like ones are known to `pairs`.

    UserError where that takes more pairs than BUDGET allows.
    """
    if len(crowd):
        prefixes = _Prefixes(texts[crowd], threshold, shingle)
        comparison = _Comparison(crowd, pairs, verify, prefixes.sketches)
        for part in range(prefixes.parts):
            for first, second in _pairs(prefixes.entries(part), comparison):
                comparison.compare(first, second)


class _Comparison:
    """Compares members of the crowd, named by their numbers in it, as far as needed and as long as BUDGET lasts."""

    def __init__(self, crowd: np.ndarray, pairs: Pairs, verify: Verify, sketches: Sketches) -> None:
        self._crowd, self._pairs, self._verify, self._sketches = crowd, pairs, verify, sketches
        self._left = BUDGET[0] + BUDGET[1] * len(crowd)

    def compare(self, first: np.ndarray, second: np.ndarray) -> None:
        """Verify those pairs that may be alike and are needed, each once."""
        self._spend(len(first))
        needed = (first != second) & self._pairs.needed(self._crowd[first], self._crowd[second])
        first, second = first[needed], second[needed]
        alike = self._sketches.may_be_alike(first, second)
        left, right = np.minimum(first[alike], second[alike]), np.maximum(first[alike], second[alike])
        left, right = np.divmod(np.unique(left * len(self._crowd) + right), len(self._crowd))
        self._verify(self._crowd[left], self._crowd[right])

    def one_against_all(self, group: np.ndarray) -> None:
        """Compare members that are still open with all of the group: what that joins is open no more."""
        compared, at_once = np.empty(0, np.int64), 1
        while True:
            still = group[np.isin(self._crowd[group], self._pairs.open(self._crowd[group]))]
            some = np.setdiff1d(still, compared, assume_unique=True)[:at_once]
            if not len(some):
                return
            self.compare(np.repeat(some, len(group)), np.tile(group, len(some)))
            compared = np.append(compared, some)
            at_once = max(1, min(2 * at_once, PORTION // len(group)))

    def _spend(self, pairs: int) -> None:
        self._left -= pairs
        if self._left < 0:
            what = f"{len(self._crowd):,} texts share so much that near-duplicates cannot be told by comparing them"
            raise UserError(what, do="Cut what they share before, or compare at a higher threshold.")


class Entries(NamedTuple):
    """Shingles of the texts' prefixes, sorted by shingle, then by the texts' size, then by place."""

    shingles: np.ndarray
    texts: np.ndarray
    short: np.ndarray
    """Whether it is in the shorter prefix, which is enough for the smaller text of a pair."""


class _Prefixes:
    def __init__(self, texts: pl.Series, threshold: float, shingle: Shingle) -> None:
        self._texts, self._threshold, self._shingle = texts, threshold, shingle
        self._blocks = list(blocks(texts.str.len_chars().to_numpy(), ELEMENTS))
        bits = min(max(len(texts).bit_length() + 6, COUNTERS[0]), COUNTERS[1])
        self._counts, self._shift = np.zeros(1 << bits, dtype=np.uint32), np.uint64(64 - bits)
        self.sketches = Sketches(len(texts), threshold)
        total = 0
        for places in self._blocks:
            values, real = _distinct(shingle.matrix(texts[places]))
            self.sketches.add(places, values, real)
            np.add.at(self._counts, (values >> self._shift)[real], 1)
            total += int(real.sum())
        self.parts = math.ceil(total * (1 - threshold) / ENTRIES) or 1

    def entries(self, part: int) -> Entries:
        """The entries of one part of all shingles."""
        found = [self._prefix(places, part) for places in self._blocks]
        ranks, texts, short, sizes = (np.concatenate(columns) for columns in zip(*found, strict=True))
        order = np.lexsort((texts, sizes, ranks))
        return Entries(ranks[order], texts[order], short[order])

    def _prefix(self, places: np.ndarray, part: int) -> tuple[np.ndarray, ...]:
        values, real = _distinct(self._shingle.matrix(self._texts[places]))
        frequency = self._counts[values >> self._shift].astype(np.uint64)
        # Rarest first; two shingles of one rank make a candidate more, never one less.
        ranks = (frequency << np.uint64(32)) | (values & np.uint64(0xFFFFFFFF))
        ranks[~real] = np.uint64(0xFFFFFFFFFFFFFFFF)
        ranks.sort(axis=0)
        sizes, row = real.sum(axis=0), np.arange(len(ranks))[:, None]
        # A like text no smaller shares 2t/(1+t) of this one's shingles; one of any size shares t of them.
        twice = 2 * self._threshold / (1 + self._threshold)
        short, long = (sizes - np.ceil(share * sizes - 1e-9) + 1 for share in (twice, self._threshold))
        taken = (row < long) & (row < sizes) & (ranks % np.uint64(self.parts) == part)
        which = np.nonzero(taken)
        return ranks[which], places[which[1]], (row < short)[which], sizes[which[1]]


def _distinct(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted columns, and where a value stands for the first time."""
    values = np.sort(matrix, axis=0)
    real = np.ones(values.shape, dtype=bool)
    real[1:] = values[1:] != values[:-1]
    return values, real


def _pairs(entries: Entries, comparison: _Comparison) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of an entry of the short prefixes and a later one of the same shingle. Large groups are done first."""
    edges = np.flatnonzero(np.append(True, entries.shingles[1:] != entries.shingles[:-1]))[: len(entries.shingles)]
    sizes = np.diff(np.append(edges, len(entries.shingles)))
    before = np.cumsum(entries.short) - entries.short
    lows, highs = np.repeat(before[edges], sizes), before
    work = np.add.reduceat(highs - lows, edges) if len(edges) else edges
    for number in np.flatnonzero(work > GROUP):
        comparison.one_against_all(np.unique(entries.texts[edges[number] : edges[number] + sizes[number]]))
    small = np.repeat(work <= GROUP, sizes)
    indexed = entries.texts[entries.short]
    for place, partner in portions(lows, np.where(small, highs, lows)):
        yield entries.texts[place], indexed[partner]
