"""One text, any number of labels of a closed set."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Examples, Input, LabelSets
from harness.scoring import sets


class MultilabelClassification:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("majority", "tfidf-logreg", "minilm-probe", "minilm-finetune")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        return Examples(self.inputs(rows, rows.clear()), LabelSets(sets(rows["labels"], labels)))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(rows["text"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:
        return lines.of_sets(rows, found, labels)
