"""When two texts count as the same. Frozen: a change here moves rows between splits, so it needs a new version."""

import secrets
from collections.abc import Callable

import polars as pl

from registry.split import SPLITS

VERSION = 1
INPUTS = ("text", "text_pair", "question", "user", "item", "clip")
"""The columns that tell examples apart, in order; most tasks read the first alone."""


_STABLE = (
    r"\u00c0-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0391-\u03a9\u03b1-\u03c9\u0410-\u044f\u2013\u2014"
    r"\u2018\u2019\u201c\u201d\u3001-\u3003\u3008-\u3011\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
)
"""Frequent characters that, as all of ASCII, NFC and NFKC leave alone, by themselves and beside each other."""

UNNORMAL = rf"[^\x00-\x7f{_STABLE}]"
"""Found in every text that NFC or NFKC may change."""

UNFOLDED = rf"[^\x20-\x7e{_STABLE}]|  |^ | $"
"""Found in every text that NFKC or folding white space may change."""


def folded(text: pl.Expr) -> pl.Expr:
    """NFKC, lower case, white space folded: the key of exact duplicates and of rows without an id."""
    return text.map_batches(_folded, return_dtype=pl.String, is_elementwise=True)


def where(pattern: str, texts: pl.Series, rewrite: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The texts, those in which `pattern` is found as `rewrite` gives them: looking costs less than rewriting."""
    found = texts.str.contains(pattern).arg_true()
    if not len(found):
        return texts
    after = rewrite(texts.gather(found))
    return after if len(found) == len(texts) else texts.clone().scatter(found, after)


def _folded(texts: pl.Series) -> pl.Series:
    return where(UNFOLDED, texts, _normal).str.to_lowercase()


def _normal(texts: pl.Series) -> pl.Series:
    return texts.str.normalize("NFKC").str.replace_all(r"\s+", " ").str.strip_chars()


def inputs(rows: pl.DataFrame) -> list[str]:
    """The text columns that these rows have."""
    return [name for name in INPUTS if name in rows.columns]


def example(rows: pl.DataFrame) -> pl.Expr:
    """All that a task reads of a row, folded: rows that are equal in it are the same example."""
    parts = [folded(pl.col(name)) for name in inputs(rows)]
    return parts[0] if len(parts) == 1 else pl.concat_str(parts, separator="\x1f", ignore_nulls=True)


_SEEDS = (secrets.randbits(64), secrets.randbits(64))
"""New in every process, so that no data can be made whose different texts have equal marks."""


MARKS = ["mark_1", "mark_2"]


def marks(rows: pl.DataFrame) -> pl.DataFrame:
    """128 bits for the example of each row; good for telling examples apart in this process only."""
    examples = rows.select(example(rows)).to_series()
    return pl.DataFrame({name: examples.hash(seed) for name, seed in zip(MARKS, _SEEDS, strict=True)})


def same(found: pl.DataFrame) -> pl.Series:
    """For the marks of all rows, the place of the first row with the same example."""
    return found.with_row_index("place").select(pl.col("place").min().over(MARKS)).to_series()


def strictness() -> pl.Expr:
    """0 for the strictest split that a row can be in."""
    ranks = {name: rank for rank, name in enumerate(reversed(SPLITS))}
    # Rows that are placed after cleaning are in no split yet: none of them is stricter than another.
    return pl.col("_split").fill_null(SPLITS[-1]).replace_strict(ranks, return_dtype=pl.Int8)
