"""`cards.lock`: a build elsewhere gives the same rows, or says what differs."""

import json
import re
import shutil
import threading

import pytest
from filelock import FileLock

from registry import build as builder
from registry import load_polars, lock
from registry.errors import GateError, UserError
from tests.servers.package_index import Hosted, PackageIndex
from tests.worlds import plenty, table


@pytest.fixture
def built(world):
    world.card(plenty(), "split: {method: hash}\n").build()
    return world


def entries(world):
    return json.loads((world.root / "cards.lock").read_text())["cards"]


def tamper(world, **changes):
    found = entries(world)
    found["mine"].update(changes)
    world.write({"cards.lock": json.dumps({"cards": found})})


def test_the_first_build_locks_sources_key_and_digest(built):
    entry = entries(built)["mine"]
    assert entry["content_digest"] == built.build().published.digest
    assert list(entry["sources"]["rows"]) == ["data/mine.csv"]
    assert set(entry["libraries"]) == {"duckdb", "numpy", "polars", "pyarrow", "python"}


def test_other_rows_from_the_same_inputs_name_the_libraries_that_differ(built):
    tamper(
        built,
        content_digest="0" * 64,
        libraries=entries(built)["mine"]["libraries"] | {"duckdb": "0.1"},
    )
    with pytest.raises(GateError) as refused:
        built.build()
    said = str(refused.value)
    assert "mine: the same sources and card gave other rows than cards.lock records" in said
    assert "Libraries differ: duckdb 0.1 -> " in said
    assert "polars" not in said
    assert refused.value.exit_code == 1


def test_other_rows_with_equal_libraries_are_called_a_determinism_bug(built):
    tamper(built, content_digest="0" * 64)
    with pytest.raises(GateError, match="this is a determinism bug"):
        built.build()


def test_other_inputs_are_a_new_entry_not_an_error(built):
    before = entries(built)["mine"]
    assert built.card(plenty(70), "split: {method: hash}\n").build().lock_changed
    assert entries(built)["mine"]["content_digest"] != before["content_digest"]


def test_new_library_versions_with_the_same_rows_leave_the_file_alone(built):
    tamper(built, libraries={"duckdb": "0.1", "polars": "0.1"})
    before = (built.root / "cards.lock").read_bytes()
    assert not built.build().lock_changed
    assert (built.root / "cards.lock").read_bytes() == before


def test_cards_are_sorted_and_entries_of_others_stay(built):
    built.card(plenty(), name="alpha").build("alpha")
    built.card(plenty(), name="zulu").build("zulu")
    assert list(entries(built)) == ["alpha", "mine", "zulu"]


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< HEAD\n{}",
        "{",
        "[]",
        '{"cards": []}',
        '{"cards": {"mine": {}}}',
        '{"cards": {"mine": 1}}',
        '{"other": {}}',
        "\xff\xfe",
    ],
)
def test_a_file_that_is_no_lock_is_told_plainly(built, text):
    built.write({"cards.lock": text.encode("latin-1")})
    with pytest.raises(UserError, match="is not a lock file") as refused:
        built.build()
    assert "Restore it from version control" in str(refused.value)


@pytest.mark.parametrize("text", ["", "  \n", '{"cards": {}}'])
def test_an_empty_lock_is_a_lock_without_entries(built, text):
    built.write({"cards.lock": text})
    assert built.build().lock_changed


def test_a_card_that_was_never_built_is_not_held_against_anything():
    now = lock.Locked(build_key="k", content_digest="d", sources={}, libraries={})
    lock.verify(None, now, "mine")
    lock.verify(now.model_copy(update={"build_key": "other", "content_digest": "x"}), now, "mine")


def test_a_version_that_contradicts_the_lock_is_not_published(world):
    world.card(plenty(), "split: {method: hash}\n")
    world.build()
    shutil.rmtree(world.home / "versions")
    tamper(world, content_digest="0" * 64)
    with pytest.raises(GateError, match="gave other rows"):
        world.build()
    assert not list(world.home.glob("versions/**/*.parquet"))


def test_a_version_that_contradicts_the_lock_is_not_handed_out(built):
    tamper(built, content_digest="0" * 64)
    with pytest.raises(GateError, match="mine: the same sources and card gave other rows"):
        builder.locate("mine", built.catalog)
    with pytest.raises(GateError, match="gave other rows"):
        load_polars("mine", project=built.root)


def test_of_two_versions_with_one_build_key_the_locked_one_is_handed_out(built):
    published = built.build().published
    twin = published.folder.with_name(f"{'0' * 12}-{published.folder.name.split('-')[1]}")
    shutil.copytree(published.folder, twin)
    manifest = json.loads((twin / "manifest.json").read_text()) | {"content_digest": "0" * 64}
    (twin / "manifest.json").write_text(json.dumps(manifest))
    assert builder.locate("mine", built.catalog) == published
    tamper(built, content_digest="0" * 64)
    assert builder.locate("mine", built.catalog).folder == twin


def test_a_version_made_by_other_libraries_is_made_again_once_they_are_the_locked_ones(built):
    """Else the message's advice, to install the locked versions, would not help."""
    published = built.build().published
    manifest = json.loads((published.folder / "manifest.json").read_text()) | {"content_digest": "0" * 64}
    (published.folder / "manifest.json").write_text(json.dumps(manifest))
    published.folder.rename(published.folder.with_name(f"{'0' * 12}-{published.folder.name.split('-')[1]}"))
    again = built.build()
    assert again.fresh
    assert again.published == published


def test_source_bytes_that_changed_are_told(built):
    before = entries(built)["mine"]["sources"]["rows"]["data/mine.csv"]
    again = built.card(plenty(70), "split: {method: hash}\n").build()
    after = entries(built)["mine"]["sources"]["rows"]["data/mine.csv"]
    assert again.notices == (
        f"source rows changed: {before[:8]}... -> {after[:8]}...; cards.lock now records the new version",
    )
    assert built.build().notices == ()


def test_another_card_or_another_file_name_is_no_change_of_bytes(built):
    (built.root / "data/mine.csv").rename(built.root / "data/other.csv")
    card = (built.root / "cards/datasets/task/mine.yaml").read_text()
    built.write({"cards/datasets/task/mine.yaml": card.replace("data/mine.csv", "data/other.csv") + "clean: []\n"})
    assert built.build().notices == ()


def test_files_that_come_and_go_are_counted(world):
    world.card().write({f"data/{name}.csv": table((name, "good"), (name * 2, "bad")) for name in "ab"})
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("data/mine.csv", "data/*.csv")}).build()
    world.write({f"data/{name}.csv": table((name, "good"), (name * 2, "bad")) for name in "cd"})
    (notice,) = world.build().notices
    assert notice.startswith("source rows changed: none -> ")
    assert "... and 1 more;" in notice


PACKAGE = "sources: {rows: {package: {registry: pypi, name: some-data, version: 1.0, artifact: sdist}, format: csv}}"


@pytest.fixture
def packaged(world, monkeypatch):
    """A card over a package that it does not pin, built once, and the file that the index has."""
    monkeypatch.setattr("registry.download.PAUSES", (0.0, 0.0))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with PackageIndex() as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        world.card()
        card = (world.root / "cards/datasets/task/mine.yaml").read_text()
        world.write({"cards/datasets/task/mine.yaml": re.sub("sources: .*", PACKAGE, card)})
        index.add("some-data", "some_data-1.0.tar.gz", Hosted(plenty(20).encode()))
        builder.build("mine", world.catalog)
        yield world, index


def test_a_second_machine_refuses_other_bytes_under_the_same_package(packaged):
    world, index = packaged
    index.add("some-data", "some_data-1.0.tar.gz", Hosted(plenty(21).encode()))
    shutil.rmtree(world.home)
    with pytest.raises(UserError, match="sha256 differs") as refused:
        builder.build("mine", world.catalog)
    assert "remove the card's entry from cards.lock" in str(refused.value)


def test_another_version_of_the_package_is_another_source(packaged):
    world, index = packaged
    index.add("some-data", "some_data-2.0.tar.gz", Hosted(plenty(21).encode()))
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("version: 1.0", "version: 2.0")})
    (notice,) = builder.build("mine", world.catalog).notices
    assert notice.startswith("source rows changed: ")


def test_two_stores_of_one_project_wait_for_each_other(built, monkeypatch):
    """The guard lies beside the file that it guards, not in one of the stores."""
    monkeypatch.setenv("BENCH_HOME", str(built.root / "another-home"))
    with FileLock(built.root / lock.GUARD):
        builds = threading.Thread(target=built.card(plenty(70), "split: {method: hash}\n").build)
        builds.start()
        builds.join(1.0)
        assert builds.is_alive()
    builds.join(60)
    assert not builds.is_alive()
    assert len(entries(built)["mine"]["content_digest"]) == 64


def test_a_lock_that_changed_on_disk_is_read_again(built):
    before = lock.entry(built.catalog.project, "mine")
    tamper(built, content_digest="1" * 64)
    assert before.content_digest != lock.entry(built.catalog.project, "mine").content_digest
