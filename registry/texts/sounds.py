"""Recordings in rows: what tells one from another, and how the samples of a WAV file lie in its bytes.

Read is what recordings of speech come in: whole numbers of 8, 16, 24 or 32 bits and floating point, uncompressed, with
any number of channels. The header is read here and not by Python's `wave`, which takes other files in each version.
"""

import hashlib
import struct
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from registry.errors import plural

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
FORMS = {
    (PCM, 8): "u1",
    (PCM, 16): "<i2",
    (PCM, 24): "<i3",
    (PCM, 32): "<i4",
    (FLOAT, 32): "<f4",
    (FLOAT, 64): "<f8",
}
"""Written as numpy does, which has no <i3: three bytes, the lowest first."""
OTHERS = {b"fLaC": "FLAC", b"OggS": "Ogg", b"ID3": "MP3", b"\xff\xfb": "MP3", b"NIST": "NIST SPHERE", b"FORM": "AIFF"}
"""By how files begin that are often taken for WAV."""
ENDLESS = 0x7FFF0000
"""A length from here on is what programs write that do not know how much will follow."""
RATES, CHANNELS = range(1_000, 192_001), range(1, 65)
LONGEST = 3_600
"""Seconds. At a low rate a small file would last for days, and fill the memory of whatever hears it."""


class Recording(NamedTuple):
    """How a recording is written, and its samples, all channels of a frame side by side."""

    rate: int
    """Frames a second."""
    channels: int
    form: str
    """One of FORMS."""
    samples: bytes

    @property
    def seconds(self) -> float:
        return len(self.samples) / (self.rate * self.channels * int(self.form[-1]))


def recording(data: bytes) -> Recording:
    """What a WAV file holds. ValueError says why bytes are none that can be read."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        other = next((f": it begins as {name} does" for magic, name in OTHERS.items() if data.startswith(magic)), "")
        raise ValueError(f"is no WAV file{other}")
    header = b""
    for name, length, content in _chunks(data):
        if name == b"fmt ":
            header = content
        elif name == b"data":
            if len(content) < length < ENDLESS:
                what = f"{plural(length, 'byte')} of sound are announced, {len(content):,} are there"
                raise ValueError(f"is a WAV file that was cut short: {what}")
            return _recording(header, content)
    raise ValueError("is a WAV file without sound: it has no chunk `data`")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Name, announced length and content of each chunk."""
    at = 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        yield name, length, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _recording(header: bytes, samples: bytes) -> Recording:
    if len(header) < 16:
        raise ValueError("is a WAV file that does not say how its sound is written: it has no chunk `fmt `")
    coding, channels, rate, _, frame, bits = struct.unpack_from("<HHIIHH", header)
    if coding == EXTENSIBLE and len(header) >= 26:
        (coding,) = struct.unpack_from("<H", header, 24)
    form = FORMS.get((coding, bits))
    if form is None:
        raise ValueError(f"is a WAV file in a coding that is not read: number {coding} with {bits} bits")
    if channels not in CHANNELS or rate not in RATES or frame != channels * bits // 8:
        told = f"{plural(channels, 'channel')}, {rate:,} frames a second, {plural(frame, 'byte')} a frame"
        raise ValueError(f"is a WAV file with an impossible header: {told}")
    found = Recording(rate, channels, form, samples[: len(samples) // frame * frame])
    if found.seconds > LONGEST:
        raise ValueError(f"is a recording of {found.seconds:,.0f} seconds, and {LONGEST:,} are the most")
    return found


def mark(column: str) -> pl.Expr:
    """The sha256 of each recording's bytes, in hex; null for none."""
    return pl.col(column).map_batches(_marks, return_dtype=pl.String, is_elementwise=True)


def _marks(sounds: pl.Series) -> pl.Series:
    marks = [None if sound is None else hashlib.sha256(sound).hexdigest() for sound in sounds.cast(pl.Binary)]
    return pl.Series(sounds.name, marks, dtype=pl.String)
