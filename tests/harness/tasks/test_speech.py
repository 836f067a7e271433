"""Predictions of what was said, and of saying it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from harness.device import Device
from harness.examples import Clip, Sounds, Texts
from harness.kinds import METRICS
from harness.model import Setting
from harness.scoring import computed
from harness.tasks.speech_recognition import SpeechRecognition
from harness.tasks.speech_synthesis import SpeechSynthesis
from registry.progress import Silent
from tests.wavs import tone

CLIPS = pl.DataFrame({"id": ["b", "a"], "audio": [tone(1), tone(3)], "reference": ["ten of clubs", "five"]})
TEXTS = pl.DataFrame({"id": ["b", "a"], "text": ["ten of clubs", "five"], "seconds": [2.0, 1.0]})
SETTING = Setting("speech-synthesis", (), ("en",), 1, Device("cpu", "fp32"), Silent(), weights=Path("whisper"))
SAID = Sounds((tone(1), tone(2)), np.array([0.1, 0.2]))


def of(lines: pl.DataFrame, name: str) -> float:
    return computed(METRICS.get(name)(), lines, ()).value


def why(lines: pl.DataFrame, name: str) -> str:
    return computed(METRICS.get(name)(), lines, ())


def test_a_model_sees_recordings_and_is_scored_on_words_and_on_time():
    task = SpeechRecognition()
    assert task.inputs(CLIPS, CLIPS.clear()) == (Clip(tone(1)), Clip(tone(3)))
    lines = task.predictions(CLIPS, Texts(("tent of clubs", "five"), np.array([0.5, 1.5])), ())
    assert lines["id"].to_list() == ["a", "b"]
    assert lines["audio_seconds"].to_list() == [3.0, 1.0]
    assert "audio" not in lines.columns
    assert (of(lines, "wer"), of(lines, "real_time_factor")) == (1 / 4, 0.5)


def test_a_model_that_does_not_say_how_long_it_took_has_no_speed():
    lines = SpeechRecognition().predictions(CLIPS, Texts(("", "")), ())
    assert why(lines, "real_time_factor") == "the model does not say how long it took"
    assert of(lines, "wer") == 1.0


def test_recordings_are_measured_against_those_of_people():
    lines = SpeechSynthesis().predictions(TEXTS, SAID, ())
    assert lines.columns == ["id", "gold", "audio_seconds", "seconds", "reference_seconds"]
    assert (of(lines, "duration_error"), of(lines, "real_time_factor")) == (2 / 3, pytest.approx(0.1))
    bare = SpeechSynthesis().predictions(TEXTS.drop("seconds"), SAID, ())
    assert why(bare, "duration_error") == "the card has no recordings to compare with"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"languages": ("zh",)}, "whisper-tiny-en knows English only, and the card is in zh"),
        ({"weights": None}, "whisper-tiny-en is not fetched. Run `bench fetch whisper-tiny-en`"),
    ],
)
def test_where_nothing_can_hear_there_is_no_word_error_rate_and_the_reason_is_told(changes, told):
    task = SpeechSynthesis()
    lines = task.judged(TEXTS, task.predictions(TEXTS, SAID, ()), SAID, replace(SETTING, **changes))
    assert why(lines, "wer").startswith(f"nothing hears what was said: {told}")
    assert lines["predicted"].null_count() == 2
    assert of(lines, "real_time_factor") == pytest.approx(0.1)


def test_what_is_no_recording_fails_the_run():
    with pytest.raises(ValueError, match="is no WAV file"):
        SpeechSynthesis().predictions(TEXTS, Sounds((b"noise", tone(1)), np.zeros(2)), ())
    with pytest.raises(ValueError, match="answered 1 of 2 rows"):
        SpeechSynthesis().predictions(TEXTS, Sounds((tone(1),), np.zeros(1)), ())
    with pytest.raises(ValueError, match=r"with Texts .*, the task asks for Sounds"):
        SpeechSynthesis().predictions(TEXTS, Texts(("a", "b")), ())
