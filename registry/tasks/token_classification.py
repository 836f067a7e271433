"""A sentence as tokens, a tag for each: names, parts of speech, word boundaries."""

from typing import ClassVar

import polars as pl

from registry.task import Task


class TokenClassification(Task):
    inputs = ("text",)
    carried = ("tokens",)
    derived: ClassVar[dict[str, pl.Expr]] = {"text": pl.col("tokens").cast(pl.List(pl.String)).list.join(" ")}
    target, answer = "tags", "tags"
    rewritable = False
    metrics = ("entity_f1", "entity_f1_partial", "tag_accuracy", "tag_macro_f1")
    default_metrics = ("entity_f1", "entity_f1_partial", "tag_accuracy")
