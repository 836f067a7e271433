"""`cards.lock`: a build elsewhere gives the same rows, or says what differs."""

import json
import re
import shutil
import subprocess
import threading

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from registry import build as builder
from registry import load_polars, lock
from registry.errors import GateError, UserError
from tests.servers.package_index import Hosted, PackageIndex
from tests.strategies import plain_data
from tests.worlds import plenty


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
    assert list(entry["sources"]["rows"]["files"]) == ["data/mine.csv"]
    assert entry["sources"]["rows"]["origin"] == {"local": {"path": "data/mine.csv"}}
    assert set(entry["libraries"]) >= {"duckdb", "numpy", "polars", "pyarrow", "python"}


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
        '{"cards": {}, "tags": {"mine": {"1.0.0": "../x"}}}',
        '{"cards": {"mine": {"build_key": "**", "content_digest": "0", "sources": {}, "libraries": {}}}}',
        "[" * 100_000,
        "\xff\xfe",
    ],
)
def test_a_file_that_is_no_lock_is_told_plainly(built, text):
    built.write({"cards.lock": text.encode("latin-1")})
    with pytest.raises(UserError, match="is not a lock file") as refused:
        built.build()
    assert "keep the entries of both sides" in str(refused.value)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_file_is_no_lock_so_that_entries_and_tags_do_not_vanish(built, text):
    built.write({"cards.lock": text})
    with pytest.raises(UserError, match=r"is empty.*\n.*remove it to start without entries"):
        built.build()
    assert (built.root / "cards.lock").read_text() == text
    (built.root / "cards.lock").unlink()
    assert built.build().lock_changed


def test_a_lock_may_have_no_entries(built):
    built.write({"cards.lock": '{"cards": {}}'})
    assert built.build().lock_changed


def test_a_card_that_was_never_built_is_not_held_against_anything():
    now = lock.Locked(build_key="a", content_digest="d", sources={}, libraries={})
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


PACKAGE = "sources: {rows: {package: {registry: pypi, name: some-data, version: 1.0, artifact: sdist}, format: csv}}"


@pytest.fixture
def packaged(world, monkeypatch):
    """A card over a package that it does not pin, built once, and the file that the index has."""
    monkeypatch.setattr("registry.remote.download.PAUSES", (0.0, 0.0))
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
    with pytest.raises(UserError, match="sha256"):
        builder.build("mine", world.catalog)
    accepted = builder.build("mine", world.catalog, update=True)
    (change,) = accepted.changes
    assert change.text.startswith("source rows: some-data-1.0.sdist ")
    assert accepted.lock_changed
    shutil.rmtree(world.home)
    assert builder.build("mine", world.catalog).published.digest == accepted.published.digest


def test_an_update_asks_again_and_without_one_the_store_answers(packaged):
    world, index = packaged
    index.add("some-data", "some_data-1.0.tar.gz", Hosted(plenty(21).encode()))
    asked = len(index.requests)
    assert not builder.build("mine", world.catalog).changes
    assert len(index.requests) == asked
    assert builder.build("mine", world.catalog, update=True).changes
    assert len(index.requests) > asked


def test_another_version_of_the_package_is_another_source(packaged):
    world, index = packaged
    index.add("some-data", "some_data-2.0.tar.gz", Hosted(plenty(21).encode()))
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("version: 1.0", "version: 2.0")})
    told = [change.text for change in builder.build("mine", world.catalog).changes]
    assert told[0] == "source rows > package > version 1.0 -> 2.0"
    assert [text.split(" -> ")[1] for text in told[1:]].count("none") == 1


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


def test_rows_that_contradict_the_lock_can_be_accepted(built):
    """Who installed the package cannot take an entry out of the lock that ships with it."""
    tamper(built, content_digest="0" * 64)
    accepted = builder.build("mine", built.catalog, offline=True, update=True)
    assert accepted.lock_changed
    assert entries(built)["mine"]["content_digest"] == accepted.published.digest
    assert not built.build().lock_changed


def test_an_entry_of_the_project_goes_before_the_one_that_ships(built, monkeypatch, tmp_path):
    other = tmp_path / "shipped"
    other.mkdir()
    shutil.copy(built.root / "cards.lock", other)
    monkeypatch.setattr("registry.lock.shipped", lambda: other)
    own = lock.entry(built.catalog.project, "mine")
    built.write({"cards.lock": json.dumps({"cards": {}})})
    assert lock.entry(built.catalog.project, "mine") == own
    changed = own.model_copy(update={"content_digest": "1" * 64})
    assert lock.record(built.catalog.project, "mine", changed)
    assert lock.entry(built.catalog.project, "mine") == changed


def test_a_build_that_only_looks_leaves_the_lock_alone(built):
    before = (built.root / "cards.lock").read_bytes()
    built.card(plenty(70), "split: {method: hash}\n")
    looked = builder.build("mine", built.catalog, offline=True, record=False)
    assert looked.changes
    assert not looked.lock_changed
    assert (built.root / "cards.lock").read_bytes() == before


digests = st.text("0123456789abcdef", min_size=64, max_size=64)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,6}", fullmatch=True)
sources = st.builds(
    lock.LockedSource,
    origin=st.dictionaries(st.text(min_size=1, max_size=5), plain_data, max_size=2),
    files=st.dictionaries(st.text(max_size=8), digests, max_size=3),
    revision=st.one_of(st.just(""), digests),
)
locked = st.builds(
    lock.Locked,
    build_key=digests,
    content_digest=digests,
    sources=st.dictionaries(names, sources, max_size=2),
    libraries=st.dictionaries(names, names, max_size=2),
    parts=st.dictionaries(names, digests, max_size=2),
)
locks = st.builds(
    lock.Lock,
    cards=st.dictionaries(names, locked, max_size=4),
    tags=st.dictionaries(names, st.dictionaries(names, digests, min_size=1, max_size=2), max_size=2),
)


@given(one=locks)
def test_what_is_written_is_read_again_and_its_order_depends_on_names_alone(one):
    text = lock.as_text(one)
    assert lock.Lock.model_validate(json.loads(text)) == one
    turned = lock.Lock(cards=dict(reversed(one.cards.items())), tags=dict(reversed(one.tags.items())))
    assert lock.as_text(turned) == text


def test_two_branches_that_change_different_cards_merge(tmp_path):
    def side(name, **digests):
        cards = {
            card: lock.Locked(
                build_key="a", content_digest=digests.get(card, "d"), sources={}, libraries={"polars": "2"}
            )
            for card in ("alpha", "mine", "zulu")
        }
        (tmp_path / name).write_text(lock.as_text(lock.Lock(cards=cards)))
        return name

    branches = [side("ours", alpha="1"), side("base"), side("theirs", mine="2")]
    subprocess.run(["git", "merge-file", *branches], cwd=tmp_path, check=True)
    merged = json.loads((tmp_path / "ours").read_text())["cards"]
    assert [merged[card]["content_digest"] for card in ("alpha", "mine", "zulu")] == ["1", "2", "d"]


def test_a_version_that_an_older_program_made_is_still_found_and_locked(built):
    published = built.build().published
    manifest = json.loads((published.folder / "manifest.json").read_text())
    for facts in manifest["sources"].values():
        del facts["origin"], facts["revision"]
    (published.folder / "manifest.json").write_text(json.dumps(manifest))
    (built.root / "cards.lock").unlink()
    assert not built.build().fresh
    assert entries(built)["mine"]["sources"]["rows"]["origin"] == {"local": {"path": "data/mine.csv"}}
