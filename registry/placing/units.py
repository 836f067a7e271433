"""Which rows belong together: those that share a text, a group or a cluster, directly or through other rows."""

import numpy as np
import polars as pl

from registry.near.components import components

TIES = ("_example", "group", "_cluster")
"""The columns whose equal values tie rows together; null ties to nothing."""


def units(rows: pl.DataFrame) -> pl.Series:
    """The number of each row's unit, counted from 0 in the order of their first rows.

    `rows` are in order of id and have `_example` (the key of equal texts), and `group` and `_cluster` where there are
    any.
    """
    numbered = rows.with_row_index("_row")
    left, right = [], []
    for tie in TIES:
        if tie in rows.columns:
            tied = numbered.select("_row", tie).drop_nulls(tie)
            first = tied.select(pl.col("_row").min().over(tie)).to_series()
            left.append(first.to_numpy().astype(np.int64))
            right.append(tied["_row"].to_numpy().astype(np.int64))
    root = components(rows.height, np.concatenate(left), np.concatenate(right)) if left else np.arange(rows.height)
    # A unit is named by its smallest row, so that counting the rows that name themselves numbers the units.
    numbers = np.cumsum(root == np.arange(rows.height)) - 1
    return pl.Series("_unit", numbers[root], dtype=pl.UInt32)
