"""Rows to places in exact shares: every class is spread in the same shares, and what belongs together is not torn.

A unit is a set of rows that go to one place; a stratum is a class, or a class in combination with other columns. Units
that hold equally many rows of the same strata have one signature, and a signature is dealt out at once: first the whole
part of each share, then what is left over, unit by unit, to the place that lacks most. Units of one row and one class
come out less than one row away from their shares, in every class. Where units are larger or rows have several labels,
shares hold as nearly as one greedy pass gets: large units first, rare strata before frequent ones, as in Sechidis et
al. 2011, "On the Stratification of Multi-Label Data", ECML PKDD.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from registry.placing.lottery import drawn

Floats = NDArray[np.float64]
LABEL = "label"
DECIMALS = 9
CLOSE = 10.0**-DECIMALS
"""Shares are decimal fractions: 0.29 of 100 rows are 29."""


def carried(by: Sequence[str]) -> list[str]:
    """What the columns that a card names under `by` are called in the rows of a split method, each once."""
    return [name if name == LABEL else f"_by_{name}" for name in dict.fromkeys(by)]


def place(rows: pl.DataFrame, by: Sequence[str], shares: Sequence[float], salt: str) -> pl.Series:
    """A place for each row, as a number from 0 to below the number of shares, which add up to 1.

    `rows` have `id`, `_unit` and the columns `by`; of a list (several labels) each value counts. Depends on which rows
    there are and on `salt`, not on their order.
    """
    units = _units(rows, by, salt)
    signatures = _signatures(units)
    dealt = _filled(_dealt(signatures, np.array(shares)), signatures["rows"].to_numpy(), np.array(shares))
    places = np.repeat(np.tile(np.arange(len(shares), dtype=np.uint16), signatures.height), dealt.ravel())
    ordered = units.join(signatures.select("signature", "rank"), on="signature").sort("rank", "drawn")
    placed = ordered.select("_unit", place=pl.Series(places, dtype=pl.UInt16))
    return rows.select("_unit").join(placed, on="_unit", how="left", maintain_order="left")["place"]


def _units(rows: pl.DataFrame, by: Sequence[str], salt: str) -> pl.DataFrame:
    """Each unit once: its number of `rows`, its number in a lottery (`drawn`) and its `signature`.

    A signature is a list of numbers, one for each stratum that the unit has: the stratum, and how often.
    """
    first = rows.group_by("_unit").agg(pl.col("id").min(), rows=pl.len())
    held = _strata(rows, by).group_by("_unit", "stratum").len("times").sort("_unit", "stratum")
    packed = pl.col("stratum").cast(pl.UInt64) * 2**32 + pl.col("times")
    signature = held.group_by("_unit", maintain_order=True).agg(signature=packed)
    return first.select("_unit", "rows", drawn=drawn(first["id"], salt)).join(signature, on="_unit")


def _strata(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """`_unit` and `stratum`, a number from 0: a line for each row, or for each of its labels."""
    lines = rows.select("_unit", *by)
    for name in by:
        if isinstance(lines.schema[name], pl.List):
            lines = lines.explode(name, empty_as_null=True)
    if not by:
        return lines.with_columns(stratum=pl.lit(0, pl.UInt32))
    names = lines.select(by).unique().sort(by).with_row_index("stratum")
    return lines.join(names, on=list(by), nulls_equal=True).select("_unit", "stratum")


def _signatures(units: pl.DataFrame) -> pl.DataFrame:
    """Each signature once, in the order in which they are dealt: how many `units` have it, and the `rows` of each."""
    found = units.group_by("signature").agg(pl.col("rows").first(), pl.col("drawn").min(), units=pl.len())
    parts = found.with_columns(part="signature").explode("part")
    times = (pl.col("part") & 0xFFFFFFFF) * pl.col("units")
    parts = parts.with_columns(total=times.sum().over(pl.col("part") // 2**32))
    rarest = parts.group_by("signature").agg(rarest=pl.col("total").min())
    # Sizes within a power of two of each other come in the order of the lottery: another seed is another split.
    found = found.join(rarest, on="signature").with_columns(octave=pl.col("rows").log(2).floor())
    found = found.sort("octave", "rarest", "drawn", descending=[True, False, False])
    return found.select("signature", "units", "rows").with_row_index("rank")


def _dealt(signatures: pl.DataFrame, shares: Floats) -> NDArray[np.int64]:
    """How many units of each signature (lines) go to each place (columns)."""
    packed = signatures["signature"].explode().to_numpy()
    strata, times = (packed >> 32).astype(np.int64), (packed & 0xFFFFFFFF).astype(np.float64)
    ends = np.cumsum(signatures["signature"].list.len().to_numpy().astype(np.int64))
    units, rows = (signatures[name].to_numpy().astype(np.int64) for name in ("units", "rows"))
    totals = np.bincount(strata, times * np.repeat(units, np.diff(ends, prepend=0)))
    balance = _Balance(shares, np.append(totals, units @ rows))
    dealt = np.zeros((len(units), len(shares)), dtype=np.int64)
    for number, end in enumerate(ends):
        part = slice(ends[number - 1] if number else 0, end)
        columns, each = np.append(strata[part], len(totals)), np.append(times[part], rows[number])
        dealt[number] = balance.deal(int(units[number]), columns, each)
    return dealt


def _filled(dealt: NDArray[np.int64], rows: NDArray[np.int64], shares: Floats) -> NDArray[np.int64]:
    """Few large units can leave a place empty whose share is smaller than any of them: then it gets the one that it
    costs least, as long as no other place is left without one. Single rows stay where their shares say.
    """
    due = shares * (rows @ dealt.sum(axis=1))
    while rows.max(initial=1) > 1 and len(empty := np.flatnonzero((dealt.sum(axis=0) == 0) & (shares > 0))):
        spare = (dealt > 0) & (dealt.sum(axis=0) > 1)
        if not spare.any():
            break
        first, lacking = empty[0], due - rows @ dealt
        cost = np.abs(lacking + rows[:, None]) - np.abs(lacking) + np.abs(due[first] - rows[:, None])
        unit, giver = np.unravel_index(np.where(spare, cost.round(DECIMALS), np.inf).argmin(), cost.shape)
        dealt[unit, giver] -= 1
        dealt[unit, first] += 1
    return dealt


class _Balance:
    """What each place lacks so far. `totals`: the rows of each stratum, and last those of all."""

    def __init__(self, shares: Floats, totals: Floats) -> None:
        self._shares, self._totals = shares, totals
        self._lacking = np.zeros((len(shares), len(totals)))
        self._room = shares * totals[-1]

    def deal(self, units: int, columns: NDArray[np.int64], each: Floats) -> NDArray[np.int64]:
        """How many of `units` equal units each place gets; one has `each` rows of the strata `columns`."""
        alone = each[-1] == 1
        rarest = columns[self._totals[columns[:-1]].argmin()]
        # Single rows make up for what larger units before them could not divide.
        due = np.maximum(self._shares * units + (self._lacking[:, rarest] if alone else 0), 0)
        due *= units / due.sum()
        whole = np.floor(due + CLOSE).astype(np.int64)
        entitled = self._lacking[:, columns] + np.outer(self._shares * units, each)
        # Large units must above all not tear rare strata; where single rows of one class are left over, all are alike.
        weights = np.ones(2) if alone and len(columns) == 2 else 1 / self._totals[columns]
        self._room -= whole * each[-1]
        more = self._leftovers(due - whole, entitled - np.outer(whole, each), each, weights)
        self._room -= more * each[-1]
        self._lacking[:, columns] = np.round(entitled - np.outer(whole + more, each), DECIMALS)
        return whole + more

    def _leftovers(self, parts: Floats, lacking: Floats, each: Floats, weights: Floats) -> NDArray[np.int64]:
        """The units that are left when each place has its whole ones: at most one more for each that is due a part."""
        given = np.zeros(len(parts), dtype=np.int64)
        for _ in range(round(parts.sum())):
            due = (parts > CLOSE) & (given == 0)
            fits = due & (self._room >= each[-1])
            # Rounded, so that ties are ties on every machine: the first place wins them.
            wants = np.round((lacking * (each * weights)).sum(axis=1), DECIMALS)
            best = np.where(fits if fits.any() else due, wants, -np.inf).argmax()
            given[best] = 1
            lacking[best] -= each
        return given
