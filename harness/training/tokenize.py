"""Texts to token numbers, kept as one flat array: a million short texts cost megabytes, not objects.

Texts come from strangers: an empty text still gives one token, and a lone surrogate, which no tokenizer
can read, becomes U+FFFD. Texts longer than `max_length` tokens are cut; how many were is counted.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from harness.examples import Input, Pair

IntArray = NDArray[np.int64]
Kind = TypeVar("Kind")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CHUNK = 1_000


class Padded(NamedTuple):
    """Rows of one batch: token numbers and which of them are not padding, both (rows, longest).

    `types` says of which text of a pair a token is, 0 or 1; None where that is not told.
    """

    ids: IntArray
    mask: IntArray
    types: IntArray | None = None


@dataclass(frozen=True)
class Tokens:
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
        where, inside = self._places(rows)
        ids = np.where(inside, self.flat[where], self.pad).astype(np.int64)
        types = None if self.types is None else np.where(inside, self.types[where], 0).astype(np.int64)
        return Padded(ids, inside.astype(np.int64), types)

    def padded(self, values: NDArray[Any], rows: IntArray) -> NDArray[Any]:
        """(rows, longest) of what stands beside `flat`, padded with 0."""
        where, inside = self._places(rows)
        return np.where(inside, values[where], 0)

    def flattened(self, padded: NDArray[Any], rows: IntArray) -> tuple[IntArray, NDArray[Any]]:
        """Places in `flat`, and the values of (rows, longest, ...) that belong there."""
        where, inside = self._places(rows)
        return where[inside], padded[inside]

    def _places(self, rows: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
        """(rows, longest): where in `flat` each token is, and whether there is one."""
        lengths = self.lengths[rows]
        places = np.arange(lengths.max())
        inside = places < lengths[:, None]
        return np.where(inside, self.starts[rows][:, None] + places, 0), inside


def tokenise(tokenizer: Any, texts: tuple[Input, ...], max_length: int, *, types: bool = False) -> Tokens:
    """`texts` with the special tokens of a fast `tokenizer`, each at most `max_length` tokens long.

    Of a pair that is too long, the longer text loses its end first. `types` asks for the number of the text in it.
    """
    paired = bool(texts) and isinstance(texts[0], Pair)

    def encodings() -> Iterator[Any]:
        for chunk in chunks(texts):
            sides = tuple(zip(*chunk, strict=True)) if paired else (chunk,)
            told = [[readable(text) for text in side] for side in sides]
            yield from tokenizer(*told, truncation=True, max_length=max_length).encodings

    return gathered(encodings(), tokenizer, types=paired and types)


def gathered(encodings: Iterable[Any], tokenizer: Any, *, types: bool) -> Tokens:
    """Encodings of a fast `tokenizer`, one after the other, as flat arrays; one without tokens gets one."""
    pad, cut = _padding(tokenizer), 0
    rows: list[NDArray[np.int32]] = []
    sides: list[NDArray[np.int8]] = []
    for encoding in encodings:
        rows.append(np.asarray(encoding.ids or [pad], dtype=np.int32))
        sides.append(np.asarray(encoding.type_ids or [0], dtype=np.int8))
        cut += bool(encoding.overflowing)
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    flat = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    numbered = np.concatenate(sides) if rows and types else None
    return Tokens(flat, np.cumsum(lengths) - lengths, lengths, pad, cut, numbered)


def chunks(inputs: Sequence[Kind]) -> Iterator[Sequence[Kind]]:
    """Parts that a tokenizer is given at once: enough to share among threads, few enough to hold."""
    return (inputs[start : start + _CHUNK] for start in range(0, len(inputs), _CHUNK))


def readable(text: Any) -> str:
    """The text as tokenizers can read it; every character stays at its place."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _padding(tokenizer: Any) -> int:
    """Decoder-only vocabularies often have no padding token; any will do, since the mask hides it."""
    known = (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id, 0)
    return int(next(number for number in known if number is not None))
