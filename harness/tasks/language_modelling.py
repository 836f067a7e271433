"""Texts alone: how surprising a model finds each, as nats beside the bytes of its UTF-8."""

from typing import Any, ClassVar

import numpy as np
import polars as pl

from harness import lines
from harness.examples import Examples, Input, Likelihoods, Nothing


class LanguageModelling:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("ngram-lm",)

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002 - there are none
        return Examples(self.inputs(rows, rows.clear()), Nothing(rows.height))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(rows["text"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        given = lines.checked(found, Likelihoods, rows.height)
        if not (np.isfinite(given.nats) & (given.nats >= 0)).all():
            raise lines.Unusable("the model answered with what is no surprise in nats: a finite number, 0 or above")
        return pl.DataFrame(
            {"id": rows["id"], "bytes": rows["text"].str.len_bytes().cast(pl.Int64), "nats": given.nats}
        ).sort("id")
