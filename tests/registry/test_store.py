"""Versions on disk: complete or not there, and never overwritten."""

import errno
import json
import os
import time

import polars as pl
import pytest

from registry import atomic, load_polars, store
from registry.errors import UserError
from registry.versions.integrity import version_flaws
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
    assert store.by_digest(tmp_path, "mine", "d" * 12) == published
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
    with pytest.raises(UserError, match="the version is damaged: its manifest") as refused:
        world.build()
    assert str(refused.value).count(str(folder)) == 1
    assert [flaw.what for flaw in version_flaws(folder)] == ["the version is damaged: its manifest.json is missing"]


def test_an_unknown_digest_says_how_to_make_it(tmp_path):
    with pytest.raises(UserError, match=r"has no version abcabcabcabc in this store\n .* card and sources .* of then"):
        store.by_digest(tmp_path, "mine", "abc" * 4)


def test_a_small_file_is_replaced_whole_and_leaves_no_temporary_file(tmp_path):
    path = tmp_path / "cards.lock"
    atomic.write_text(path, json.dumps({"a": "很"}))
    atomic.write_text(path, json.dumps({"a": 2}))
    assert json.loads(path.read_text()) == {"a": 2}
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("digest", ["", "d" * 11, "*" * 12, "D" * 12, "x" * 12, "../../secrets", "d" * 65])
def test_what_is_no_digest_is_refused_before_the_disk_is_searched(tmp_path, digest):
    publish(tmp_path)
    with pytest.raises(UserError, match="12 to 64 digits of 0-9 and a-f are needed"):
        store.by_digest(tmp_path, "mine", digest)


def test_a_beginning_that_two_versions_share_is_refused(tmp_path):
    twins = ["d" * 20 + end * 44 for end in "12"]
    for number, twin in enumerate(twins):
        publish(tmp_path, {"build_key": str(number) * 64, "content_digest": twin})
    with pytest.raises(UserError, match=f"2 versions of mine begin with {'d' * 12}\n  Write more digits"):
        store.by_digest(tmp_path, "mine", "d" * 12)
    assert [store.by_digest(tmp_path, "mine", twin).digest for twin in twins] == twins


def test_of_two_versions_with_one_build_key_the_wanted_one_is_found(tmp_path):
    first, second = (publish(tmp_path, MANIFEST | {"content_digest": digit * 64}) for digit in "ab")
    assert store.by_key(tmp_path, "mine", "k" * 64, "b" * 64) == second
    assert store.by_key(tmp_path, "mine", "k" * 64, "a" * 64) == first
    assert store.by_key(tmp_path, "mine", "k" * 64) == first


def staged_twice(home, **named):
    """Two folders for one name; what lies there afterwards."""
    final = home / "runs" / "one"
    for content in ("first", "second"):
        with store.staging(home) as staged:
            (staged / "x").write_text(content)
            store.put(staged, final, **named)
    return (final / "x").read_text()


def test_a_name_that_says_the_content_may_be_taken(tmp_path):
    assert staged_twice(tmp_path, taken_ok=True) == "first"


def test_any_other_taken_name_is_told_to_the_caller(tmp_path):
    with pytest.raises(FileExistsError) as refused:
        staged_twice(tmp_path)
    assert refused.value.errno == errno.EEXIST
    assert (tmp_path / "runs" / "one" / "x").read_text() == "first"


def test_staging_folders_of_killed_processes_go_after_a_day(tmp_path):
    old, young = (tmp_path / "staging" / name for name in ("old", "young"))
    for folder, age in ((old, 25), (young, 23)):
        (folder / "inside").mkdir(parents=True)
        os.utime(folder, (time.time() - age * 3600,) * 2)
    with store.staging(tmp_path):
        assert not old.exists()
        assert young.exists()


@pytest.mark.parametrize("damage", ["gone", "torn", "empty"])
def test_a_missing_or_torn_split_is_told_with_its_folder(world, damage):
    published = world.card(plenty()).build().published
    file = published.split("test")
    assert published.read("test").equals(pl.read_parquet(file))
    whole = file.read_bytes()
    file.unlink()
    if damage != "gone":
        file.write_bytes(whole[: len(whole) // 2] if damage == "torn" else b"")
    with pytest.raises(UserError) as refused:
        load_polars("mine", project=world.root)
    assert str(refused.value).startswith(f"{published.folder}\n  the version is damaged: test.parquet")
    with pytest.raises(UserError) as built:
        world.build()
    assert str(built.value) == str(refused.value)
    assert refused.value.do == "Remove that folder and build again."


def test_a_split_that_was_edited_after_publishing_is_refused(world):
    published = world.card(plenty()).build().published
    rows = published.read("test")
    rows.with_columns(label=pl.lit("bad")).write_parquet(published.split("test"))
    with pytest.raises(UserError, match="changed after it was published"):
        published.read("test")
    published.split("ledger").write_bytes(b"")
    with pytest.raises(UserError, match="changed after it was published"):
        published.read("ledger")
