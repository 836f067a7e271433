"""Two texts, one label of a closed set."""

from typing import ClassVar

import polars as pl

from harness import classification
from harness.metric import FloatArray, Metric
from harness.model import Examples, Input, Pair, Prediction


class TextPair:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("majority", "tfidf-logreg", "minilm-probe", "minilm-finetune")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        return Examples(self.inputs(rows), classification.indices(rows["label"], labels))

    def inputs(self, rows: pl.DataFrame) -> tuple[Input, ...]:
        return tuple(map(Pair, rows["text"].to_list(), rows["text_pair"].to_list()))

    def predictions(self, rows: pl.DataFrame, found: Prediction, labels: tuple[str, ...]) -> pl.DataFrame:
        return classification.labelled(rows, found, labels)

    def contributions(self, metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> FloatArray:
        return classification.contributions(metric, predictions, labels)

    def obstacle(self, metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> str | None:
        return classification.obstacle(metric, predictions, labels)
