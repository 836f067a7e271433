"""Rows to clusters of nearly equal texts."""

import numpy as np
import polars as pl

from registry.near.components import components
from registry.near.find import within
from registry.near.shingle import Shingle


def clustered(texts: pl.Series, threshold: float, shingle: Shingle) -> dict[str, pl.DataFrame]:
    """Clusters of folded texts, one a row; null for rows without one.

    `rows` has a line a row: `cluster`, the number of the first distinct text in it, and `text`, the line of `texts`
    that holds the row's text; both null where a row is alone. `texts` holds each distinct text of a cluster once.
    """
    distinct = texts.drop_nulls().unique(maintain_order=True)
    numbers = pl.DataFrame({"text": distinct}).with_row_index("number")
    pairs = within(distinct, threshold, shingle)
    roots = components(len(distinct), pairs["a"].to_numpy(), pairs["b"].to_numpy())
    rows = pl.DataFrame({"text": texts}).join(numbers, on="text", how="left", maintain_order="left")
    sizes = np.bincount(roots[rows["number"].drop_nulls().to_numpy()], minlength=len(distinct))
    shared = sizes[roots] > 1
    # The place of each clustered text among those.
    places = np.cumsum(shared) - 1
    known = numbers.select("number", cluster=pl.Series(roots), place=pl.Series(places)).filter(pl.Series(shared))
    rows = rows.join(known, on="number", how="left", maintain_order="left")
    return {"rows": rows.select("cluster", text="place"), "texts": numbers.filter(pl.Series(shared)).select("text")}


def merged(earlier: pl.Series, later: pl.Series) -> pl.Series:
    """One number for rows that either column puts together; null where neither has one."""
    if earlier.null_count() == len(earlier):
        return later.cast(earlier.dtype)
    rows = pl.DataFrame({"row": np.arange(len(earlier)), "earlier": earlier, "later": later})
    found = components(len(rows), *_chained(rows, "earlier", "later"))
    return (
        pl.select(pl.when(earlier.is_not_null() | later.is_not_null()).then(pl.Series(found)))
        .to_series()
        .cast(earlier.dtype)
    )


def _chained(rows: pl.DataFrame, *columns: str) -> tuple[np.ndarray, np.ndarray]:
    """Each row and the first row with its value, for each of the columns."""
    pairs = [
        rows.filter(pl.col(name).is_not_null()).select("row", first=pl.col("row").first().over(name))
        for name in columns
    ]
    joined = pl.concat(pairs)
    return joined["row"].to_numpy(), joined["first"].to_numpy()
