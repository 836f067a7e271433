"""The contract of a cleaning op: it rewrites columns or gives a reason to leave; it never deletes a row.

Rows carry `id`, `text`, `label` (null where rules give none), `votes` where there are any, `_split`, `_duplicate_of`
and `_reason`, which is null while a row stays. An op gives no second reason to a row that has one.
"""

from typing import Any, ClassVar, Protocol

import polars as pl


class Op(Protocol):
    """A frozen value, written in a card under `clean`. `version` changes when its results do."""

    version: ClassVar[int]
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]]
    """Worked examples that a shared test runs: parameters, a text, and what becomes of it (None: it leaves)."""

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame: ...


def staying() -> pl.Expr:
    """Which rows have no reason to leave yet."""
    return pl.col("_reason").is_null()


def leave(where: pl.Expr, reason: str) -> pl.Expr:
    """`_reason` with `reason` for the staying rows that `where` names."""
    return pl.when(staying() & where).then(pl.lit(reason)).otherwise(pl.col("_reason")).alias("_reason")
