"""A store that was touched: every flaw is found, and a sound store has none."""

import json

import polars as pl
import pytest

from registry.digest import file_digest
from registry.lock import Lock, locks
from registry.versions.integrity import lock_flaws, source_files, source_flaws, version_flaws, version_folders
from tests.worlds import plenty


@pytest.fixture
def version(world):
    return world.card(plenty(), "clean: [{length: {min_chars: 16}}]\nsplit: {method: hash}\n").build().published


def flaws(version):
    return [flaw.what for flaw in version_flaws(version.folder)]


def rewrite(version, **changes):
    manifest = {**version.manifest, **changes}
    (version.folder / "manifest.json").write_text(json.dumps(manifest))


def replace(version, name, frame):
    """Another table under the name of a split, and a manifest that agrees with its bytes."""
    frame.write_parquet(version.split(name))
    rewrite(version, checksums={**version.manifest["checksums"], name: file_digest(version.split(name))})


def test_a_sound_version_has_no_flaw(world, version):
    assert version_folders(world.home) == [version.folder]
    assert flaws(version) == []


@pytest.mark.parametrize("name", ["train", "ledger"])
def test_bytes_that_changed_or_are_gone(version, name):
    version.split(name).write_bytes(version.split(name).read_bytes() + b"x")
    assert flaws(version) == [f"{name}.parquet was changed after it was published"]
    version.split(name).unlink()
    assert flaws(version) == [f"{name}.parquet is missing"]


def test_rows_that_changed_under_a_manifest_that_was_mended(version):
    test = version.read("test")
    replace(version, "test", test.with_columns(label=pl.lit("good")))
    assert flaws(version) == ["the audit fails: content digest differs: 1"]


def test_a_leak_is_found_whatever_the_manifest_says(version):
    test, train = version.read("test"), version.read("train")
    replace(version, "test", pl.concat([test, train.head(1).with_columns(id=pl.lit("new"))]).sort("id"))
    assert "the audit fails: texts in two splits: 1" in flaws(version)
    assert "the audit fails: rows missing or too many: 1" in flaws(version)


def test_a_ledger_that_lacks_rows(version):
    replace(version, "ledger", version.read("ledger").head(0))
    ledger, sum_of_rows = flaws(version)
    assert ledger == "its manifest counts other rows by op and reason than ledger.parquet holds"
    assert sum_of_rows.startswith("50 rows kept and 0 left out are not the 60 read")


def test_a_manifest_that_tells_of_the_ledger_otherwise(version):
    ((op, _, count),) = version.manifest["ledger"]
    rewrite(version, ledger=[[op, "another reason", count]])
    assert flaws(version) == ["its manifest counts other rows by op and reason than ledger.parquet holds"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"build_key": "0" * 64}, "its build key is not the hash of its identity"),
        ({"identity": {"pipeline": 0}}, "its build key is not the hash of its identity"),
        ({"content_digest": "0" * 64}, "its folder is not named by its digest and build key"),
        ({"card": "other"}, "it lies in the folder of another card"),
    ],
)
def test_a_manifest_that_claims_something_else(version, changes, said):
    rewrite(version, **changes)
    assert said in flaws(version)


@pytest.mark.parametrize("changes", [{"checksums": []}, {"identity": float("nan")}, {"splits": []}, {"labels": 1}])
def test_a_manifest_with_parts_of_other_kinds(version, changes):
    rewrite(version, **changes)
    (flaw,) = flaws(version)
    assert flaw.startswith("its manifest is damaged")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"build_key": "x", "content_digest": "y"}'])
def test_a_manifest_that_is_none(version, text):
    (version.folder / "manifest.json").write_text(text)
    (flaw,) = version_flaws(version.folder)
    assert "manifest" in flaw.what
    assert flaw.do == "Remove that folder and build again."


def test_fetched_files_lie_under_their_hash(world):
    good, bad = (world.home / "sources" / name for name in ("", "f" * 64))
    world.write({"home/sources/ready": "bytes", "home/sources/.partial-1": "x"})
    good = (world.home / "sources/ready").rename(world.home / "sources" / file_digest(world.home / "sources/ready"))
    bad.write_text("other bytes")
    assert source_files(world.home) == sorted([good, bad])
    assert source_flaws(good) == []
    assert [flaw.where for flaw in source_flaws(bad)] == [str(bad)]


def test_a_version_with_a_locked_key_and_other_rows(world, version):
    entry = next(locks(world.catalog.project)).cards["mine"]
    assert list(lock_flaws(Lock(cards={"mine": entry}), [version])) == []
    other = entry.model_copy(update={"content_digest": "0" * 64})
    (flaw,) = lock_flaws(Lock(cards={"mine": other}), [version])
    assert flaw.what == f"it is {version.digest[:12]}; cards.lock has 000000000000 for the same inputs"
    elsewhere = entry.model_copy(update={"build_key": "1" * 64, "content_digest": "0" * 64})
    assert list(lock_flaws(Lock(cards={"mine": elsewhere}), [version])) == []
