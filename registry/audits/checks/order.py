"""What no published version may have: an id, text or group in two splits, and a split that is later than the next."""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl

from registry.audits.finding import FOUND, Bound, Finding, finding
from registry.frozen import Frozen
from registry.split import SPLITS


class Order(Frozen):
    """Proved in every build already; here with the rows, and for versions that were made elsewhere."""

    version: ClassVar[int] = 1
    violation: ClassVar[bool] = True
    says: ClassVar[str] = (
        "{found} of {looked_at} rows share an id, text or group with another split, or are out of the order of time"
    )
    at_most: Bound = None

    def find(self, rows: pl.DataFrame, extra: pl.DataFrame | None = None) -> Finding:  # noqa: ARG002 - published alone
        found = [*_torn(rows), *_early(rows)]
        lacking = " and ".join(name for name in ("group", "time") if name not in rows.columns)
        return finding(
            pl.concat(found) if found else pl.DataFrame(schema=FOUND),
            rows.height,
            f"no column {lacking}, so nothing to hold together or apart by it" if lacking else "",
        )


def _torn(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows whose id, text or group stands in a stricter split too, each with one of that split."""
    for column, name in (("id", "id"), ("_text", "text"), ("group", "group")):
        if column not in rows.columns:
            continue
        values = rows.select("id", "split", value=column).drop_nulls("value").with_columns(_rank())
        strictest = values.sort("rank", "id", descending=[True, False]).unique("value", keep="first")
        other = strictest.select("value", other="id", other_split="split", strictest="rank")
        torn = values.join(other, on="value").filter(pl.col("rank") < pl.col("strictest"))
        yield torn.select(*_told(f"the same {name} in {{}}"))


def _early(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows of a split that are later than the first row of a later split."""
    if "time" not in rows.columns:
        return
    timed = rows.select("id", "split", "time").drop_nulls("time").with_columns(_rank()).sort("time", "id")
    first = timed.unique("split", keep="first", maintain_order=True)
    later = timed.join(
        first.select(other="id", other_split="split", since="time", strictest="rank"), how="cross"
    ).filter(pl.col("rank") < pl.col("strictest"), pl.col("time") > pl.col("since"))
    worst = later.sort("since").unique("id", keep="first", maintain_order=True)
    yield worst.select(*_told("later than the first row of {}"))


def _rank() -> pl.Expr:
    places = {name: place for place, name in enumerate(SPLITS)}
    return pl.col("split").replace_strict(places, return_dtype=pl.Int8).alias("rank")


def _told(why: str) -> list[pl.Expr]:
    return [
        pl.lit(1.0).alias("measure"),
        pl.format(why, "other_split").alias("why"),
        *(pl.col(name) for name in ("id", "split", "other", "other_split")),
    ]
