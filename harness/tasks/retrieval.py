"""A query, and documents of a collection that are relevant to it, in grades; or candidates to be put in order."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Examples, Input, Query, Rankings, Relevance


class Retrieval:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("overlap-search", "tfidf-search", "bm25", "minilm-embedding")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002 - documents, no labels
        judged = ({one["document"]: one["grade"] for one in found} for found in rows["relevant"].to_list())
        return Examples(self.inputs(rows, rows.clear()), Relevance(tuple(judged)))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(map(Query, rows["text"].to_list(), _candidates(rows)))

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        given = lines.checked(found, Rankings, rows.height)
        for row, candidates, ranking in zip(rows["id"], _candidates(rows), given.documents, strict=True):
            if candidates is not None and not set(ranking) <= set(candidates):
                raise lines.Unusable(f"the model ranked what is no candidate (row {row})")
        return lines.of_rankings(rows["id"], rows["relevant"], given)


def _candidates(rows: pl.DataFrame) -> list[tuple[str, ...] | None]:
    if "candidates" not in rows.columns:
        return [None] * rows.height
    return [None if found is None else tuple(found) for found in rows["candidates"].to_list()]
