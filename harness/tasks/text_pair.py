"""Two texts, one label of a closed set."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Examples, Input, Labels, Pair
from harness.scoring import indices


class TextPair:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = (
        "majority",
        "word-overlap",
        "tfidf-cosine",
        "tfidf-logreg",
        "minilm-probe",
        "minilm-finetune",
    )

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        return Examples(self.inputs(rows, rows.clear()), Labels(indices(rows["label"], labels)))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(map(Pair, rows["text"].to_list(), rows["text_pair"].to_list()))

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:
        return lines.of_labels(rows, found, labels)
