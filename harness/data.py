"""Which rows of a version a run learns from, selects by and is evaluated on.

Owns limits and folds. Whatever the model, runs of one seed and fold see the same rows: where a version with folds has
no validation rows, a tenth of what a fold would learn from is for validation, also with models that ask for none.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from harness.examples import Collection
from harness.spec import Limits, RunSpec
from registry.digest import hashed
from registry.placing.subsets import few_shot, first
from registry.placing.units import units
from registry.store import Published
from registry.text import example

ONE_IN = 10
"""Of how many training rows of a fold one is for validation, where the version has no validation rows."""


class Data(NamedTuple):
    """The rows of one run, each table in order of id."""

    train: pl.DataFrame
    validation: pl.DataFrame
    test: pl.DataFrame


def data(spec: RunSpec, published: Published) -> Data:
    """The rows of a run. With a fold, its rows are the test rows and the other folds' are learnt from."""
    train, validation = published.read("train"), published.read("validation")
    if spec.fold is None:
        return Data(_limited(train, spec), validation, published.read("test"))
    tested = train[spec.fold.column] == spec.fold.number
    learnt, test = _parted(train, tested)
    if not validation.height:
        learnt, validation = _parted(learnt, (parts(train, "validation", ONE_IN) == 0).filter(~tested))
    return Data(_limited(learnt, spec), validation, test)


def collection(published: Published) -> Collection | None:
    """The documents or items of a version; None for one without."""
    if "collection" not in published.manifest:
        return None
    rows = published.read("collection")
    return Collection(tuple(rows["id"].to_list()), tuple(rows["text"].to_list()))


def in_force(limits: Limits, manifest: Mapping[str, Any]) -> Limits:
    """The limits but for those that leave every training row of a version in."""
    train = manifest["splits"]["train"]
    most = max(train["labels"].values(), default=0)
    return Limits(
        train=limits.train if (limits.train or train["rows"]) < train["rows"] else None,
        per_class=limits.per_class if (limits.per_class or most) < most else None,
    )


def parts(rows: pl.DataFrame, salt: str, count: int) -> pl.Series:
    """The part of each row, from 0, as a hash has it; rows that share a text, a group or a cluster are in one.

    `rows` are in order of id.
    """
    ties = [name for name in ("group", "cluster") if name in rows.columns]
    tied = rows.select("id", *ties, _example=example(rows)).rename({"cluster": "_cluster"}, strict=False)
    first = tied.select(pl.col("id").min().over(units(tied))).to_series()
    return hashed(first, salt).str.slice(0, 15).str.to_integer(base=16) % count


def _limited(train: pl.DataFrame, spec: RunSpec) -> pl.DataFrame:
    """Limits nest: a smaller one keeps a part of what a larger one keeps."""
    if spec.limits.per_class is not None:
        return few_shot(train, spec.limits.per_class, spec.seed)
    return train if spec.limits.train is None else first(train, spec.limits.train)


def _parted(rows: pl.DataFrame, apart: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that stay, and those set apart."""
    return rows.filter(~apart), rows.filter(apart)
