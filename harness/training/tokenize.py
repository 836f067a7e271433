"""Texts to token numbers, kept as one flat array: a million short texts cost megabytes, not objects.

Texts come from strangers: an empty text still gives one token, and a lone surrogate, which no tokenizer
can read, becomes U+FFFD. Texts longer than `max_length` tokens are cut; how many were is counted.
"""

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.examples import Input, Pair

IntArray = NDArray[np.int64]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CHUNK = 1_000


class Padded(NamedTuple):
    """Rows of one batch: token numbers and which of them are not padding, both (rows, longest).

    `types` says of which text of a pair a token is, 0 or 1; None where that is not told.
    """

    ids: IntArray
    mask: IntArray
    types: IntArray | None = None


class Tokens(NamedTuple):
    """Tokenised texts. Row i is `flat[starts[i] : starts[i] + lengths[i]]`."""

    flat: NDArray[np.int32]
    starts: IntArray
    lengths: IntArray
    pad: int
    cut_texts: int
    """Inputs that were longer than allowed and lost the end of a text."""
    types: NDArray[np.int8] | None = None
    """Beside `flat`, for pairs: of which text a token is, where the tokenizer tells it."""

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, rows: IntArray) -> Padded:
        """The named rows side by side, padded on the right to the longest of them."""
        lengths = self.lengths[rows]
        places = np.arange(lengths.max())
        inside = places < lengths[:, None]
        where = np.where(inside, self.starts[rows][:, None] + places, 0)
        ids = np.where(inside, self.flat[where], self.pad).astype(np.int64)
        types = None if self.types is None else np.where(inside, self.types[where], 0).astype(np.int64)
        return Padded(ids, inside.astype(np.int64), types)


def tokenise(tokenizer: Any, texts: tuple[Input, ...], max_length: int, *, types: bool = False) -> Tokens:
    """`texts` with the special tokens of a fast `tokenizer`, each at most `max_length` tokens long.

    Of a pair that is too long, the longer text loses its end first. `types` asks for the number of the text in it.
    """
    pad = _padding(tokenizer)
    paired = bool(texts) and isinstance(texts[0], Pair)
    rows: list[NDArray[np.int32]] = []
    sides_of: list[NDArray[np.int8]] = []
    cut = 0
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        sides = tuple(zip(*chunk, strict=True)) if paired else (chunk,)
        readable = [[_readable(text) for text in side] for side in sides]
        for encoding in tokenizer(*readable, truncation=True, max_length=max_length).encodings:
            rows.append(np.asarray(encoding.ids or [pad], dtype=np.int32))
            sides_of.append(np.asarray(encoding.type_ids or [0], dtype=np.int8))
            cut += bool(encoding.overflowing)
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    flat = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    numbered = np.concatenate(sides_of) if paired and types else None
    return Tokens(flat, np.cumsum(lengths) - lengths, lengths, pad, cut, numbered)


def _readable(text: Any) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)


def _padding(tokenizer: Any) -> int:
    """Decoder-only vocabularies often have no padding token; any will do, since the mask hides it."""
    known = (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id, 0)
    return int(next(number for number in known if number is not None))
