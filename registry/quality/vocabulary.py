"""Words and how varied they are: distinct n-grams at sizes that let sets be compared, and Heaps' law.

Words are the tokens of `registry.audits.tokens`: runs of letters and digits in lower case, and single characters where
a script has no spaces, so that no segmenter decides the numbers. Ratios fall as texts grow, so each is taken over
stretches of a fixed number of words.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from registry.audits.tokens import tokens
from registry.quality.measure import Growth
from registry.text import folded

SIZES = (1_000, 10_000, 100_000)
"""Words over which distinct words are counted."""

GRAMS = 10_000
"""Words over which distinct pairs and triples are counted."""

POINTS = 25
FEWEST, BEGINNING = 1_000, 100
"""Heaps' law is not fitted to fewer words, nor to the beginning, the first hundredth: few words follow no law."""


class Variety(NamedTuple):
    """Of a sample of texts. What they are too few or too short for is not in `distinct`."""

    words: int
    distinct: Mapping[tuple[int, int], float]
    """(n, words) -> distinct n-grams over all, mean over consecutive stretches of so many words."""
    growth: Growth


def variety(texts: pl.Series) -> Variety:
    """`texts` in an order that says nothing, as `sample` gives them."""
    words = _words(texts)
    wanted = [(1, size) for size in SIZES] + [(2, GRAMS), (3, GRAMS)]
    reached = {(n, size): _distinct(words, n, size) for n, size in wanted if words.height >= size}
    distinct = {key: share for key, share in reached.items() if share is not None}
    return Variety(words.height, distinct, growth(words["word"]))


def growth(words: pl.Series) -> Growth:
    """Distinct words among the first n, at n that grow by equal factors; the law by least squares in logarithms.

    Source: Heaps 1978, "Information Retrieval"; fitted as in Manning, Raghavan and Schütze 2008, section 5.1.1.
    """
    if words.is_empty():
        return Growth()
    seen = words.is_first_distinct().cum_sum().to_numpy()
    at = np.unique(np.geomspace(1, len(words), POINTS).round().astype(np.int64))
    points = tuple((int(n), int(seen[n - 1])) for n in at)
    if len(words) < FEWEST:
        return Growth(points)
    fitted = np.array([point for point in points if point[0] >= len(words) / BEGINNING], dtype=np.float64)
    exponent, intercept = np.polyfit(np.log(fitted[:, 0]), np.log(fitted[:, 1]), 1)
    return Growth(points, round(float(np.exp(intercept)), 6), round(float(exponent), 6))


def _words(texts: pl.Series) -> pl.DataFrame:
    """One line a word: `place` of its text, and `word`, a number from 1 on, equal for equal words."""
    found = tokens(texts.alias("text").to_frame().select(folded(pl.col("text"))).to_series())
    return found.select("place", word=pl.col("token").rank("dense").cast(pl.UInt64))


def _distinct(words: pl.DataFrame, n: int, size: int) -> float | None:
    """N-grams lie within one text and one stretch; a stretch that the end cuts short does not count. None for none."""
    stretch = pl.int_range(pl.len()) // size
    gram, within = pl.col("word"), pl.lit(value=True)
    for back in range(1, n):
        gram = gram * pl.col("word").max() + pl.col("word").shift(-back)
        within &= (pl.col("place").shift(-back) == pl.col("place")) & (pl.col("_stretch").shift(-back) == stretch)
    grams = words.with_columns(_stretch=stretch).head(words.height // size * size)
    grams = grams.select("_stretch", _gram=pl.when(within).then(gram)).drop_nulls()
    shares = grams.group_by("_stretch").agg(pl.col("_gram").n_unique() / pl.len()).sort("_stretch")
    return None if shares.is_empty() else float(shares["_gram"].mean())  # type: ignore[arg-type]
