"""MinHash in numpy: band keys that like texts share, the same on every machine and with any number of threads.

A text's k-th MinHash is the smallest of its shingles after the k-th reordering; two texts have the same one with the
probability of their Jaccard similarity s. Texts become candidates where all `rows` MinHashes of one of the bands
agree: with probability 1 - (1 - s^rows)^bands.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from registry.near.shingle import Shingle

RECALL = 0.99
"""The share of pairs exactly at the threshold that become candidates; of pairs above it, more do."""
MINHASHES = 128
"""At most so many a text; longer bands have fewer candidates that turn out to be unlike."""
ELEMENTS = 1 << 16
"""Shingles that are held at once: few enough for a processor's cache."""


NARROW = 128
"""Texts in a block below which each is worked on by itself."""


class Bands(NamedTuple):
    """How many bands there are, and how many MinHashes each has."""

    bands: int
    rows: int


def bands(threshold: float) -> Bands:
    """The longest bands that MINHASHES allows with RECALL at the threshold: 16 of 6 at 0.8, 35 of 3 at 0.5."""
    every = [Bands(_count(threshold, rows), rows) for rows in range(1, 17)]
    return max((band for band in every if band.bands * band.rows <= MINHASHES), key=lambda band: band.rows)


def _count(threshold: float, rows: int) -> int:
    missed = 1 - threshold**rows
    return math.ceil(math.log(1 - RECALL) / math.log(missed)) if missed > 0 else 1


def keys(texts: pl.Series, banding: Bands, shingle: Shingle) -> np.ndarray:
    """A key for each band (rows) and text (columns), uint64: like texts share one with the probability above."""
    found = np.empty((banding.bands, len(texts)), dtype=np.uint64)
    factors = multipliers(banding.bands * banding.rows)

    for places in blocks(texts.str.len_chars().to_numpy(), ELEMENTS):
        # Multiplying by an odd number reorders all numbers of 32 bits; shingles are well mixed already.
        reduced = (shingle.matrix(texts[places]) >> np.uint64(32)).astype(np.uint32)
        # The smallest of many is found fastest along what lies together: texts side by side, or one long text.
        narrow = len(places) < NARROW
        reduced = np.ascontiguousarray(reduced.T) if narrow else reduced
        smallest, room = np.empty((len(factors), len(places)), np.uint32), np.empty_like(reduced)
        for number, factor in enumerate(factors):
            np.multiply(reduced, factor, out=room)
            np.minimum.reduce(room, axis=int(narrow), out=smallest[number])
        found[:, places] = _folded(smallest.reshape(banding.bands, banding.rows, -1))
    return found


def blocks(sizes: np.ndarray, elements: int) -> Iterator[np.ndarray]:
    """Places in blocks of like sizes, which hold about `elements` together."""
    order = np.argsort(sizes, kind="stable")
    ordered, start = np.maximum(sizes[order].astype(np.int64), 8), 0
    while start < len(order):
        # Texts up to a quarter longer than the first: filling the shorter ones costs little.
        end = int(np.searchsorted(ordered, ordered[start] * 5 // 4, side="right"))
        end = min(end, start + max(1, elements // int(ordered[start])))
        yield order[start:end]
        start = end


def multipliers(count: int) -> np.ndarray:
    """Odd numbers of 32 bits, by splitmix64."""
    state = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (state >> np.uint64(32)).astype(np.uint32) | np.uint32(1)


def _folded(smallest: np.ndarray) -> np.ndarray:
    """The MinHashes of each band as one number; axes are band, row, text."""
    found = np.zeros((smallest.shape[0], smallest.shape[2]), dtype=np.uint64)
    for row in range(smallest.shape[1]):
        found = (found ^ smallest[:, row]) * np.uint64(0xFF51AFD7ED558CCD)
        found ^= found >> np.uint64(33)
    return found
