"""A recording and what is said in it."""

from typing import ClassVar

import polars as pl

from registry.task import Task
from registry.texts.sounds import mark


class SpeechRecognition(Task):
    inputs = ("clip",)
    carried = ("audio",)
    derived: ClassVar[dict[str, pl.Expr]] = {"clip": mark("audio")}
    target, answer = "reference", "text"
    rewritable = False
    metrics = ("wer", "cer", "real_time_factor")
    default_metrics = ("wer", "cer", "real_time_factor")
