"""One text, one number."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Examples, Input, Numbers


class TextRegression:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("majority", "tfidf-ridge", "minilm-probe", "minilm-finetune")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002 - there are none
        return Examples(self.inputs(rows, rows.clear()), Numbers(rows["score"].to_numpy()))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(rows["text"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        return lines.of_numbers(rows, found)
