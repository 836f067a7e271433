import hashlib
import zipfile
from pathlib import Path

import pytest

from registry import select
from registry.card import SourceSpec
from registry.errors import UserError
from registry.readers import wav
from registry.readers.wav import Wav
from registry.reading.tables import read_table
from registry.source import RawFile
from tests.wavs import file, tone


def test_one_row_with_the_bytes_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(tone(0.25))
    assert Wav().read(path, "utf-8").to_dicts() == [{"audio": tone(0.25), "seconds": 0.25, "rate": 16_000}]


def test_other_formats_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"OggS" + bytes(40))
    with pytest.raises(UserError, match=r"(?s)a\.wav.*is no WAV file: it begins as Ogg does.*ffmpeg"):
        Wav().read(path, "utf-8")


def test_a_talk_of_hours_is_no_utterance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wav, "LARGEST", 1_000)
    path = tmp_path / "a.wav"
    path.write_bytes(file(bytes(1_000)))
    with pytest.raises(UserError, match="Cut it into utterances"):
        Wav().read(path, "utf-8")


def test_a_zip_of_spoken_digits_whose_names_tell_what_is_said(tmp_path: Path) -> None:
    path = tmp_path / "digits.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, seconds in (("7_jackson_3", 0.5), ("0_theo_12", 0.25)):
            archive.writestr(f"recordings/{name}.wav", tone(seconds, rate=8_000))
        archive.writestr("recordings/README", "spoken digits")
    spec = SourceSpec(origin=None, origin_kind="local", path="**/*.wav", reader=Wav(), file_column="file")
    files = (RawFile("digits.zip", path, hashlib.sha256(path.read_bytes()).hexdigest()),)
    query = r"""
        SELECT audio, ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
          [1 + regexp_extract(file, '(\d)_\w+\.wav$', 1)::INTEGER] AS reference
        FROM clips
    """
    rows = select.run(query, {"clips": read_table(spec, files, tmp_path / "home").frame}, "card").rows
    assert sorted(rows["reference"]) == ["seven", "zero"]
    assert dict(rows.select("reference", "audio").iter_rows())["zero"] == tone(0.25, rate=8_000)
