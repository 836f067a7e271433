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
    part = texts.str.len_bytes().cum_sum() // PART
    start = 0
    for length in part.rle().struct.field("len"):
        piece = texts[start : start + length]
        yield _runs(piece, words, characters).with_columns(pl.col("place") + pl.lit(start, pl.UInt32))
        start += length


def _runs(texts: pl.Series, words: int, characters: int) -> pl.DataFrame:
    found = tokens(texts)
    place = found["place"].to_numpy()
    hashes = found["token"].hash(seed=0).to_numpy()
    unspaced = np.bincount(place, found["token"].str.contains(f"^[{UNSPACED}]").to_numpy(), minlength=len(texts))
    mostly = 2 * unspaced > np.bincount(place, minlength=len(texts))
    both = [_windows(hashes, place, words, ~mostly), _windows(hashes, place, characters, mostly)]
    return pl.concat(both).unique(maintain_order=True)


def _windows(hashes: np.ndarray, place: np.ndarray, length: int, wanted: np.ndarray) -> pl.DataFrame:
    """A hash of each `length` tokens that follow each other in one wanted text."""
    count = max(len(hashes) - length + 1, 0)
    run = np.zeros(count, np.uint64)
    for offset in range(length if count else 0):
        run = run * FACTOR + hashes[offset : offset + count]
    run = (run ^ (run >> np.uint64(33))) * MIXER
    whole = (place[:count] == place[length - 1 : length - 1 + count]) & wanted[place[:count]]
    return pl.DataFrame({"place": place[:count][whole], "hash": run[whole]})
