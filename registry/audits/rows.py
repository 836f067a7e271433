"""The rows of a version as audits read them: one table, with what a task reads of each row, folded."""

from collections.abc import Mapping

import polars as pl

from registry.answers import with_label
from registry.digest import hashed
from registry.split import SPLITS
from registry.store import Published
from registry.text import INPUTS, example

COLUMNS = ("id", *INPUTS, "label", "group", "time")


def together(splits: Mapping[str, pl.DataFrame], task: str, card: str = "") -> pl.DataFrame:
    """All rows in order of id, with `card`, `split` and `_text`: what a task reads, folded as for exact duplicates."""
    frames = []
    for split, published in splits.items():
        frame = with_label(published, task)
        columns = [name for name in COLUMNS if name in frame.columns]
        frames.append(
            frame.select(*columns, card=pl.lit(card), split=pl.lit(split), _text=example(frame).fill_null(""))
        )
    return pl.concat(frames).sort("id")


def published_rows(version: Published) -> pl.DataFrame:
    """The rows of a version. UserError where a file is not the one that was published."""
    splits = {split: version.read(split) for split in SPLITS}
    return together(splits, version.manifest["task"], str(version.manifest["card"]))


def training(rows: pl.DataFrame) -> pl.DataFrame:
    """What models see before they are tested: train and validation."""
    return rows.filter(pl.col("split") != "test")


def testing(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("split") == "test")


def halves(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Labelled rows with `learning`: those of train, and those that what was learned is measured on.

    Where one side would be empty, all rows are parted in two instead. Of each side at most `most` rows, chosen by
    their id alone.
    """
    drawn = rows.drop_nulls("label").with_columns(_drawn=hashed(rows.drop_nulls("label")["id"], "audit"))
    learning = pl.col("split") == "train"
    if drawn.select(learning.all() | ~learning.any()).item():
        learning = pl.col("_drawn") < "8"
    drawn = drawn.with_columns(learning=learning)
    return drawn.filter(pl.col("_drawn").rank("ordinal").over("learning") <= most).drop("_drawn").sort("id")
