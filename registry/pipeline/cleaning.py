"""The first pass of a build: what depends on texts alone, for all rows, kept for the next build of the same texts.

Row ops rewrite texts and say which rows they would have leave; table ops say which texts are alike. Labels, votes and
splits are not looked at: when only these change, nothing of this is done again.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.card import OpSpec
from registry.op import Links, RowOp, TableOp, leave
from registry.pipeline.parts import Parts, ahead, budget
from registry.text import MARKS, inputs, marks, same
from registry.texts.spans import COLUMN, misplaced, realigned

Watch = Callable[[int, pl.DataFrame], None]
"""Is shown rows after each step; steps count from 0, which is before the first op."""


class Cleaned(NamedTuple):
    """`parts`: the rows in order of id with their last texts, and with `_left_at` and `_reason` where a step has them
    leave: 0 for rows without a text, n for the nth op, one more for rows that lost their text.
    """

    parts: Parts
    links: dict[int, Links]
    """Of each table op, by its place in the card."""
    same: pl.Series
    """For each row the place of the first row with the same last text."""


class _Part(NamedTuple):
    rows: pl.DataFrame
    keys: dict[int, pl.DataFrame]
    marks: pl.DataFrame


def file_name(number: int) -> str:
    """What the file of a part is called."""
    return f"rows-{number:05}.parquet"


def unwatched(step: int, rows: pl.DataFrame) -> None:
    """Nobody looks."""


def clean(rows: Parts, ops: Sequence[OpSpec], folder: Path | None = None, watch: Watch = unwatched) -> Cleaned:
    """The rows after all row ops, and what the table ops found.

    With a `folder` every part is written there, and what is too much for memory is there alone.
    """
    keys: dict[int, list[pl.DataFrame]] = {}
    last: list[pl.DataFrame] = []

    def cleaned(number: int) -> _Part:
        part = _clean(rows.part(number), ops, watch)
        if folder:
            part.rows.write_parquet(folder / file_name(number), compression="lz4")
        return part

    held = list[pl.DataFrame | Path]()
    for part in ahead(cleaned, range(len(rows.held))):
        for place, found in part.keys.items():
            keys.setdefault(place, []).append(found)
        last.append(part.marks)
        held.append(part.rows)
        if folder and sum(one.estimated_size() for one in held if isinstance(one, pl.DataFrame)) > budget() // 8:
            held = [folder / file_name(number) for number in range(len(held))]
    links = {place: ops[place - 1].op.links(pl.concat(found, rechunk=True)) for place, found in keys.items()}
    return Cleaned(Parts(tuple(held)), links, same(pl.concat(last, rechunk=True)))


def _clean(part: pl.DataFrame, ops: Sequence[OpSpec], watch: Watch) -> _Part:
    part = part.with_columns(_reason=pl.lit(None, dtype=pl.String), _left_at=pl.lit(None, dtype=pl.Int16))
    part = _without_text(part)
    if COLUMN in part.columns:
        part = part.with_columns(leave(misplaced(), "a span is not within its text"))
    part = _stamped(part, 0)
    watch(0, part)
    keys, marked = dict[int, pl.DataFrame](), None
    for place, spec in enumerate(ops, 1):
        if isinstance(spec.op, TableOp):
            keys[place] = spec.op.keys(part)
            marked = keys[place] if keys[place].columns == MARKS else marked
        else:
            before = part
            part = _stamped(_applied(spec, part), place)
            marked = marked if marked is not None and _same_texts(before, part) else None
        watch(place, part)
    part = _stamped(_without_text(part), len(ops) + 1)
    return _Part(part, keys, marks(part) if marked is None else marked)


def _same_texts(before: pl.DataFrame, after: pl.DataFrame) -> bool:
    """Comparing texts costs a tenth of marking them."""
    return all(before[name].equals(after[name]) for name in inputs(after))


def _applied(spec: OpSpec, part: pl.DataFrame) -> pl.DataFrame:
    """RuntimeError where an op deleted, repeated or moved a row: then kept and dropped would not add up to read."""
    op: RowOp = spec.op
    after = op.apply(part)
    if not after["id"].equals(part["id"]):
        raise RuntimeError(f"{spec.name} changed which rows there are: {part.height:,} before, {after.height:,} after")
    return realigned(op, spec.name, part, after)


def _stamped(part: pl.DataFrame, place: int) -> pl.DataFrame:
    if part["_reason"].null_count() == part["_left_at"].null_count():
        return part
    new = pl.col("_reason").is_not_null() & pl.col("_left_at").is_null()
    return part.with_columns(_left_at=pl.when(new).then(pl.lit(place, dtype=pl.Int16)).otherwise("_left_at"))


def _without_text(part: pl.DataFrame) -> pl.DataFrame:
    """Rows that lack what the task reads leave."""
    for name in inputs(part):
        text = pl.col(name)
        part = part.with_columns(leave(~text.str.contains(r"\S").fill_null(value=False), f"no {name}"))
    return part
