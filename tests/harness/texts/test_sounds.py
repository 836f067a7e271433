import numpy as np
import pytest

from harness.texts.sounds import samples, seconds, wav
from tests.wavs import file, tone

HALF = {
    8: b"\xc0\x40",
    16: b"\x00\x40\x00\xc0",
    24: b"\x00\x00\x40\x00\x00\xc0",
    32: b"\x00\x00\x00\x40\x00\x00\x00\xc0",
}
"""Half the loudest sound, up and down."""


@pytest.mark.parametrize("bits", HALF)
def test_whole_numbers_of_any_size_mean_the_same(bits):
    assert samples(file(HALF[bits], bits=bits), 8_000).tolist() == [0.5, -0.5]


@pytest.mark.parametrize(("bits", "dtype"), [(32, "<f4"), (64, "<f8")])
def test_floating_point_stays_within_its_range(bits, dtype):
    written = np.array([0.5, -2.0, np.nan, np.inf], dtype=dtype).tobytes()
    assert samples(file(written, bits=bits, coding=3), 8_000).tolist() == [0.5, -1.0, 0.0, 1.0]


@pytest.mark.filterwarnings("error")
def test_what_is_no_number_stays_at_its_place():
    sound = np.full(8_000, 0.5, dtype="<f8")
    sound[[0, 1, 2]] = np.nan, np.inf, 1.7e308
    heard = samples(file(np.repeat(sound, 2).tobytes(), bits=64, coding=3, channels=2), 16_000)
    assert heard[1_000:-1_000] == pytest.approx(0.5, abs=0.01)


def test_channels_become_their_mean():
    stereo = np.array([[16_384, 0], [-16_384, -16_384]], dtype="<i2").tobytes()
    assert samples(file(stereo, channels=2), 8_000).tolist() == [0.25, -0.5]


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100])
def test_a_tone_keeps_its_pitch_and_length_at_another_rate(rate):
    heard = samples(tone(0.5, rate=rate), 16_000)
    assert len(heard) == pytest.approx(8_000, abs=1)
    assert np.abs(np.fft.rfft(heard)).argmax() * 2 == pytest.approx(440, abs=2)
    assert np.abs(heard[1_000:-1_000]).max() == pytest.approx(0.5, abs=0.01)


def test_what_is_written_is_read_again():
    sound = np.array([0.0, 0.5, -1.0, 1.0], dtype=np.float32)
    assert samples(wav(sound, 16_000), 16_000) == pytest.approx(sound, abs=1e-4)


def test_an_empty_recording_has_no_samples_at_any_rate():
    assert samples(tone(0, rate=8_000), 16_000).shape == (0,)
    assert seconds([tone(0), tone(1.5)]).to_list() == [0.0, 1.5]
