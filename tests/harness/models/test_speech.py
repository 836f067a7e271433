"""Recognisers and voices: what they hear and say, and what is told where they are not installed."""

import os
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from harness.examples import Clip, Examples, Nothing, Texts
from harness.models import espeak
from harness.models.espeak import Espeak, EspeakRecipe
from harness.models.pocketsphinx import Pocketsphinx, PocketsphinxRecipe
from harness.models.whisper import Whisper, WhisperRecipe
from harness.texts.sounds import seconds
from registry.errors import UserError
from tests import tiny_whisper
from tests.wavs import tone

NO_CLIPS = Examples((), Texts(()))
NO_TEXTS = Examples((), Nothing(0))
NOISE = Clip(tone(0.4, pitch=200))
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

STAND_IN = """
import sys, wave
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
if "--version" in sys.argv:
    print("eSpeak NG text-to-speech: 9.9.1  Data at: nowhere")
    sys.exit()
if given["-v"] == "xx":
    print("Error: The specified espeak-ng voice does not exist.", file=sys.stderr)
    sys.exit(1)
words = sys.stdin.buffer.read().decode("utf-8").split()
if words:
    with wave.open(given["-w"], "wb") as out:
        out.setparams((1, 2, 22050, 0, "NONE", ""))
        out.writeframes(bytes(2 * len(words) * 22050 * 60 // int(given["-s"])))
"""
"""Speaks the command line of espeak-ng, and for each word is silent as long as a word takes."""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "bin" / "espeak-ng"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable} -SE\n{STAND_IN}", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    return program


def voice(setting, **recipe) -> Espeak:
    return Espeak(EspeakRecipe(**recipe), setting(task="speech-synthesis", labels=()))


def ear(setting, **recipe) -> Pocketsphinx:
    model = Pocketsphinx(PocketsphinxRecipe(**recipe), setting(task="speech-recognition", labels=()))
    model.fit(NO_CLIPS, NO_CLIPS)
    return model


@pytest.mark.usefixtures("stand_in")
def test_each_text_is_said_in_a_recording_of_its_own(setting):
    model = voice(setting, speed=120)
    assert model.fit(NO_TEXTS, NO_TEXTS).facts == {"voice": "en-us"}
    said = model.predict(("ten of clubs", "五", "", "[[h@loU]]"))
    assert seconds(said.audio).to_list() == [1.5, 0.5, 0.0, 1.0]
    assert (said.seconds > 0).all()


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(("languages", "spoken"), [(("zh",), "cmn"), (("de",), "de"), (("en", "zh"), "en-us")])
def test_the_voice_is_that_of_the_cards_language(setting, languages, spoken):
    assert Espeak(EspeakRecipe(), setting(languages=languages)).voice == spoken


@pytest.mark.usefixtures("stand_in")
def test_a_voice_that_does_not_exist(setting):
    with pytest.raises(UserError, match=r"(?s)specified espeak-ng voice does not exist.*--voices"):
        voice(setting, voice="xx").fit(NO_TEXTS, NO_TEXTS)


@pytest.mark.parametrize("name", ["--path=/etc", "../x", "a b", ""])
def test_a_voice_is_a_name_and_nothing_else(name):
    with pytest.raises(ValidationError):
        EspeakRecipe(voice=name)


def test_the_version_of_the_program_is_part_of_a_run(setting, stand_in):
    device = setting().device
    assert Espeak.resolve(EspeakRecipe(), device) == {"espeak-ng": "9.9.1"}
    stand_in.unlink()
    espeak._version.cache_clear()


def test_without_the_program_it_is_told_how_to_install_it(setting, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert Espeak.resolve(EspeakRecipe(), setting().device) == {"espeak-ng": "none"}
    with pytest.raises(UserError, match=r"(?s)espeak-ng is not installed.*apt-get install espeak-ng"):
        voice(setting).fit(NO_TEXTS, NO_TEXTS)


def test_a_program_that_cannot_be_started(setting, stand_in):
    stand_in.write_text("#!/nowhere/python\n", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be started"):
        voice(setting).fit(NO_TEXTS, NO_TEXTS)


def test_a_closed_vocabulary_hears_nothing_else(setting):
    heard = ear(setting, words=DIGITS).predict((NOISE, Clip(tone(0)), NOISE))
    assert set(heard.texts) <= {"", *DIGITS}
    assert heard.texts[0] == heard.texts[2]
    assert heard.seconds.shape == (3,)


def test_words_that_it_cannot_pronounce_are_named(setting):
    with pytest.raises(UserError, match=r"1 word sound: 7\n"):
        ear(setting, words=("seven", "7"))


def test_a_setting_that_would_do_nothing_is_refused():
    with pytest.raises(ValidationError, match="several has no effect without words"):
        PocketsphinxRecipe(several=True)


LACKING = r'is not installed\n.*pip install "cardbench\[speech\]"'


def test_without_the_extra_it_is_told_how_to_install_it(setting, tmp_path, monkeypatch):
    for package in ("pocketsphinx", "ctranslate2.models"):
        monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(UserError, match=f"pocketsphinx {LACKING}"):
        ear(setting)
    with pytest.raises(UserError, match=f"ctranslate2 {LACKING}"):
        Whisper(WhisperRecipe(), setting(weights=tmp_path)).fit(NO_CLIPS, NO_CLIPS)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.save(tmp_path_factory.mktemp("english"), several=False)


@pytest.fixture(scope="module")
def converted(english: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from ctranslate2.converters import TransformersConverter

    folder = tmp_path_factory.mktemp("converted") / "whisper"
    TransformersConverter(str(english), copy_files=["tokenizer.json"]).convert(str(folder))
    return folder


def whisper(setting, weights: Path, **recipe) -> Whisper:
    model = Whisper(WhisperRecipe(**recipe), setting(weights=weights))
    model.fit(NO_CLIPS, NO_CLIPS)
    return model


def test_whisper_hears_the_same_from_safetensors_and_from_ctranslate2(setting, english, converted):
    """What networks of random weights hear means nothing; that two libraries hear the same of it does."""
    clips = tuple(Clip(tone(0.5, pitch=pitch)) for pitch in (440, 900))
    for recipe in ({"beams": 1}, {"beams": 1, "numerals": True}):
        short = whisper(setting, english, **recipe).predict(clips).texts
        long = whisper(setting, converted, **recipe).predict(clips).texts
        assert all(
            other.startswith(one.rstrip("\ufffd")) and len(one) > 10 for one, other in zip(short, long, strict=True)
        )


def test_whisper_hears_a_long_recording_window_by_window(setting, converted):
    model = whisper(setting, converted, beams=1)
    long, window, rest, empty = (Clip(tone(seconds)) for seconds in (30.5, 30, 0.5, 0))
    heard = model.predict((long, window, rest, empty)).texts
    assert heard[0] == f"{heard[1]} {heard[2]}"
    assert heard[3] == ""
    assert not set(heard[0]) & set("0123456789")
    assert model.fit(NO_CLIPS, NO_CLIPS).total_parameters > 40_000


def test_whisper_of_several_languages_knows_which_it_was_asked_for(setting, tmp_path):
    weights = tiny_whisper.save(tmp_path, several=True)
    assert whisper(setting, weights, beams=1).predict((NOISE,)).texts[0]
    with pytest.raises(UserError, match='does not know the language "fr"'):
        Whisper(WhisperRecipe(), setting(weights=weights, languages=("fr",))).fit(NO_CLIPS, NO_CLIPS)


def test_weights_that_are_cut_short(setting, converted, tmp_path):
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes((converted / name).read_bytes()[:200])
    with pytest.raises(UserError, match="the weights cannot be loaded"):
        Whisper(WhisperRecipe(), setting(weights=tmp_path)).fit(NO_CLIPS, NO_CLIPS)


@pytest.mark.live
def test_the_real_voice_says_digits_that_the_recogniser_hears(setting):
    real = voice(setting)
    real.fit(NO_TEXTS, NO_TEXTS)
    said = real.predict(DIGITS)
    assert said.audio == real.predict(DIGITS).audio
    assert len({zlib.crc32(audio) for audio in said.audio}) == len(DIGITS)
    heard = ear(setting, words=DIGITS).predict(tuple(map(Clip, said.audio))).texts
    assert np.mean([one == other for one, other in zip(DIGITS, heard, strict=True)]) >= 0.5
