"""What users choose next. A line is a user of the evaluated split, not a row: what he chose there is the gold.

What a user may be judged by is what train and validation hold of him, in order of time where the rows have it. Users
whom neither knows are asked about like all others, with an empty history. No pair of user and item is in two splits, so
that nobody chose before what counts as gold; of choices that a user made again and again, `select:` takes one.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import polars as pl

from harness import lines
from harness.examples import Examples, History, Input, Nothing, Rankings
from registry.targets.relevant import JUDGED


class Recommendation:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("popularity", "item-knn", "matrix-factorisation")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002 - items, no labels
        histories = self.inputs(rows, rows)
        return Examples(histories, Nothing(len(histories)))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:
        """One history for each user of the rows, in order of users."""
        timed = past.sort("time", "id") if "time" in past.columns else past
        rating = pl.col("rating").cast(pl.Float64) if "rating" in past.columns else pl.lit(1.0)
        told = timed.select("user", "item", weight=rating).group_by("user", maintain_order=True).agg("item", "weight")
        found = {user: History(user, tuple(items), tuple(weights)) for user, items, weights in told.iter_rows()}
        return tuple(found.get(user, History(user, (), ())) for user in _users(rows)["user"])

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        users = _users(rows)
        given = lines.checked(found, Rankings, users.height)
        gold = users["item"].to_list()
        areas = [area(set(chosen), ranking) for chosen, ranking in zip(gold, given.documents, strict=True)]
        grades = [[{"document": item, "grade": 1} for item in chosen] for chosen in gold]
        told = lines.of_rankings(users["user"], pl.Series(grades, dtype=pl.List(JUDGED)), given)
        return told.with_columns(pl.Series("ranking_auc", areas, dtype=pl.Float64))


def area(chosen: set[str], ranking: Sequence[str]) -> float | None:
    """The share of pairs, one item that was chosen and one that was not, in which the first stands before the other.

    None where a ranking lacks something that was chosen, and is therefore not whole; and where there are no pairs.
    """
    hits = np.isin(np.array(ranking, dtype=object), list(chosen))
    others = np.count_nonzero(~hits)
    if np.count_nonzero(hits) < len(chosen) or not others or not chosen:
        return None
    before = np.cumsum(~hits)[hits]
    return float(1 - before.mean() / others)


def _users(rows: pl.DataFrame) -> pl.DataFrame:
    """Each user with what he chose, both in order."""
    return rows.group_by("user").agg(pl.col("item").unique().sort()).sort("user")
