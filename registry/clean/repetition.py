"""The repetition rules of Gopher: Rae et al. 2021, "Scaling Language Models", appendix A1.1, table A1.

Made for documents: what has under 50 words, the paper's lower limit, is not judged. Each rule that is null is off.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import Field

from registry.frozen import Frozen
from registry.op import staying
from registry.text import inputs
from registry.texts import words

WORDS_AT_ONCE = 2_000_000
"""Bounds memory: some 100 bytes a word."""

FACTOR = 0x9E3779B97F4A7C15
"""Odd, so that it has an inverse modulo 2**64."""

Share = float | None
U64 = NDArray[np.uint64]


class Repetition(Frozen):
    """Shares are of lines, or of characters without white space. Words are those of `registry.texts.words`; where most
    of them are Han or Kana characters, two characters stand for a word, so that a 5-gram is ten characters. Of what
    repeats, the first occurrence does not count, except for the most frequent n-grams."""

    min_words: int = Field(50, ge=1)
    """Shorter texts stay, whatever they repeat."""
    duplicate_lines: Share = Field(0.30, ge=0, le=1)
    duplicate_line_chars: Share = Field(0.20, ge=0, le=1)
    duplicate_paragraphs: Share = Field(0.30, ge=0, le=1)
    duplicate_paragraph_chars: Share = Field(0.20, ge=0, le=1)
    top_2_gram: Share = Field(0.20, ge=0, le=1)
    """Characters in the most frequent pair of words."""
    top_3_gram: Share = Field(0.18, ge=0, le=1)
    top_4_gram: Share = Field(0.16, ge=0, le=1)
    duplicate_5_gram: Share = Field(0.15, ge=0, le=1)
    """Characters in runs of five words that stood before."""
    duplicate_6_gram: Share = Field(0.14, ge=0, le=1)
    duplicate_7_gram: Share = Field(0.13, ge=0, le=1)
    duplicate_8_gram: Share = Field(0.12, ge=0, le=1)
    duplicate_9_gram: Share = Field(0.11, ge=0, le=1)
    duplicate_10_gram: Share = Field(0.10, ge=0, le=1)

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "so so so so", "so so so so"),
        ({"min_words": 4}, "buy now buy now buy now", None),
        ({"min_words": 4}, "Call us today\nOpen daily\nCall us today", None),
        ({"min_words": 4}, "each word of this stands here once", "each word of this stands here once"),
        ({"min_words": 4}, "好评好评好评好评好评", None),
        ({"min_words": 4}, "物流很快，包装也不错", "物流很快，包装也不错"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            text = rows.select(
                _text=name,
                _words=words.count(pl.col(name)),
                _characters=words.mostly_characters(pl.col(name)),
                _judged=staying() & (words.count(pl.col(name)) >= self.min_words),
            )
            judged = text.with_row_index("_row").filter("_judged")
            parts = judged.with_columns(_part=pl.col("_words").cum_sum() // WORDS_AT_ONCE)
            found = [
                self._reasons(part, n_of_word=2 if characters else 1)
                for (_, characters), part in parts.group_by("_part", "_characters", maintain_order=True)
            ]
            reasons = pl.concat(found) if found else pl.DataFrame(schema=REASONS)
            placed = rows.select(pl.int_range(pl.len(), dtype=pl.get_index_type()).alias("_row"))
            why = placed.join(reasons, on="_row", how="left", maintain_order="left")["_why"]
            rows = rows.with_columns(_reason=pl.coalesce("_reason", why))
        return rows

    def _reasons(self, part: pl.DataFrame, n_of_word: int) -> pl.DataFrame:
        """`_row` and `_why` of those that break a rule: the first that they break."""
        numbered = part.with_columns(_row=pl.int_range(pl.len(), dtype=pl.get_index_type()))
        broken = [
            share.filter(pl.col("share") > most).select("_row", _why=pl.lit(f"{rule.replace('_', ' ')} over {most:g}"))
            for rule, share in self._shares(numbered, n_of_word)
            if (most := getattr(self, rule)) is not None
        ]
        first = pl.concat([pl.DataFrame(schema=REASONS), *broken]).unique("_row", keep="first", maintain_order=True)
        return first.with_columns(_row=part["_row"].gather(first["_row"]))

    def _shares(self, part: pl.DataFrame, n_of_word: int) -> Iterator[tuple[str, pl.DataFrame]]:
        """Each rule with `_row` and `share` of the texts that repeat something."""
        for unit, breaks in (("line", r"\s*\n\s*"), ("paragraph", r"\s*\n[^\S\n]*\n\s*")):
            units = _repeated_units(part, breaks)
            yield f"duplicate_{unit}s", units.select("_row", share="units")
            yield f"duplicate_{unit}_chars", units.select("_row", share="chars")
        flat = _flat(part)
        for n in range(2, 11):
            # What repeats no n words repeats no n + 1.
            grams = _grams(flat, n * n_of_word)
            yield (f"top_{n}_gram", _top(flat, grams)) if n < 5 else (f"duplicate_{n}_gram", _covered(flat, grams))
            flat = _only(flat, grams)


REASONS = {"_row": pl.get_index_type(), "_why": pl.String}


def _repeated_units(part: pl.DataFrame, breaks: str) -> pl.DataFrame:
    """`_row`, and the shares `units` and `chars` that lines or paragraphs have which stood before."""
    text = pl.col("_text").str.strip_chars()
    several = part.filter(text.str.contains(breaks)).select("_row", _unit=text)
    # U+2029 is white space, so no unit holds one at its ends, and inside one it separates paragraphs anyway.
    split = several.with_columns(pl.col("_unit").str.replace_all(breaks, "\u2029").str.split("\u2029")).explode("_unit")
    chars = pl.col("_unit").str.count_matches(r"\S")
    told = split.select("_row", chars=chars, again=~pl.struct("_row", "_unit").is_first_distinct())
    return told.group_by("_row", maintain_order=True).agg(
        units=pl.col("again").mean(), chars=(pl.col("chars") * pl.col("again")).sum() / pl.col("chars").sum()
    )


class Flat(NamedTuple):
    """The words of many texts, one after the other: a hash, the text's row, and the characters of each."""

    codes: U64
    rows: NDArray[np.int64]
    chars: NDArray[np.int64]


class Grams(NamedTuple):
    """Of each n-gram within a text: where it begins among the words, how many words it has, and a key."""

    starts: NDArray[np.int64]
    length: int
    keys: pl.Series


def _flat(part: pl.DataFrame) -> Flat:
    said = part.select("_row", _word=words.split(pl.col("_text"))).explode("_word")
    word = said["_word"]
    # Case and the punctuation beside a word count, as in the paper.
    return Flat(
        word.hash(seed=0).to_numpy(),
        said["_row"].to_numpy().astype(np.int64),
        word.str.len_chars().to_numpy().astype(np.int64),
    )


def _grams(flat: Flat, length: int) -> Grams:
    """A key is a polynomial in the hashes of the words, so that each length takes one pass whatever it is."""
    count = len(flat.codes)
    if count < length:
        return Grams(np.empty(0, np.int64), length, pl.Series([], dtype=pl.UInt64))
    powers = np.full(count + 1, FACTOR, np.uint64)
    inverse = np.full(count + 1, pow(FACTOR, -1, 2**64), np.uint64)
    powers[0] = inverse[0] = 1
    powers, inverse = np.cumprod(powers), np.cumprod(inverse)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(flat.codes * inverse[:-1])])
    starts = np.flatnonzero(flat.rows[: count - length + 1] == flat.rows[length - 1 :])
    keys = (sums[starts + length] - sums[starts]) * powers[starts]
    return Grams(starts, length, pl.Series(keys + flat.rows[starts].astype(np.uint64) * np.uint64(FACTOR)))


def _top(flat: Flat, grams: Grams) -> pl.DataFrame:
    """The share of the most frequent n-gram; of equally frequent ones, of the longest."""
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(flat.chars)])
    chars = before[grams.starts + grams.length] - before[grams.starts]
    seen = pl.DataFrame({"key": grams.keys, "_row": flat.rows[grams.starts], "chars": chars})
    repeated = seen.filter(pl.col("key").is_duplicated()).group_by("key").agg(pl.col("_row", "chars").first(), pl.len())
    top = repeated.sort("_row", "len", "chars").group_by("_row", maintain_order=True).last()
    return _of_all(flat, top["_row"].to_numpy(), (top["len"] * top["chars"]).to_numpy())


def _covered(flat: Flat, grams: Grams) -> pl.DataFrame:
    """The share of n-grams that stood before; a word in two of them counts once."""
    again = grams.starts[(~grams.keys.is_first_distinct()).to_numpy()]
    edges = np.zeros(len(flat.codes) + 1, np.int64)
    edges[again] += 1
    np.subtract.at(edges, again + grams.length, 1)
    inside = np.cumsum(edges[:-1]) > 0
    rows, place = np.unique(flat.rows[inside], return_inverse=True)
    return _of_all(flat, rows, np.bincount(place, weights=flat.chars[inside], minlength=len(rows)))


def _of_all(flat: Flat, rows: NDArray[np.int64], chars: NDArray[Any]) -> pl.DataFrame:
    """`chars` as a share of all characters of those texts."""
    total = np.bincount(flat.rows, weights=flat.chars, minlength=1) if len(flat.rows) else np.zeros(1)
    return pl.DataFrame({"_row": pl.Series(rows, dtype=pl.get_index_type()), "share": chars / total[rows]})


def _only(flat: Flat, grams: Grams) -> Flat:
    """The texts that repeat one of these n-grams."""
    repeats = np.unique(flat.rows[grams.starts[grams.keys.is_duplicated().to_numpy()]])
    inside = np.isin(flat.rows, repeats)
    return Flat(flat.codes[inside], flat.rows[inside], flat.chars[inside])
