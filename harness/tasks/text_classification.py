"""One text, one label of a closed set."""

from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.metric import FloatArray, IntArray, Metric
from harness.model import Examples, Prediction


class TextClassification:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = (
        "majority",
        "vader-lexicon",
        "tfidf-logreg",
        "minilm-probe",
        "minilm-finetune",
    )

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        return Examples(tuple(rows["text"].to_list()), _indices(rows["label"], labels))

    def inputs(self, rows: pl.DataFrame) -> tuple[str, ...]:
        return tuple(rows["text"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Prediction, labels: tuple[str, ...]) -> pl.DataFrame:
        if len(found.labels) != rows.height:
            raise ValueError(f"the model answered {len(found.labels)} of {rows.height} rows")
        if not np.isin(found.labels, np.arange(len(labels))).all():
            raise ValueError("the model answered with a label outside the card's set")
        columns = {"id": rows["id"], "gold": rows["label"], "predicted": np.asarray(labels)[found.labels]}
        frame = pl.DataFrame(columns)
        if found.probabilities is not None:
            frame = frame.with_columns(probabilities=_lists(found.probabilities))
        return frame.sort("id")

    def contributions(self, metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> FloatArray:
        gold, predicted = _indices(predictions["gold"], labels), _indices(predictions["predicted"], labels)
        return metric.contributions(gold, predicted, len(labels))

    def obstacle(self, metric: Metric, predictions: pl.DataFrame, labels: tuple[str, ...]) -> str | None:
        return metric.obstacle(_indices(predictions["gold"], labels), labels)


def _lists(probabilities: FloatArray | NDArray[np.float32]) -> pl.Series:
    """(n, labels) as one list a row, without Python lists in between."""
    return pl.Series(np.ascontiguousarray(probabilities, dtype=np.float32)).cast(pl.List(pl.Float32))


def _indices(names: pl.Series, labels: tuple[str, ...]) -> IntArray:
    """Label names to their index in the label set."""
    return names.replace_strict(list(labels), list(range(len(labels))), return_dtype=pl.Int64).to_numpy()
