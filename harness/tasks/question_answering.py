"""A question and a passage; the answer is a part of the passage, or there is none."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Examples, Input, Question, References


class QuestionAnswering:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("sentence-overlap", "sentence-bm25", "minilm-finetune")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002 - answers are open
        answers = References(tuple(tuple(texts) for texts in rows["answers"].to_list()))
        return Examples(self.inputs(rows, rows.clear()), answers)

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(map(Question, rows["question"].to_list(), rows["text"].to_list()))

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        return lines.of_texts(rows, found, rows["answers"])
