"""Agreement in parts of the items: by a column, or by the length of the texts."""

from typing import Any

import numpy as np
import polars as pl

from registry.annotation.agreement import agreed
from registry.annotation.measure import Measure
from registry.annotation.votes import Votes
from registry.errors import UserError, clipped, nearest
from registry.text import inputs

LENGTH = "length"
"""Slices by length, in quarters of the items."""
MOST_SLICES = 30
NONE = "(none)"


def slices(rows: pl.DataFrame, by: str) -> pl.Series:
    """(rows,): the slice that each row is in. UserError where there is no such column."""
    if by == LENGTH and LENGTH not in rows.columns:
        return _quarters(rows)
    if by not in rows.columns or rows[by].dtype.is_nested():
        known = sorted({LENGTH, *(name for name in rows.columns if not rows[name].dtype.is_nested())})
        raise UserError(
            f'there is no column "{clipped(by, 60)}"{nearest(by, known)}', do=f"There is: {', '.join(known)}."
        )
    return rows[by].cast(pl.String).fill_null(NONE)


def by_slice(measure: Measure, votes: Votes, named: pl.Series) -> list[dict[str, Any]]:
    """The slices with the most items, at most MOST_SLICES, in order of name; `rows` with those without agreement."""
    sizes = named.rename("slice").value_counts().sort(pl.col("count"), "slice", descending=[True, False])
    kept = sorted(sizes.head(MOST_SLICES).rows())
    return [
        {"name": name, "rows": size, **agreed(measure, votes.of_items((named == name).to_numpy()))._asdict()}
        for name, size in kept
    ]


def _quarters(rows: pl.DataFrame) -> pl.Series:
    """The quarter of the items by characters that a row is in, named by the shortest and the longest text in it."""
    lengths = rows.select(pl.sum_horizontal(pl.col(inputs(rows)).fill_null("").str.len_chars())).to_series()
    cuts = np.quantile(lengths.to_numpy(), [0.25, 0.5, 0.75]) if len(lengths) else np.zeros(3)
    frame = pl.DataFrame({"length": lengths, "part": np.searchsorted(cuts, lengths.to_numpy())})
    low, high = pl.col("length").min().over("part"), pl.col("length").max().over("part")
    width = len(str(lengths.max() or 0))
    padded = [one.cast(pl.String).str.pad_start(width) for one in (low, high)]
    return frame.select(pl.concat_str(padded[0], pl.lit(" to "), padded[1], pl.lit(" characters"))).to_series()
