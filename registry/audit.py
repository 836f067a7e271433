"""Proof that a version is leak-free: reads the written files back and counts what must be zero.

Shares no state with the build. Fixes nothing; a version with a violation is not published.
"""

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.answers import spelled
from registry.collection import with_collection
from registry.digest import CanonicalRows, RowDigest, canonical_rows, fingerprint
from registry.kinds import TARGETS, TASKS
from registry.pipeline.parts import ahead, merged
from registry.split import SPLITS
from registry.target import Target
from registry.text import marks


class Audit(NamedTuple):
    """`violations` must all be zero; `observations` are worth knowing and break no contract."""

    violations: dict[str, int]
    observations: dict[str, int]
    digest: str
    """The content digest of the rows that were read."""

    @property
    def clean(self) -> bool:
        return not any(self.violations.values())


def audit(
    files: Mapping[str, Path],
    labels: tuple[str, ...],
    rows_kept: int,
    *,
    task: str = "text-classification",
    collection: Path | None = None,
    digest: str = "",
    made: int | None = None,
) -> Audit:
    """Check written splits against each other and against what is said of them.

    `digest` is the content digest that they must have, `made` the fingerprint of the rows that were to be written.
    The rows are read in order of id, a part at a time, whatever their number.
    """
    running, found = RowDigest(), list[_Read]()
    target = TARGETS.get(TASKS.get(task).answer)()
    for read in ahead(partial(_read, task), merged(list(files.values()), list(files))):
        running.add(read.canonical)
        found.append(read._replace(canonical=CanonicalRows((), b"")))
    rows = pl.concat([read.rows for read in found]) if found else pl.DataFrame(schema=_NO_ROWS)
    written = sum(read.fingerprint for read in found) % 2**64
    content = running.hexdigest() if collection is None else with_collection(running.hexdigest(), collection)
    differs = digest not in ("", content) or made not in (None, written)
    violations = {
        "texts in two splits": _shared(rows, "mark_1", "mark_2"),
        "groups in two splits": _shared(rows, "group") if "group" in rows.columns else 0,
        **({"clusters in two splits": _shared(rows, "cluster")} if "cluster" in rows.columns else {}),
        **({"splits out of time order": _untimely(rows)} if "time" in rows.columns else {}),
        "ids in two rows": sum(read.repeated for read in found),
        "rows with a label outside the set": _outside(rows["label"], target, labels),
        "rows missing or too many": abs(rows.height - rows_kept),
        "content digest differs": int(differs),
    }
    return Audit(violations, _observations(rows, target), content)


class _Read(NamedTuple):
    """What is kept of a part of the rows: no texts, but marks of them."""

    rows: pl.DataFrame
    repeated: int
    fingerprint: int
    canonical: CanonicalRows


_NO_ROWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "split": pl.Enum(SPLITS),
    "label": pl.String,
    "mark_1": pl.UInt64,
    "mark_2": pl.UInt64,
}


def _read(task: str, rows: pl.DataFrame) -> _Read:
    columns = [name for name in ("group", "cluster", "time") if name in rows.columns]
    # Rows with one id come in one part.
    repeated = rows.height - rows["id"].n_unique()
    split = pl.col("split").cast(pl.Enum(SPLITS))
    narrow = rows.select(split, *columns).with_columns(label=spelled(rows, task)).hstack(marks(rows))
    return _Read(narrow, repeated, fingerprint(rows), canonical_rows(rows))


def _outside(answers: pl.Series, target: Target, labels: tuple[str, ...]) -> int:
    """How many rows have a label outside the set, or none where there must be one."""
    if not target.closed:
        return 0
    known = pl.element().is_in(list(labels)).all()
    inside = target.labels(answers).to_frame("labels").select(pl.col("labels").list.eval(known).list.first())
    return int((~inside.to_series().fill_null(value=False) | answers.is_null()).sum())


def _shared(rows: pl.DataFrame, *columns: str) -> int:
    """How many distinct values stand in more than one split, summed over pairs of splits."""
    places = rows.select(*columns, "split").drop_nulls()
    places = places.filter(places.select(columns).is_duplicated()).unique()
    times = places.filter(places.select(columns).is_duplicated()).group_by(columns).len()["len"]
    return int((times * (times - 1) // 2).sum())


def _untimely(rows: pl.DataFrame) -> int:
    """How many splits begin before the one that lies before them has ended."""
    spans = {name: (first, last) for name, first, last in _spans(rows).rows()}
    present = [spans[name] for name in SPLITS if name in spans]
    return sum(earlier[1] >= later[0] for earlier, later in pairwise(present))


def _spans(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("split").agg(first=pl.col("time").min(), last=pl.col("time").max())


def _observations(rows: pl.DataFrame, target: Target) -> dict[str, int]:
    repeated = rows.select("mark_1", "mark_2", "label").filter(rows.select("mark_1", "mark_2").is_duplicated())
    per_text = repeated.group_by("mark_1", "mark_2").agg(rows=pl.len(), labels=pl.col("label").n_unique())
    return {
        "rows that repeat a text of their split": int((per_text["rows"] - 1).sum()),
        f"texts with more than one {'label' if target.closed else 'answer'}": per_text.filter(
            pl.col("labels") > 1
        ).height,
    }
