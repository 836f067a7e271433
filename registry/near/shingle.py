"""Texts to shingles: the sets of overlapping character n-grams whose Jaccard similarity says how alike texts are.

Frozen: a change here moves rows between clusters, so it needs a new version of every op that compares texts. Shingles
are 64-bit hashes of n-grams, the same on every machine; two different n-grams share one about once in 10^19 times.
"""

from typing import Annotated

import numpy as np
import polars as pl
from pydantic import Field

from registry.frozen import Frozen

DENSE = ((0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""Kana and Han: scripts without spaces, in which two characters say about as much as five letters."""
FACTOR = np.uint64(0x9E3779B97F4A7C15)
MIXERS = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
HALF = np.uint64(33)

Length = Annotated[int, Field(ge=1, le=64)]


class Shingle(Frozen):
    """How long n-grams are: `spaced` characters, but `dense` where the first of them is Han or Kana.

    The length follows from the n-gram's own first character, so that texts of mixed scripts need no threshold
    between two kinds of text. A text without a whole n-gram is one shingle, itself.
    """

    spaced: Length = 5
    dense: Length = 2

    def matrix(self, texts: pl.Series) -> np.ndarray:
        """The shingles of texts that were folded by `registry.text.folded`: uint64, one column a text.

        Columns are as long as the longest of these texts, shorter ones filled with repeats of their own shingles:
        give texts of like lengths together.
        """
        lengths = texts.str.len_chars().to_numpy().astype(np.int64)
        letters = _letters(texts, lengths, max(self.spaced, self.dense))
        places = np.arange(max(int(lengths.max(initial=0)), 1))[:, None]
        hashes = _hashes(letters, self.spaced, len(places))
        widths: np.ndarray | int = self.spaced
        if letters.max(initial=0) >= DENSE[0][0] and self.dense != self.spaced:
            dense = _dense(letters[: len(places)])
            hashes = np.where(dense, _hashes(letters, self.dense, len(places)), hashes)
            widths = np.where(dense, self.dense, self.spaced)
        whole = places + widths <= lengths
        short = ~whole.any(axis=0)
        for length in np.unique(lengths[short]):
            these = np.flatnonzero(short & (lengths == length))
            whole[0, these] = True
            hashes[0, these] = _hashes(letters[:, these], int(length), 1)[0]
        first = hashes[whole.argmax(axis=0), np.arange(len(lengths))]
        np.copyto(hashes, first, where=~whole)
        return hashes


def _letters(texts: pl.Series, lengths: np.ndarray, beyond: int) -> np.ndarray:
    """Code points, one column a text; what lies beyond its end is not its own."""
    codes = np.frombuffer("".join(texts.to_list()).encode("utf-32-le"), dtype=np.uint32)
    codes = np.append(codes, np.zeros(int(lengths.max(initial=0)) + beyond, dtype=np.uint32))
    places = np.arange(max(int(lengths.max(initial=0)), 1) + beyond - 1)[:, None]
    letters: np.ndarray = codes[(np.cumsum(lengths) - lengths) + places]
    return letters


def _dense(letters: np.ndarray) -> np.ndarray:
    found = np.zeros(letters.shape, dtype=bool)
    for low, high in DENSE:
        found |= (letters >= low) & (letters <= high)
    return found


def _hashes(letters: np.ndarray, width: int, rows: int) -> np.ndarray:
    """A hash of the `width` characters from each of the first places on."""
    hashes = np.zeros((rows, letters.shape[1]), dtype=np.uint64)
    for offset in range(width):
        hashes *= FACTOR
        hashes += letters[offset : offset + rows]
        hashes += np.uint64(1)
    for mixer in MIXERS:
        hashes ^= hashes >> HALF
        hashes *= mixer
    hashes ^= hashes >> HALF
    return hashes
