"""A text and its translation, from the first language of the card to the second."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Examples, Input, Texts


class Translation:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("copy", "translation-memory", "ibm1")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002 - answers are open
        return Examples(self.inputs(rows, rows.clear()), Texts(tuple(rows["reference"].to_list())))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(rows["text"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        return lines.of_texts(rows, found, rows["reference"], rows["text"])
