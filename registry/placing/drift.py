"""How alike the splits of a version are, and how small a difference between two models its test split can tell.

Each split is held against all kept rows: classes by the total variation distance (the share of rows that would have to
change their class) and the Jensen-Shannon divergence (in bits), lengths by the Kolmogorov-Smirnov statistic. A small
split differs by chance alone; `p` says how often a random split of its size differs at least as much: of classes by the
chi-square test of homogeneity against the other rows, of lengths by the two-sample Kolmogorov-Smirnov test.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from registry import power
from registry.text import INPUTS

Counts = NDArray[np.float64]
DIGITS = 6
"""Decimals that are told, so that no library's last digits matter."""


class Difference(NamedTuple):
    """How far a split is from all rows, from 0 to 1, and how often chance alone makes it differ as much.

    `p` is None where there is nothing to compare: one split, or one value.
    """

    distance: float
    p: float | None


class Drift(NamedTuple):
    """One split against all rows. `divergence` is that of the classes; lengths are in characters."""

    classes: Difference
    divergence: float
    length: Difference


class Detectable(NamedTuple):
    """What the test split can tell. `margin` is what the card claims, `needed` the rows that this takes."""

    rows: int
    smallest: float | None
    margin: float | None
    needed: int | None


def drift(splits: Mapping[str, pl.DataFrame]) -> dict[str, Drift]:
    """Every split that holds rows. Rows have `label` (a list where there are several) and `length`."""
    filled = {name: rows for name, rows in splits.items() if rows.height}
    classes = _table({name: _labels(rows) for name, rows in filled.items()})
    lengths = _table({name: rows["length"] for name, rows in filled.items()})
    return {
        name: Drift(_by_class(classes, place), _divergence(classes, place), _by_length(lengths, place))
        for place, name in enumerate(filled)
    }


def detectable(rows: int, margin: float | None) -> Detectable:
    """What `rows` test rows can tell, on the assumptions of `registry.power`."""
    return Detectable(rows, power.smallest_difference(rows), margin, power.rows_needed(margin) if margin else None)


def as_json(files: Mapping[str, Path], margin: float | None, classes: str | None = "label") -> dict[str, Any]:
    """Both, of written splits, as the manifest has them: plain JSON, the same on every machine.

    `classes` names the column of labels; without one all rows are of one class.
    """
    splits = {name: _narrow(path, classes) for name, path in files.items()}
    test = splits["test"].height
    told = {
        name: {**found._asdict(), "classes": found.classes._asdict(), "length": found.length._asdict()}
        for name, found in drift(splits).items()
    }
    rounded: dict[str, Any] = _rounded({"splits": told, "test": detectable(test, margin)._asdict()})
    return rounded


def chi_square_tail(statistic: float, freedom: int) -> float:
    """How often a chi-square variable with `freedom` degrees of freedom is larger. Exact: a finite sum for each."""
    half = statistic / 2
    if half <= 0:
        return 1.0
    odd = freedom % 2
    start = math.erfc(math.sqrt(half)) if odd else 0.0
    powers = (index + odd / 2 for index in range((freedom - odd) // 2))
    terms = (math.exp(power * math.log(half) - half - math.lgamma(power + 1)) for power in powers)
    return min(1.0, start + math.fsum(terms))


def kolmogorov_tail(statistic: float) -> float:
    """How often the limit of the scaled Kolmogorov-Smirnov statistic is larger."""
    if statistic < 0.2:  # the series needs ever more terms there, and says 1
        return 1.0
    terms = ((-1) ** (term - 1) * math.exp(-2 * (term * statistic) ** 2) for term in range(1, 101))
    return min(1.0, max(0.0, 2 * math.fsum(terms)))


def _narrow(path: Path, classes: str | None) -> pl.DataFrame:
    rows = pl.scan_parquet(path)
    chars = [pl.col(name).str.len_chars().fill_null(0) for name in rows.collect_schema().names() if name in INPUTS]
    label = pl.lit("") if classes is None else pl.col(classes)
    return rows.select(label.alias("label"), length=pl.sum_horizontal(chars)).collect(engine="streaming")


def _table(columns: Mapping[str, pl.Series]) -> Counts:
    """How often each value (columns, in order) stands in each split (lines)."""
    counts = [values.alias("value").to_frame().group_by("value").len(name) for name, values in columns.items()]
    together = pl.concat(counts, how="align_full").sort("value").drop("value").fill_null(0)
    return together.to_numpy().T.astype(np.float64)


def _labels(rows: pl.DataFrame) -> pl.Series:
    """An empty set of labels is a class, too."""
    if not isinstance(rows.schema["label"], pl.List):
        return rows["label"].cast(pl.String)
    nothing = pl.concat_list(pl.lit(""))
    sets = pl.col("label").cast(pl.List(pl.String))
    return rows.select(pl.when(sets.list.len() == 0).then(nothing).otherwise(sets).alias("label")).to_series().explode()


def _by_class(counts: Counts, place: int) -> Difference:
    here, rest, everywhere = _parts(counts, place)
    distance = float(np.abs(here / here.sum() - everywhere / everywhere.sum()).sum() / 2)
    present = everywhere > 0
    freedom = int(present.sum()) - 1
    if not rest.sum() or freedom < 1:
        return Difference(distance, None)
    pair = np.stack((here, rest))[:, present]
    expected = np.outer(pair.sum(axis=1), pair.sum(axis=0)) / pair.sum()
    return Difference(distance, chi_square_tail(float(((pair - expected) ** 2 / expected).sum()), freedom))


def _divergence(counts: Counts, place: int) -> float:
    here, _, everywhere = _parts(counts, place)
    one, other = here / here.sum(), everywhere / everywhere.sum()
    return max(0.0, (_relative(one, (one + other) / 2) + _relative(other, (one + other) / 2)) / 2)


def _relative(one: Counts, other: Counts) -> float:
    """Kullback-Leibler divergence in bits."""
    present = one > 0
    return float((one[present] * np.log2(one[present] / other[present])).sum())


def _by_length(counts: Counts, place: int) -> Difference:
    here, rest, everywhere = _parts(counts, place)
    distance = _largest_gap(here, everywhere)
    if not rest.sum() or counts.shape[1] < 2:
        return Difference(distance, None)
    size = math.sqrt(here.sum() * rest.sum() / everywhere.sum())
    return Difference(distance, kolmogorov_tail(size * _largest_gap(here, rest)))


def _largest_gap(one: Counts, other: Counts) -> float:
    """Of two cumulative distributions."""
    return float(np.abs(np.cumsum(one) / one.sum() - np.cumsum(other) / other.sum()).max())


def _parts(counts: Counts, place: int) -> tuple[Counts, Counts, Counts]:
    """How often each value stands in one split, in all others, and everywhere."""
    everywhere = counts.sum(axis=0)
    return counts[place], everywhere - counts[place], everywhere


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, DIGITS) if isinstance(value, float) else value
