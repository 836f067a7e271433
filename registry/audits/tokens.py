"""Texts to tokens and to hashes of long runs of them. Case, punctuation and white space do not count.

A token is a word, or one character of a script that is written without spaces. Hashes tell tokens apart and mean
nothing else: no result may depend on their order.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
TOKEN = rf"[{UNSPACED}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{UNSPACED}]]+"
SYMBOL = r"[\p{P}\p{S}]"
PART = 8 << 20
"""Bytes of text that are taken apart at once."""
LEFT = 0.2
"""The share of a text's tokens that must be left for it to be told by those: else it is all one known passage."""
FACTOR = np.uint64(0x9E3779B97F4A7C15)
MIXER = np.uint64(0xFF51AFD7ED558CCD)


def tokens(texts: pl.Series, pattern: str = TOKEN) -> pl.DataFrame:
    """Every token of texts in order: `place` of its text (u32) and `token`."""
    found = texts.str.extract_all(pattern)
    frame = pl.DataFrame({"place": pl.int_range(len(texts), dtype=pl.UInt32, eager=True), "token": found})
    return frame.explode("token").drop_nulls("token")


def runs(texts: pl.Series, words: int, characters: int) -> Iterator[pl.DataFrame]:
    """Hashes of all runs of `words` tokens, each once a text, in parts: `place` (u32) and `hash` (u64).

    Texts that are mostly written without spaces have runs of `characters` tokens instead. A text that is too short for
    one run has none.
    """
    for start, piece in _pieces(texts):
        found = [windows.select("place", "hash") for windows in _runs(tokens(piece), len(piece), words, characters)]
        yield pl.concat(found).unique(maintain_order=True).with_columns(pl.col("place") + pl.lit(start, pl.UInt32))


def without(texts: pl.Series, known: pl.Series, words: int, characters: int) -> pl.Series:
    """Texts without the tokens that stand in runs whose hashes are `known`: what is left of a text, in order.

    A text of which less than LEFT is left, or nothing is missing, stays as it is.
    """
    found = [_without(piece, known, words, characters) for _, piece in _pieces(texts)]
    return pl.concat(found) if found else texts


def _without(texts: pl.Series, known: pl.Series, words: int, characters: int) -> pl.Series:
    found = tokens(texts)
    edges = np.zeros(found.height + 1, np.int64)
    for windows, length in zip(_runs(found, len(texts), words, characters), (words, characters), strict=True):
        starts = windows.filter(pl.col("hash").is_in(known.implode()))["start"].to_numpy()
        np.add.at(edges, starts, 1)
        np.add.at(edges, starts + length, -1)
    kept = found.with_columns(free=pl.Series(np.cumsum(edges)[:-1] == 0))
    left = kept.group_by("place").agg(
        share=pl.col("free").mean(), rest=pl.col("token").filter("free").str.join(" "), whole=pl.col("free").all()
    )
    left = left.filter(~pl.col("whole"), pl.col("share") >= LEFT)
    rows = (
        pl.DataFrame({"text": texts}).with_row_index("place").join(left, on="place", how="left", maintain_order="left")
    )
    return rows.select(pl.coalesce("rest", "text")).to_series()


def _pieces(texts: pl.Series) -> Iterator[tuple[int, pl.Series]]:
    """Texts in parts, each with the place of its first one."""
    part = texts.str.len_bytes().cum_sum() // PART
    start = 0
    for length in part.rle().struct.field("len"):
        yield start, texts[start : start + length]
        start += length


def _runs(found: pl.DataFrame, texts: int, words: int, characters: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The runs of texts with spaces, and those of the others: `place`, `hash` and `start`, the first token's line."""
    place = found["place"].to_numpy()
    hashes = found["token"].hash(seed=0).to_numpy()
    unspaced = np.bincount(place, found["token"].str.contains(f"^[{UNSPACED}]").to_numpy(), minlength=texts)
    mostly = 2 * unspaced > np.bincount(place, minlength=texts)
    return _windows(hashes, place, words, ~mostly), _windows(hashes, place, characters, mostly)


def _windows(hashes: np.ndarray, place: np.ndarray, length: int, wanted: np.ndarray) -> pl.DataFrame:
    """A hash of each `length` tokens that follow each other in one wanted text."""
    count = max(len(hashes) - length + 1, 0)
    run = np.zeros(count, np.uint64)
    for offset in range(length if count else 0):
        run = run * FACTOR + hashes[offset : offset + count]
    run = (run ^ (run >> np.uint64(33))) * MIXER
    whole = (place[:count] == place[length - 1 : length - 1 + count]) & wanted[place[:count]]
    return pl.DataFrame({"place": place[:count][whole], "hash": run[whole], "start": np.flatnonzero(whole)})
