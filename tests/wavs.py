"""WAV files made on the spot: headers written by hand, so that any of them can be wrong."""

import struct

import numpy as np


def file(
    samples: bytes, *, rate: int = 8_000, channels: int = 1, bits: int = 16, coding: int = 1, extension: bytes = b""
) -> bytes:
    """A WAV file with these sample bytes."""
    frame = channels * bits // 8
    header = struct.pack("<HHIIHH", coding, channels, rate, rate * frame, frame, bits) + extension
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body for name, body in ((b"fmt ", header), (b"data", samples))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def tone(seconds: float, rate: int = 16_000, pitch: float = 440.0) -> bytes:
    """A WAV file of one tone at half the loudness."""
    at = np.arange(round(seconds * rate)) / rate
    return file((2**14 * np.sin(2 * np.pi * pitch * at)).astype("<i2").tobytes(), rate=rate)
