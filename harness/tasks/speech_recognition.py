"""A recording, and what is said in it."""

from typing import Any, ClassVar

import polars as pl

from harness import lines
from harness.examples import Clip, Examples, Input, Texts
from harness.texts import sounds


class SpeechRecognition:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("pocketsphinx", "whisper-tiny-en")

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002
        return Examples(self.inputs(rows, rows.clear()), Texts(tuple(rows["reference"].to_list())))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(map(Clip, rows["audio"].to_list()))

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        """With how long each recording lasts; the recordings themselves stay with the version."""
        heard = lines.of_texts(rows, found, rows["reference"])
        lasting = rows.select("id", audio_seconds=sounds.seconds(rows["audio"]))
        return heard.join(lasting, on="id", how="left", maintain_order="left")
