"""The published files of a version: the splits and the ledger, written part by part in order of id.

Owns their columns. What stands in them was decided before.
"""

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow.parquet as pq

from registry.card import DatasetCard
from registry.digest import fingerprint
from registry.kinds import TARGETS, TASKS
from registry.op import staying
from registry.pipeline.cleaning import Cleaned
from registry.split import SPLITS, Split, Timed
from registry.text import INPUTS, inputs

VOTED = ("votes", "annotators", "aggregate", "soft_label", "certainty", "decided_by")
AFTER = ("group", "time", "cluster", *VOTED)
"""The columns of a published split that come after what the task reads and predicts, as far as a card has them."""

FEW_VALUES = ("label", "group", "split", "op", "reason", "decided_by")
"""Columns worth a dictionary: others would be tried in vain."""

FILES = (*SPLITS, "ledger")


class Written(NamedTuple):
    """Where each split and the ledger lie, and the fingerprint of the rows that the splits must hold."""

    files: dict[str, Path]
    fingerprint: int


class _Part(NamedTuple):
    """A part as it is written: a table for each file, and the fingerprint of the kept rows."""

    tables: dict[str, pl.DataFrame]
    fingerprint: int


def write(cleaned: Cleaned, rows: pl.DataFrame, card: DatasetCard, folder: Path) -> Written:
    """Write every row to its split or to the ledger. `rows` are all rows with their fates, without texts."""
    clustered = rows["_cluster"].null_count() < rows.height
    fates = _published(rows, card.split.split, clustered=clustered)
    files = {name: folder / f"{name}.parquet" for name in FILES}
    found, writers = 0, dict[str, pq.ParquetWriter]()
    with ExitStack() as stack:
        for part in cleaned.parts.beside(fates, partial(_part, card)):
            found += part.fingerprint
            for name, frame in part.tables.items():
                table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
                if name not in writers:
                    few = [column for column in FEW_VALUES if column in table.column_names]
                    writer = pq.ParquetWriter(files[name], table.schema, compression="zstd", use_dictionary=few)
                    writers[name] = stack.enter_context(writer)
                if frame.height:
                    writers[name].write_table(table)
    return Written(files, found % 2**64)


def columns_of(task: str) -> tuple[str, ...]:
    """Every column that a published split of a task may have, in order; the folds follow, if there are any."""
    asked = TASKS.get(task)
    target = (asked.target,) if asked.target else ()
    return tuple(dict.fromkeys(("id", *INPUTS, "spans", *asked.carried, *asked.optional, *target, *AFTER)))


def _typed(rows: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """What must be predicted under its own name and of its own type."""
    task = TASKS.get(card.task)
    if not task.target:
        return rows.drop("label")
    return rows.with_columns(TARGETS.get(task.answer)().read(rows["label"]).alias(task.target))


def _published(rows: pl.DataFrame, method: Split, *, clustered: bool) -> pl.DataFrame:
    """The fates with the columns that only some cards publish under their published names."""
    rows = rows.with_columns(cluster="_cluster") if clustered else rows
    return rows.with_columns(method.times(rows).alias("time")) if isinstance(method, Timed) else rows


def _part(card: DatasetCard, texts: pl.DataFrame, fates: pl.DataFrame) -> _Part:
    whole = texts.select(name for name in texts.columns if name not in fates.columns).hstack(fates)
    folds = sorted((name for name in whole.columns if name.startswith("fold_")), key=lambda name: int(name[5:]))
    kept = _typed(whole.filter(staying()), card)
    columns = [*(name for name in columns_of(card.task) if name in kept.columns), *folds]
    kept = kept.select(*columns, "_split")
    tables = {name: kept.filter(pl.col("_split") == name).drop("_split") for name in SPLITS}
    left = whole.filter(~staying())
    ledger = left.select(
        "id", *inputs(left), "label", split="_split", op="_op", reason="_reason",
        duplicate_of="_duplicate_of", similarity="_similarity",
    )  # fmt: skip
    return _Part({**tables, "ledger": ledger}, fingerprint(kept.rename({"_split": "split"})))
