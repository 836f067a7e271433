"""When two texts count as the same. Frozen: a change here moves rows between splits, so it needs a new version."""

import polars as pl

from registry.split import SPLITS

VERSION = 1


def folded(text: pl.Expr) -> pl.Expr:
    """NFKC, lower case, white space folded: the key of exact duplicates and of rows without an id."""
    return text.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def strictness() -> pl.Expr:
    """0 for the strictest split that a row can be in."""
    return pl.col("_split").replace_strict(
        {name: rank for rank, name in enumerate(reversed(SPLITS))}, return_dtype=pl.Int8
    )
