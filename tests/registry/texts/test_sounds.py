import struct

import numpy as np
import pytest
from scipy.io import wavfile

from registry.texts.sounds import recording
from tests.wavs import file, tone

EXTENSIBLE = struct.pack("<HHIH", 22, 16, 4, 1) + b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x008\x9bq"


def test_what_a_recording_is_written_as():
    found = recording(file(bytes(24), rate=44_100, channels=2, bits=24))
    assert (found.rate, found.channels, found.form) == (44_100, 2, "<i3")
    assert found.seconds == pytest.approx(4 / 44_100)


def test_the_file_of_another_library(tmp_path):
    wavfile.write(tmp_path / "a.wav", 22_050, np.zeros((300, 2), dtype=np.float32))
    found = recording((tmp_path / "a.wav").read_bytes())
    assert (found.rate, found.channels, found.form) == (22_050, 2, "<f4")
    assert found.seconds == pytest.approx(300 / 22_050)


def test_a_header_of_the_extensible_kind():
    assert recording(file(bytes(8), coding=0xFFFE, extension=EXTENSIBLE)).form == "<i2"


def test_other_chunks_are_passed_over_and_half_a_frame_at_the_end_is_none():
    plain = file(bytes(9))
    listed = plain[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + plain[12:]
    assert recording(listed).seconds == 4 / 8_000


def test_a_length_that_nobody_knew_means_all_that_follows():
    plain = file(bytes(8))
    endless = plain[:40] + b"\xff\xff\xff\xff" + plain[44:]
    assert recording(endless).seconds == 4 / 8_000


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is no WAV file"),
        (b"fLaC....", "is no WAV file: it begins as FLAC does"),
        (b"ID3.....", "it begins as MP3 does"),
        (file(bytes(8))[:-2], "was cut short: 8 bytes of sound are announced, 6 are there"),
        (file(b"")[:36], "without sound"),
        (b"RIFF....WAVEdata\x04\0\0\0abcd", "does not say how its sound is written"),
        (file(bytes(8), coding=6, bits=8), "a coding that is not read: number 6 with 8 bits"),
        (file(bytes(8), bits=12), "number 1 with 12 bits"),
        (file(bytes(8), rate=0), "impossible header: 1 channel, 0 frames a second"),
        (file(bytes(8), rate=999_983), "impossible header: 1 channel, 999,983 frames a second"),
        (file(bytes(4_000_000), rate=1_000, bits=8), "4,000 seconds, and 3,600 are the most"),
        (file(b"", channels=0), "impossible header: 0 channels"),
    ],
)
def test_what_cannot_be_read(data, told):
    with pytest.raises(ValueError, match=told):
        recording(data)


def test_a_recording_may_be_empty():
    assert recording(tone(0)).seconds == 0
