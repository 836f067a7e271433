"""Small recordings."""

import io
import math
import struct
import wave


def recording(pitch: int) -> bytes:
    """A WAV file of a twentieth of a second; another pitch gives other bytes."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n * pitch / 99))) for n in range(400)))
    return held.getvalue()
