"""A sentence as tokens, a tag for each."""

from typing import Any, ClassVar

import numpy as np
import polars as pl

from harness import lines
from harness.examples import Examples, Input, Tags, Tokens
from harness.scoring import indices


class TokenClassification:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("frequent-tag", "gazetteer", "crf", "minilm-ner")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        flat = indices(rows["tags"].explode(empty_as_null=False), labels)
        ends = np.cumsum(rows["tags"].list.len().to_numpy())
        tags = np.split(flat, ends[:-1]) if rows.height else []
        return Examples(self.inputs(rows, rows.clear()), Tags(tuple(tags)))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(Tokens(tuple(tokens)) for tokens in rows["tokens"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:
        return lines.of_tags(rows, found, labels)
