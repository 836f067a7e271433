"""Proof that a version is leak-free: reads the written files back and counts what must be zero.

Shares no state with the build. Fixes nothing; a version with a violation is not published.
"""

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.digest import content_digest
from registry.text import example


class Audit(NamedTuple):
    """`violations` must all be zero; `observations` are worth knowing and break no contract."""

    violations: dict[str, int]
    observations: dict[str, int]

    @property
    def clean(self) -> bool:
        return not any(self.violations.values())


def audit(files: Mapping[str, Path], labels: tuple[str, ...], rows_kept: int, digest: str) -> Audit:
    """Check written splits against each other and against what the build says it wrote."""
    splits = {name: pl.read_parquet(path) for name, path in files.items()}
    texts = {name: frame.select(example(frame)).to_series() for name, frame in splits.items()}
    everything = pl.concat([frame.select("id", "label", _text=example(frame)) for frame in splits.values()])
    violations = {
        "texts in two splits": _shared(texts),
        "groups in two splits": _shared({n: f["group"] for n, f in splits.items() if "group" in f.columns}),
        "ids in two rows": everything.height - everything["id"].n_unique(),
        "rows with a label outside the set": everything.filter(
            ~pl.col("label").is_in(list(labels)).fill_null(value=False)
        ).height,
        "rows missing or too many": abs(everything.height - rows_kept),
        "content digest differs": int(content_digest(splits) != digest),
    }
    return Audit(violations, _observations(everything))


def _shared(values: Mapping[str, pl.Series]) -> int:
    """How many distinct values stand in more than one split, summed over pairs of splits."""
    pairs = combinations(values.values(), 2)
    return sum(int(one.unique().is_in(other.unique().implode()).sum()) for one, other in pairs)


def _observations(rows: pl.DataFrame) -> dict[str, int]:
    per_text = rows.group_by("_text").agg(rows=pl.len(), labels=pl.col("label").n_unique())
    return {
        "rows that repeat a text of their split": int((per_text["rows"] - 1).sum()),
        "texts with more than one label": per_text.filter(pl.col("labels") > 1).height,
    }
