"""Texts to token numbers, kept as one flat array: a million short texts cost megabytes, not objects.

Texts come from strangers: an empty text still gives one token, and a lone surrogate, which no tokenizer
can read, becomes U+FFFD. Texts longer than `max_length` tokens are cut; how many were is counted.
"""

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CHUNK = 1_000


class Padded(NamedTuple):
    """Rows of one batch: token numbers and which of them are not padding, both (rows, longest)."""

    ids: IntArray
    mask: IntArray


class Tokens(NamedTuple):
    """Tokenised texts. Row i is `flat[starts[i] : starts[i] + lengths[i]]`."""

    flat: NDArray[np.int32]
    starts: IntArray
    lengths: IntArray
    pad: int
    cut_texts: int
    """Texts that were longer than allowed and lost their end."""

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, rows: IntArray) -> Padded:
        """The named rows side by side, padded on the right to the longest of them."""
        lengths = self.lengths[rows]
        places = np.arange(lengths.max())
        inside = places < lengths[:, None]
        where = np.where(inside, self.starts[rows][:, None] + places, 0)
        return Padded(np.where(inside, self.flat[where], self.pad).astype(np.int64), inside.astype(np.int64))


def tokenise(tokenizer: Any, texts: tuple[str, ...], max_length: int) -> Tokens:
    """`texts` with the special tokens of a fast `tokenizer`, each at most `max_length` tokens long."""
    pad = _padding(tokenizer)
    rows: list[NDArray[np.int32]] = []
    cut = 0
    for start in range(0, len(texts), _CHUNK):
        chunk = [_LONE_SURROGATE.sub("\ufffd", text) for text in texts[start : start + _CHUNK]]
        for encoding in tokenizer(chunk, truncation=True, max_length=max_length).encodings:
            rows.append(np.asarray(encoding.ids or [pad], dtype=np.int32))
            cut += bool(encoding.overflowing)
    return _flat(rows, pad, cut)


def _flat(rows: list[NDArray[np.int32]], pad: int, cut: int) -> Tokens:
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    flat = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    return Tokens(flat, np.cumsum(lengths) - lengths, lengths, pad, cut)


def _padding(tokenizer: Any) -> int:
    """Decoder-only vocabularies often have no padding token; any will do, since the mask hides it."""
    known = (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id, 0)
    return int(next(number for number in known if number is not None))
