"""What each cleaning op costs as rows grow: linear is 2.0 for twice the rows.

Run as `python -m benchmarks.ops [--rows N] [OP...]` from the root of the repository. Every op runs with the parameters
of its last worked example on the rows of `benchmarks.materialise`, N, 2N and 4N of them. Prints rows a second of
processor time, and the growth from 2N to 4N; medians of 3.
"""

import argparse
import json
import time
from itertools import islice
from statistics import median

import polars as pl

from benchmarks.materialise import rows
from registry.kinds import OPS
from registry.op import RowOp, TableOp


def table(count: int) -> pl.DataFrame:
    """Rows as a build hands them to an op that settles; a row op looks at fewer of the columns."""
    found = pl.DataFrame([json.loads(line) for line in islice(rows(count), count)])
    empty = pl.lit(None, dtype=pl.String)
    return found.with_columns(
        id=pl.int_range(pl.len()).cast(pl.String).str.zfill(9),
        _split=pl.lit("train"),
        _reason=empty,
        _duplicate_of=empty,
        _cluster=empty,
        _similarity=pl.lit(None, dtype=pl.Float64),
    ).sort("id")


def seconds(op: RowOp | TableOp, frame: pl.DataFrame) -> float:
    """The median processor time of an op over all rows, after one run that is not counted."""
    times = []
    for _ in range(4):
        start = time.process_time()
        if isinstance(op, TableOp):
            op.settle(frame.drop("text"), op.links(op.keys(frame)))
        else:
            op.apply(frame)
        times.append(time.process_time() - start)
    return median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ops", nargs="*")
    parser.add_argument("--rows", type=int, default=25_000)
    asked = parser.parse_args()
    largest = table(4 * asked.rows)
    for name in asked.ops or OPS.own():
        kind = OPS.get(name)
        if not kind.examples:
            continue  # it compares with another card, and is the op that it uses for that
        op = kind(**kind.examples[-1][0])
        took = [seconds(op, largest.head(asked.rows * times)) for times in (1, 2, 4)]
        print(f"{name:20} {4 * asked.rows / took[2]:12,.0f} rows/s   {took[2] / took[1]:5.2f} times for twice the rows")


if __name__ == "__main__":
    main()
