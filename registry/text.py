"""When two texts count as the same. Frozen: a change here moves rows between splits, so it needs a new version."""

import polars as pl

from registry.split import SPLITS

VERSION = 1
INPUTS = ("text", "text_pair")
"""The columns that tasks read, in order; most read the first alone."""


def folded(text: pl.Expr) -> pl.Expr:
    """NFKC, lower case, white space folded: the key of exact duplicates and of rows without an id."""
    return text.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def inputs(rows: pl.DataFrame) -> list[str]:
    """The text columns that these rows have."""
    return [name for name in INPUTS if name in rows.columns]


def example(rows: pl.DataFrame) -> pl.Expr:
    """All that a task reads of a row, folded: rows that are equal in it are the same example."""
    parts = [folded(pl.col(name)) for name in inputs(rows)]
    return parts[0] if len(parts) == 1 else pl.concat_str(parts, separator="\x1f", ignore_nulls=True)


def strictness() -> pl.Expr:
    """0 for the strictest split that a row can be in."""
    return pl.col("_split").replace_strict(
        {name: rank for rank, name in enumerate(reversed(SPLITS))}, return_dtype=pl.Int8
    )
