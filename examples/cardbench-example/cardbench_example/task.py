"""One text, one label of an ordered set, such as stars. The order is that of the card's `labels:`."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Examples, Input, Labels
from harness.scoring import indices
from registry.task import Task


class ForModels:
    """How models see it: the contract of `harness.task`."""

    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("median",)

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:
        return Examples(self.inputs(rows, rows.clear()), Labels(indices(rows["label"], labels)))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002 - part of the contract
        return tuple(rows["text"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:
        return lines.of_labels(rows, found, labels)


class OrdinalClassification(Task):
    """What a card of it must offer: the contract of `registry.task`."""

    inputs = ("text",)
    target, answer = "label", "label"
    metrics = ("rank_distance", "accuracy", "macro_f1")
    default_metrics = ("rank_distance", "accuracy")
    harness = ForModels
