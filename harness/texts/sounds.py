"""Recordings as numbers: the bytes of a WAV file to samples of one channel at a wanted rate, and back.

Which files can be read is told by `registry.texts.sounds`.
"""

import io
import math
import wave
from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from registry.texts.sounds import Recording, recording

Samples = NDArray[np.float32]
FULL = {"u1": 2.0**7, "<i2": 2.0**15, "<i3": 2.0**31, "<i4": 2.0**31, "<f4": 1.0, "<f8": 1.0}
"""The number that stands for the loudest sound; three bytes are read as the upper ones of four."""


def samples(audio: bytes, rate: int) -> Samples:
    """(n,) of one channel, the mean of all, `rate` a second, from -1 to 1. ValueError for what is no WAV file."""
    found = recording(audio)
    mono = _numbers(found).reshape(-1, found.channels).mean(axis=1)
    if found.rate != rate and len(mono):
        from scipy.signal import resample_poly

        common = math.gcd(rate, found.rate)
        mono = resample_poly(mono, rate // common, found.rate // common)
    return mono.clip(-1, 1).astype(np.float32)


def _numbers(found: Recording) -> NDArray[np.float64]:
    if found.form == "<i3":
        threes = np.frombuffer(found.samples, dtype=np.uint8).reshape(-1, 3)
        raw = np.pad(threes, ((0, 0), (1, 0))).view("<i4").ravel()
    else:
        raw = np.frombuffer(found.samples, dtype=found.form)
    middle = 128.0 if found.form == "u1" else 0.0
    # What is no number is silence, before it spreads to its neighbours.
    return np.nan_to_num((raw.astype(np.float64) - middle) / FULL[found.form]).clip(-1, 1)


def wav(heard: Samples, rate: int) -> bytes:
    """A WAV file of 16 bits and one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(whole(heard).tobytes())
    return file.getvalue()


def whole(heard: Samples) -> NDArray[np.int16]:
    """Samples as whole numbers of 16 bits."""
    return (heard * (2**15 - 1)).round().astype("<i2")


def seconds(sounds: Iterable[bytes]) -> pl.Series:
    """How long each recording lasts. ValueError for what is no WAV file."""
    return pl.Series([recording(audio).seconds for audio in sounds], dtype=pl.Float64)
