"""A text, and a recording of it being said. A recogniser hears the recording; what it heard is scored."""

from typing import Any, ClassVar, cast

import polars as pl

from harness import lines
from harness.examples import Answers, Examples, Input, Nothing, Sounds
from harness.model import Setting
from harness.texts import sounds
from registry.errors import UserError

HEARD = "en"
"""The language that the recogniser knows."""


class SpeechSynthesis:
    version: ClassVar[int] = 1
    default_models: ClassVar[tuple[str, ...]] = ("espeak-ng",)
    judge: ClassVar[str] = "whisper-tiny-en"
    """PocketSphinx would not do: in synthetic speech it mistakes five words of six."""

    def examples(self, rows: pl.DataFrame, labels: tuple[str, ...]) -> Examples:  # noqa: ARG002
        return Examples(self.inputs(rows, rows.clear()), Nothing(rows.height))

    def inputs(self, rows: pl.DataFrame, past: pl.DataFrame) -> tuple[Input, ...]:  # noqa: ARG002
        return tuple(rows["text"].to_list())

    def predictions(self, rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002
        """id, the text as gold, how long the recording lasts and how long it took to make, and how long a person took
        to read it, where the card knows that. What is heard in it is added by `judged`."""
        made = lines.checked(found, Sounds, rows.height)
        columns = {"audio_seconds": sounds.seconds(made.audio), "seconds": made.seconds}
        if "seconds" in rows.columns:
            columns["reference_seconds"] = rows["seconds"]
        return pl.DataFrame({"id": rows["id"], "gold": rows["text"], **columns}).sort("id")

    def judged(self, rows: pl.DataFrame, lines: pl.DataFrame, found: Answers, setting: Setting) -> pl.DataFrame:
        """The lines with what Whisper hears as `predicted`; null where it cannot listen, and why."""
        try:
            heard = self._heard(cast("Sounds", found).audio, setting)
        except UserError as error:
            why = f"nothing hears what was said: {error.what}. {error.do}"
            return lines.with_columns(predicted=pl.lit(None, dtype=pl.String), predicted_lacking=pl.lit(why))
        column = rows.select("id", predicted=pl.Series(heard, dtype=pl.String))
        return lines.join(column, on="id", how="left", maintain_order="left")

    def _heard(self, said: tuple[bytes, ...], setting: Setting) -> list[str]:
        """What is heard in each recording. UserError where nothing can listen."""
        other = [language for language in setting.languages if language.partition("-")[0] != HEARD]
        if other:
            raise UserError(f"{self.judge} knows English only, and the card is in {', '.join(other)}")
        if setting.weights is None:
            raise UserError(f"{self.judge} is not fetched", do=f"Run `bench fetch {self.judge}`, then run this again.")
        from harness.training.machine import Machine
        from harness.training.whisper import Terms, load, transcript

        listener = load(setting.weights, Machine(setting.device.kind, "fp32"), Terms(HEARD))
        heard = []
        with setting.progress.step("hear what was said", len(said), "recordings") as step:
            for audio in said:
                heard.append(transcript(listener, audio))
                step.advance()
        return heard
