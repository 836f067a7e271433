"""Archives that no member is named of."""

import zipfile

import pytest

from registry.errors import UserError
from registry.infer.assemble import Wish
from registry.infer.start import inferred, saved
from registry.progress import Silent
from registry.source import FetchContext
from tests.registry.infer.drafting import ROOMS
from tests.registry.infer.sounds import recording
from tests.worlds import plenty


def zipped(world, name, files):
    path = world.write({name: b""}).root / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in files.items():
            archive.writestr(member, data)
    return inferred(str(path), Wish(""), FetchContext(world.root, world.home, True, Silent()))


@pytest.mark.parametrize("root", ["", "rooms/"])
def test_texts_in_folders_of_an_archive_have_the_folder_as_label(world, root):
    files = {f"{root}{('bad', 'good')[n % 2]}/{n}.txt": text for n, text in enumerate(ROOMS[:80])}
    draft = zipped(world, "data/texts.zip", files)
    saved(draft, world.catalog, force=False)
    assert draft.labels == ("bad", "good")
    assert f"split_part(file, '/', {2 if root else 1}) AS label" in draft.select
    assert world.build("texts").published.manifest["rows_kept"] == 80


def test_an_archive_of_recordings_is_one_of_speech(world):
    draft = zipped(world, "data/digits.zip", {f"clips/{n}.wav": recording(n + 1) for n in range(5)})
    assert draft.task == "speech-recognition"
    path = {"path": "*/*.wav", "format": "wav", "file_column": "file"}
    assert draft.sources["digits"] == {"local": "data/digits.zip", **path}


def test_an_archive_of_one_table_is_read_and_one_of_several_lists_them(world):
    assert zipped(world, "data/one.zip", {"in/rooms.csv": plenty(200)}).sources["one"]["path"] == "in/rooms.csv"
    with pytest.raises(UserError, match=r"is an archive of 12 files: 00\.csv, .*09\.csv, \.\.\.\n") as refused:
        zipped(world, "data/many.zip", {f"{n:02}.csv": plenty() for n in range(12)})
    assert "{local: data/many.zip, path: " in refused.value.do
