"""Files that are whole or not there, whatever happens while they are written."""

import errno
import os

import pytest

from registry import atomic


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    for text in ("old", "很好\n"):
        atomic.write_text(path, text)
        assert path.read_bytes() == text.encode()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_temporary_one(tmp_path, monkeypatch, call):
    path = tmp_path / "file.txt"
    atomic.write_text(path, "old")

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    owner = "os.fsync" if call == "fsync" else "pathlib.Path.replace"
    with monkeypatch.context() as broken:
        broken.setattr(owner, full)
        with pytest.raises(OSError, match="No space left"):
            atomic.write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_and_the_name_are_both_synced(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    atomic.write_text(tmp_path / "file.txt", "text")
    assert synced == [(tmp_path / "file.txt").stat().st_ino, tmp_path.stat().st_ino]
