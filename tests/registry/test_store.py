"""Versions on disk: complete or not there, and never overwritten."""

import json

import pytest

from registry import store
from registry.errors import UserError
from tests.worlds import plenty

MANIFEST = {"build_key": "k" * 64, "content_digest": "d" * 64, "n": 1}


def publish(home, manifest=None, content="rows"):
    with store.staging(home) as staged:
        (staged / "test.parquet").write_text(content)
        return store.publish(staged, home, "mine", manifest or MANIFEST)


def test_a_published_version_is_found_by_key_and_by_digest(tmp_path):
    published = publish(tmp_path)
    assert published.folder == tmp_path / "versions" / "mine" / f"{'d' * 12}-{'k' * 12}"
    assert store.by_key(tmp_path, "mine", "k" * 64) == published
    assert store.by_digest(tmp_path, "mine", "dddddd") == published
    assert list(store.all_versions(tmp_path)) == [published]


def test_a_key_that_only_begins_the_same_is_another_version(tmp_path):
    publish(tmp_path)
    assert store.by_key(tmp_path, "mine", "k" * 12 + "x" * 52) is None
    assert store.by_key(tmp_path, "other", "k" * 64) is None


def test_the_first_to_publish_wins_and_nothing_is_overwritten(tmp_path):
    first = publish(tmp_path)
    second = publish(tmp_path, MANIFEST | {"n": 2}, "other bytes")
    assert second.manifest["n"] == 1
    assert first.split("test").read_text() == "rows"
    assert not list((tmp_path / "staging").iterdir())


def test_a_staging_folder_is_gone_whatever_happened(tmp_path):
    def fill_and_fail():
        with store.staging(tmp_path) as staged:
            (staged / "x").write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_and_fail()
    assert not list((tmp_path / "staging").iterdir())


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"content_digest": "x"}', "\xff"])
def test_a_damaged_manifest_is_told_with_its_folder(world, damage):
    folder = world.card(plenty()).build().published.folder
    (folder / "manifest.json").write_bytes(damage.encode("latin-1"))
    with pytest.raises(UserError) as refused:
        world.build()
    assert str(folder) in str(refused.value)
    assert "Remove that folder and build again." in str(refused.value)


def test_a_version_without_its_manifest_is_told_too(world):
    folder = world.card(plenty()).build().published.folder
    (folder / "manifest.json").unlink()
    with pytest.raises(UserError, match="damaged"):
        world.build()


def test_an_unknown_digest_says_how_to_make_it(tmp_path):
    with pytest.raises(UserError, match=r"has no version abc in this store\n  `bench build mine` makes it"):
        store.by_digest(tmp_path, "mine", "abc")


def test_a_small_file_is_replaced_whole_and_leaves_no_temporary_file(tmp_path):
    path = tmp_path / "cards.lock"
    store.write_synced(path, json.dumps({"a": "很"}))
    store.write_synced(path, json.dumps({"a": 2}))
    assert json.loads(path.read_text()) == {"a": 2}
    assert list(tmp_path.iterdir()) == [path]
