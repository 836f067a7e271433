"""Pairs of texts that are alike: candidates from MinHash bands, each verified by its exact Jaccard similarity.

Texts are folded by `registry.text.folded`; no pair below the threshold is reported. A bucket that holds more pairs
than it is worth comparing (boilerplate makes such) is not cut off: its texts go through `registry.near.crowd`, which
misses none. Of a crowd only the pairs that join it are reported: each text that has a like one is in a pair, and
clusters are those that all pairs would give. Where texts are few, all go through it, so that
there no cluster is torn.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from registry.near.buckets import Buckets, buckets, portions
from registry.near.crowd import join
from registry.near.jaccard import similarities
from registry.near.minhash import bands, keys
from registry.near.pairs import Across, Inside, Pairs
from registry.near.shingle import Shingle

BUCKET = 1 << 9
"""Pairs in one bucket above which its texts are a crowd: 32 texts."""
EXACT = 1 << 19
"""Characters of all texts up to which nothing is missed: looking for what MinHash did not find takes a second there."""


def within(texts: pl.Series, threshold: float, shingle: Shingle) -> pl.DataFrame:
    """Pairs of like texts: `a` < `b`, their places, and `similarity`; in order of place.

    UserError where so many texts are so much alike that comparing them would not end.
    """
    return _found(texts, Inside(len(texts)), threshold, shingle)


def between(left: pl.Series, right: pl.Series, threshold: float, shingle: Shingle) -> pl.DataFrame:
    """Pairs of a text of `left` and one of `right` that are alike, equal ones too: their places and `similarity`.

    UserError as from `within`.
    """
    texts = pl.concat([left, right], rechunk=True)
    found = _found(texts, Across(len(left), len(texts)), threshold, shingle)
    return found.select(left="a", right=pl.col("b") - len(left), similarity="similarity")


def _found(texts: pl.Series, pairs: Pairs, threshold: float, shingle: Shingle) -> pl.DataFrame:
    def verify(first: np.ndarray, second: np.ndarray) -> None:
        similarity = similarities(texts[first], texts[second], shingle)
        near = similarity >= threshold
        pairs.add(first[near], second[near], similarity[near])

    if len(texts) < 2:
        return pairs.frame()
    hashed = keys(texts, bands(threshold), shingle)
    crowd = np.full(len(texts), int(texts.str.len_chars().sum()) <= EXACT)
    for number in range(len(hashed)):
        for first, second in _candidates(hashed, number, pairs, crowd):
            verify(first, second)
    del hashed
    join(texts, np.flatnonzero(crowd), pairs, verify, threshold, shingle)
    return pairs.frame()


def _candidates(
    hashed: np.ndarray, number: int, pairs: Pairs, crowd: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The pairs that share a bucket of this band and of none before; members of crowded buckets are marked."""
    band = _sorted(hashed[number])
    lows, highs = pairs.partners(band)
    work = np.add.reduceat(highs - lows, np.unique(band.starts)) if len(band.members) else np.empty(0, np.int64)
    crowded = np.repeat(work > BUCKET, np.unique(band.starts, return_counts=True)[1])
    crowd[band.members[crowded]] = True
    for first, second in portions(lows, np.where(crowded, lows, highs)):
        left, right = band.members[second], band.members[first]
        left, right = np.minimum(left, right), np.maximum(left, right)
        for earlier in hashed[:number]:
            new = earlier[left] != earlier[right]
            left, right = left[new], right[new]
        yield left, right


def _sorted(keys: np.ndarray) -> Buckets:
    """Sorted as one number, key before place, which is many times faster than sorting places by their keys.

    The place takes the key's lowest bits: the few texts that share only the others are told apart by verifying.
    """
    places = np.arange(len(keys), dtype=np.uint64)
    low = np.uint64((1 << len(keys).bit_length()) - 1)
    packed = np.sort((keys & ~low) | places)
    return buckets(packed & ~low, (packed & low).astype(np.int64))
