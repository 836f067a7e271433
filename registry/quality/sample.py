"""Which rows of a version are looked at word by word, and how long all of them are.

Rows are drawn by a hash of their ids, so that neither their order nor a machine matters.
"""

from typing import NamedTuple

import polars as pl

from registry.digest import hashed
from registry.errors import UserError
from registry.quality.measure import Lengths
from registry.split import SPLITS
from registry.store import Published
from registry.text import inputs

CHARACTERS = 2_000_000
"""Of the sample: words are counted in as many rows as hold no more together. Smaller sets are read whole."""

LONGEST = 20_000
"""Characters of one row that are read, so that a few books do not make up the sample."""

QUANTILES = (0.05, 0.5, 0.95, 1.0)


class Sample(NamedTuple):
    """Texts in the order of their hash: the longer a prefix, the larger the sample. `rows` is how many there are."""

    texts: pl.Series
    rows: int


def row_lengths(version: Published) -> pl.DataFrame:
    """id, split and length in characters of every row. UserError where a split is damaged."""
    version.check(*SPLITS)
    length = pl.col("_text").str.len_chars()
    parts = [_scan(version, split).select("id", split=pl.lit(split), length=length) for split in SPLITS]
    return _collected(pl.concat(parts), version)


def sample(version: Published, rows: pl.DataFrame) -> Sample:
    """All that a task reads of each drawn row, as one text; `rows` as `row_lengths` gives them."""
    drawn = rows.with_columns(_order=hashed(rows["id"], "quality").str.slice(0, 16)).sort("_order")
    taken = drawn.with_columns(_read=pl.col("length").clip(upper_bound=LONGEST).cum_sum())
    taken = taken.filter(pl.col("_read").shift(1, fill_value=0) < CHARACTERS).select("id")
    texts = pl.concat([_scan(version, split) for split in SPLITS]).join(taken.lazy(), on="id", how="semi")
    found = taken.join(_collected(texts, version), on="id", how="left", maintain_order="left")
    return Sample(found["_text"].str.slice(0, LONGEST), drawn.height)


def lengths(table: pl.DataFrame) -> Lengths:
    """The histogram of characters in each split, in bins that grow by half an octave, of what `row_lengths` gives."""
    if table.is_empty():
        return Lengths()
    longest = int(table["length"].max())  # type: ignore[arg-type]
    edges = [0, *dict.fromkeys(round(2 ** (step / 2)) for step in range(200) if 2 ** ((step - 1) / 2) <= longest)]
    table = table.with_columns(bin=pl.Series(edges).search_sorted(table["length"], side="right").cast(pl.Int64) - 1)
    first, last = int(table["bin"].min()), int(table["bin"].max())  # type: ignore[arg-type]
    splits = [split for split in SPLITS if (table["split"] == split).any()]
    of = {split: table.filter(pl.col("split") == split) for split in splits}
    return Lengths(
        tuple(edges[first : last + 2]),
        {split: _histogram(frame["bin"], first, last) for split, frame in of.items()},
        {split: _quantiles(frame["length"]) for split, frame in of.items()},
    )


def _histogram(bins: pl.Series, first: int, last: int) -> tuple[int, ...]:
    counted = dict(bins.value_counts().rows())
    return tuple(counted.get(number, 0) for number in range(first, last + 1))


def _quantiles(values: pl.Series) -> tuple[int, ...]:
    return tuple(int(values.quantile(share, "lower") or 0) for share in QUANTILES)


def _scan(version: Published, split: str) -> pl.LazyFrame:
    rows = pl.scan_parquet(version.split(split), glob=False)
    names = inputs(pl.DataFrame(schema=rows.collect_schema()))
    return rows.select("id", _text=pl.concat_str(names, separator="\n", ignore_nulls=True))


def _collected(rows: pl.LazyFrame, version: Published) -> pl.DataFrame:
    try:
        return rows.collect(engine="streaming")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UserError("a split cannot be read", where=str(version.folder), do="Remove it and build again.") from error
