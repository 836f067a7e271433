"""What the nearest rows of a row are labelled, by a cheap cosine of hashed words.

Rows are taken in blocks by their id alone, and neighbours are looked for inside a block: the time grows with the
number of rows, not with its square, and a block is a fair sample of the whole.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from registry.audits.tokens import UNSPACED, tokens
from registry.digest import hashed

BLOCK, DIMENSIONS = 4096, 2048
LONGEST = 5_000
"""Characters of a text that are read."""
USEFUL = 0.5
"""Balanced accuracy of the neighbours' vote, moved so that chance is 0, from which their word counts for something."""
FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Neighbours(NamedTuple):
    """`rows`: `id`, `split`, `label`, `other_label` (what the neighbours vote for) and `measure`, their share of it."""

    rows: pl.DataFrame
    useful: bool


def neighbours(rows: pl.DataFrame, count: int) -> Neighbours:
    """The vote of the `count` nearest rows, each label's weighed so that all labels are equally many."""
    labels = rows["label"].unique().sort()
    if len(labels) < 2:
        return Neighbours(pl.DataFrame(), useful=False)
    drawn = rows.with_columns(_drawn=hashed(rows["id"], "audit")).sort("_drawn").drop("_drawn")
    drawn = drawn.with_columns(truth=pl.col("label").replace_strict(labels, range(len(labels)), return_dtype=pl.Int64))
    blocks = np.array_split(np.arange(drawn.height), -(-drawn.height // BLOCK))
    votes = np.concatenate([_votes(drawn[block], len(labels), count) for block in blocks])
    told = votes.argmax(axis=1)
    truth = drawn["truth"].to_numpy()
    right = np.bincount(truth, told == truth, len(labels)) / np.bincount(truth, minlength=len(labels))
    useful = (right.mean() - 1 / len(labels)) / (1 - 1 / len(labels)) >= USEFUL
    found = drawn.select("id", "split", "label", other_label=labels[told], measure=votes.max(axis=1))
    return Neighbours(found, bool(useful))


def _votes(block: pl.DataFrame, labels: int, count: int) -> np.ndarray:
    """For each row of a block the share of each label among its nearest rows; zeros for a row that is like none."""
    vectors = _vectors(block["_text"].str.slice(0, LONGEST))
    truth = block["truth"].to_numpy()
    count = min(count, len(truth) - 1)
    if count < 1:
        return np.zeros((len(truth), labels))
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1)
    nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
    weight = (
        np.take_along_axis(likeness, nearest, axis=1).clip(0) / np.bincount(truth, minlength=labels)[truth[nearest]]
    )
    places = np.arange(len(truth))[:, None] * labels + truth[nearest]
    votes = np.bincount(places.ravel(), weight.ravel(), len(truth) * labels).reshape(len(truth), labels)
    total = votes.sum(axis=1, keepdims=True)
    share: np.ndarray = votes / np.where(total > 0, total, 1)
    return share


def _vectors(texts: pl.Series) -> np.ndarray:
    """One unit vector a text: its words, the rarer the heavier, hashed into few dimensions.

    Where a script has no spaces, pairs of characters stand beside the characters.
    """
    found = tokens(texts)
    place, word = found["place"].to_numpy(), _numbers(found["token"])
    dense = found["token"].str.contains(f"^[{UNSPACED}]").to_numpy()
    pair = word[:-1] * FACTOR + word[1:]
    inside = (place[:-1] == place[1:]) & dense[:-1]
    features = pl.DataFrame(
        {"place": np.concatenate([place, place[:-1][inside]]), "feature": np.concatenate([word, pair[inside]])}
    ).unique(maintain_order=True)
    # What one text alone has brings it near none, and only blurs the few dimensions.
    often = features.group_by("feature").len().filter(pl.col("len") > 1)
    weighed = features.join(often, on="feature", maintain_order="left")
    weight = np.sqrt(np.log(len(texts) / weighed["len"].to_numpy()))
    feature = weighed["feature"].to_numpy()
    dimension = (feature >> np.uint64(32)) % np.uint64(DIMENSIONS)
    signed = np.where(feature & np.uint64(1 << 20), weight, -weight)
    cells = weighed["place"].to_numpy().astype(np.int64) * DIMENSIONS + dimension.astype(np.int64)
    vectors = np.bincount(cells, signed, len(texts) * DIMENSIONS).reshape(len(texts), DIMENSIONS).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return vectors


def _numbers(words: pl.Series) -> np.ndarray:
    """64 bits of each word that are the same on every machine."""
    known = words.unique().sort()
    numbers = hashed(known, "word").str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64)
    return words.replace_strict(known, numbers, return_dtype=pl.UInt64).to_numpy().astype(np.uint64)
