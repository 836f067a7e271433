"""A table in parts: in memory while it is small, on disk above that, and in order of id where that is asked for.

Owns how much memory a build takes for rows. What is done to the parts is decided elsewhere, and never depends on
where one ends.
"""

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate, count
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyarrow.parquet as pq

from registry.errors import UserError

MEMORY = "BENCH_MEMORY"
"""The environment variable that says how much memory a build may take, such as 2GB."""

DEFAULT = 2 << 30
ROWS = 1 << 17
"""Rows of a part at most."""

Item = TypeVar("Item")
Result = TypeVar("Result")
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def budget() -> int:
    """Bytes that a build may take, in all. UserError where the variable holds no size."""
    written = os.environ.get(MEMORY, "").strip()
    if not written:
        return DEFAULT
    size = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMG]i?B)", written, re.IGNORECASE)
    if size is None:
        raise UserError(f'{MEMORY} is "{written}", which is no size', do="Write for instance 2GB or 512MiB.")
    return int(float(size[1]) * _UNITS[size[2].upper()])


@dataclass(frozen=True)
class Parts:
    """The parts of one table, in order, each a frame or the Parquet file that holds it."""

    held: tuple[pl.DataFrame | Path, ...]
    types: Mapping[str, pl.DataType] = field(default_factory=dict)
    """The columns of all parts where those of some parts are fewer or narrower; empty where all are alike."""

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return (self._opened(part) for part in self.held)

    def part(self, number: int) -> pl.DataFrame:
        """One part, from 0."""
        return self._opened(self.held[number])

    def _opened(self, part: pl.DataFrame | Path) -> pl.DataFrame:
        frame = part if isinstance(part, pl.DataFrame) else pl.read_parquet(part, glob=False)
        if not self.types:
            return frame
        lacking = [pl.lit(None).alias(name) for name in self.types if name not in frame.columns]
        return frame.with_columns(lacking).select(pl.col(name).cast(dtype) for name, dtype in self.types.items())

    @property
    def heights(self) -> tuple[int, ...]:
        """Rows of each part."""
        return tuple(
            part.height if isinstance(part, pl.DataFrame) else pq.read_metadata(part).num_rows for part in self.held
        )

    def schemas(self) -> list[pl.Schema]:
        """The columns of each part as it is held."""
        return [
            part.schema if isinstance(part, pl.DataFrame) else pl.Schema(pl.read_parquet_schema(part))
            for part in self.held
        ]

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of all rows, in memory."""
        found = [
            part.select(names)
            if isinstance(part, pl.DataFrame)
            else pl.read_parquet(part, columns=list(names), glob=False)
            for part in self.held
        ]
        return pl.concat(found, rechunk=True)

    def beside(
        self, others: pl.DataFrame, function: Callable[[pl.DataFrame, pl.DataFrame], Result]
    ) -> Iterator[Result]:
        """What `function` makes of each part and the rows of `others` that are in its place; works as `each`."""
        ends = list(accumulate(self.heights))
        slices = (others.slice(end - height, height) for end, height in zip(ends, self.heights, strict=True))
        pairs = zip(self.held, slices, strict=True)
        yield from ahead(lambda pair: function(self._opened(pair[0]), pair[1]), pairs)

    def each(self, function: Callable[[pl.DataFrame], Result]) -> Iterator[Result]:
        """What `function` makes of each part, in order; several threads work, a few parts ahead."""
        yield from ahead(lambda part: function(self._opened(part)), self.held)


def ahead(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """What `function` makes of each item, in order; several threads work, a few items ahead."""
    workers, waiting = max(1, min(os.cpu_count() or 1, 8)), deque[Future[Result]]()
    with ThreadPoolExecutor(workers) as pool:
        for item in items:
            if len(waiting) > workers:
                yield waiting.popleft().result()
            waiting.append(pool.submit(function, item))
        while waiting:
            yield waiting.popleft().result()


def in_memory(frame: pl.DataFrame) -> Parts:
    """A table that is there already; at least one part, if an empty one."""
    return Parts(tuple(frame.iter_slices(ROWS)) or (frame,))


def gathered(frames: Iterable[pl.DataFrame], folder: Path) -> Parts:
    """The frames as parts of one table: in memory, or all in `folder` from the first one that is too many."""
    held: list[pl.DataFrame | Path] = []
    names, size, most = count(), 0, budget() // 8
    for frame in frames:
        size += int(frame.estimated_size())
        if size > most:
            held = [_put(part, folder, next(names)) if isinstance(part, pl.DataFrame) else part for part in held]
            held.append(_put(frame, folder, next(names)))
        else:
            held.append(frame)
    return Parts(tuple(held))


def ordered(frames: Iterable[pl.DataFrame], folder: Path) -> Iterator[pl.DataFrame]:
    """The rows of all frames in order of `id`; rows with one id come in one frame. Needs at least one frame.

    What does not fit into memory goes to `folder` in sorted runs, which then are read side by side.
    """
    runs, held, names, size, most = list[Path](), list[pl.DataFrame](), count(), 0, budget() // 6
    for frame in frames:
        held.append(frame)
        size += int(frame.estimated_size())
        if size > most:
            runs.append(_put(pl.concat(held).sort("id"), folder, next(names)))
            held, size = [], 0
    if not runs:
        yield from _slices(pl.concat(held).sort("id"))
        return
    if held:
        runs.append(_put(pl.concat(held).sort("id"), folder, next(names)))
        held = []
    yield from merged(tuple(runs))


def merged(runs: Sequence[Path], names: Sequence[str] = ()) -> Iterator[pl.DataFrame]:
    """The rows of Parquet files that are sorted by `id` each, in order of `id`; rows with one id come in one frame.

    `names` say of each file what its rows have in the column `split`. Files without rows give nothing.
    """
    if sum(_size(run) for run in runs) <= budget() // 8:
        whole = [pl.read_parquet(run, glob=False) for run in runs]
        yield from (frame for frame in _slices(pl.concat(_named(whole, names)).sort("id")) if frame.height)
        return
    ids = [pl.read_parquet(run, columns=["id"], glob=False)["id"] for run in runs]
    share = 4 * len(runs)
    marks = pl.concat([one.gather_every(ROWS // share) for one in ids]).sort()
    bounds = marks.gather_every(share).unique(maintain_order=True).to_list()[1:]
    starts = [0] * len(runs)
    for bound in [*bounds, None]:
        ends = [len(one) if bound is None else int(one.search_sorted(bound, side="left")) for one in ids]
        found = [
            pl.scan_parquet(run, glob=False).slice(start, end - start).collect()
            for run, start, end in zip(runs, starts, ends, strict=True)
        ]
        starts = ends
        frame = pl.concat(_named(found, names))
        if frame.height:
            yield frame.sort("id")


def _named(frames: list[pl.DataFrame], names: Sequence[str]) -> list[pl.DataFrame]:
    pairs = zip(frames, names, strict=True) if names else ()
    return [frame.with_columns(split=pl.lit(name)) for frame, name in pairs] or frames


def _size(path: Path) -> int:
    """Bytes of a Parquet file's values, not compressed."""
    groups = pq.read_metadata(path)
    return sum(groups.row_group(number).total_byte_size for number in range(groups.num_row_groups))


def _slices(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Parts of a sorted frame; no id stands in two of them."""
    ids, start = frame["id"], 0
    while start < frame.height:
        end = min(start + ROWS, frame.height)
        if end < frame.height:
            end = int(ids.search_sorted(ids[end - 1], side="right"))
        yield frame.slice(start, end - start)
        start = end
    if not frame.height:
        yield frame


def _put(frame: pl.DataFrame, folder: Path, number: int) -> Path:
    path = folder / f"{number:05}.parquet"
    frame.write_parquet(path, compression="lz4", row_group_size=ROWS // 4)
    return path
