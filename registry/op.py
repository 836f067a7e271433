"""The contract of a cleaning op: it rewrites columns or gives a reason to leave; it never deletes a row.

Rows carry, besides the card's columns: `_key` (what the split hangs on), `_split`, and `_reason`, which is
null while a row stays. An op leaves rows that have a reason as they are.
"""

from typing import Any, ClassVar, Protocol

import polars as pl


class Op(Protocol):
    """A frozen value, written in a card under `clean`. `version` changes when its results do."""

    version: ClassVar[int]
    examples: ClassVar[tuple[tuple[dict[str, Any], dict[str, Any]], ...]]
    """Worked examples: (parameters and texts in, texts out or reasons) that a shared test runs."""

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame: ...


def staying() -> pl.Expr:
    """Which rows have no reason to leave yet."""
    return pl.col("_reason").is_null()


def leave(where: pl.Expr, reason: str) -> pl.Expr:
    """`_reason` with `reason` for the staying rows that `where` names."""
    return pl.when(staying() & where).then(pl.lit(reason)).otherwise(pl.col("_reason")).alias("_reason")
