"""The exact Jaccard similarity of pairs of texts: shared distinct shingles over all distinct shingles."""

import numpy as np
import polars as pl

from registry.near.minhash import blocks
from registry.near.shingle import Shingle

ELEMENTS = 1 << 17
"""Shingles that are held at once."""


def similarities(left: pl.Series, right: pl.Series, shingle: Shingle) -> np.ndarray:
    """How like each text of `left` is to the one in its place in `right`; both are folded."""
    found = np.empty(len(left))
    sizes = np.maximum(left.str.len_chars().to_numpy(), right.str.len_chars().to_numpy())
    for places in blocks(sizes, ELEMENTS):
        found[places] = _jaccard(shingle.matrix(left[places]), shingle.matrix(right[places]))
    return found


def _jaccard(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    union = _distinct(np.concatenate([left, right]))
    return np.asarray((_distinct(left) + _distinct(right) - union) / union)


def _distinct(shingles: np.ndarray) -> np.ndarray:
    """How many values of each column differ."""
    ordered = np.sort(shingles, axis=0)
    return np.asarray(1 + (ordered[1:] != ordered[:-1]).sum(axis=0))
