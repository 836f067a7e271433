"""The contract of a cleaning op: it rewrites texts or gives a reason to leave; it never deletes a row.

There are two kinds. A row op looks at each row for itself; a table op compares rows. A build cleans in two passes: the
first takes what depends on texts alone, in parts and kept for the next build; the second, over narrow rows, decides
what depends on labels, votes and splits.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, runtime_checkable

import polars as pl

Links = Mapping[str, pl.DataFrame]
"""What a table op found out about all texts together, by names of its own choice."""


class Op(Protocol):
    """A frozen value, written in a card under `clean`. `version` changes when its results do."""

    version: ClassVar[int]
    libraries: ClassVar[tuple[str, ...]]
    """Distributions whose version can change results, beyond those that every build uses; they go into the manifest."""
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]]
    """Worked examples that a shared test runs: parameters, a text, and what becomes of it (None: it leaves)."""


@runtime_checkable
class RowOp(Op, Protocol):
    """Looks at each row for itself, so that it may be given the rows in parts of any size."""

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows in the same order, with texts rewritten or reasons given. They carry `id`, the columns of
        `registry.text.inputs` and `_reason`, which is null while a row stays; a row that has one gets no second.
        """


@runtime_checkable
class TableOp(Op, Protocol):
    """Compares rows with each other. What it learns of texts must not depend on labels, votes or splits."""

    def keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """What it compares, one line a row in the same order; rows as for a row op, in parts. No columns: nothing."""

    def links(self, keys: pl.DataFrame) -> Links:
        """What the keys of all rows together say, line n being row n. Kept, so that other labels need no new ones."""

    def settle(self, rows: pl.DataFrame, links: Links) -> pl.DataFrame:
        """All rows, in order of id, without their texts: `id`, `label` (null where rules give none), `group` and
        `votes` where there are any, `_split` (null where the method places rows after cleaning), `_reason`,
        `_duplicate_of` (who stays in a row's place), `_similarity` (how like that one it is, from 0 to 1) and
        `_cluster` (rows that belong into one split; null: alone).
        Gives reasons, labels, votes and clusters; keeps the order.
        """


def staying() -> pl.Expr:
    """Which rows have no reason to leave yet."""
    return pl.col("_reason").is_null()


def leave(where: pl.Expr, reason: str) -> pl.Expr:
    """`_reason` with `reason` for the staying rows that `where` names."""
    return pl.when(staying() & where).then(pl.lit(reason)).otherwise(pl.col("_reason")).alias("_reason")
