"""`--locked`: what is not as the lock has it is refused, all of it at once, and nothing is written."""

import json
import re
import shutil

import pytest

from registry import build as builder
from registry.errors import GateError
from tests.servers.package_index import Hosted, PackageIndex
from tests.worlds import plenty

CLEAN = "clean: [{length: {min_chars: 3}}]\nsplit: {method: hash}\n"


def everything(world):
    return {path: path.read_bytes() for path in world.root.rglob("*") if path.is_file()}


def locked(world):
    return builder.build("mine", world.catalog, offline=True, locked=True)


def test_a_card_as_locked_builds_and_the_lock_stays(world):
    first = world.card(plenty(), CLEAN).build()
    shutil.rmtree(world.home)
    before = (world.root / "cards.lock").read_bytes()
    again = locked(world)
    assert again.fresh
    assert again.published.digest == first.published.digest
    assert not again.lock_changed
    assert (world.root / "cards.lock").read_bytes() == before


def test_a_card_without_an_entry_is_refused(world):
    world.card(plenty(), CLEAN)
    before = everything(world)
    with pytest.raises(GateError, match="mine has no entry in"):
        locked(world)
    assert everything(world) == before


def test_all_differences_are_told_at_once_and_nothing_is_written(world):
    world.card(plenty(), CLEAN).build()
    world.card(plenty(61), CLEAN.replace("3", "5").replace("hash", "all-test"))
    before = everything(world)
    with pytest.raises(GateError) as refused:
        locked(world)
    said = str(refused.value)
    assert refused.value.exit_code == 1
    assert "source rows: data/mine.csv " in said
    assert "clean > length > min_chars 3 -> 5" in said
    assert "split > method hash -> all-test" in said
    assert everything(world) == before


def test_a_build_key_that_no_part_explains_is_refused_too(world):
    world.card(plenty(), CLEAN).build()
    entries = json.loads((world.root / "cards.lock").read_text())
    entries["cards"]["mine"]["build_key"] = "0" * 64
    world.write({"cards.lock": json.dumps(entries)})
    with pytest.raises(GateError, match="build key 000000000000 -> "):
        locked(world)


def test_another_digest_is_refused_before_it_is_published(world):
    world.card(plenty(), CLEAN).build()
    shutil.rmtree(world.home)
    entries = json.loads((world.root / "cards.lock").read_text())
    entries["cards"]["mine"]["content_digest"] = "0" * 64
    world.write({"cards.lock": json.dumps(entries)})
    with pytest.raises(GateError, match="gave other rows"):
        locked(world)
    assert not list(world.home.glob("versions/*/*"))


@pytest.fixture
def packaged(world, monkeypatch):
    """A card over a package that it does not pin itself, built once."""
    monkeypatch.setattr("registry.remote.download.PAUSES", (0.0, 0.0))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    package = "{package: {registry: pypi, name: some-data, version: 1.0, artifact: sdist}, format: csv}"
    with PackageIndex() as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        card = (world.card(more=CLEAN).root / "cards/datasets/task/mine.yaml").read_text()
        world.write({"cards/datasets/task/mine.yaml": re.sub("sources: .*", f"sources: {{rows: {package}}}", card)})
        index.add("some-data", "some_data-1.0.tar.gz", Hosted(plenty(60).encode()))
        builder.build("mine", world.catalog)
        yield world, index


def test_a_remote_source_that_the_card_writes_otherwise_is_refused_without_asking_for_it(packaged):
    world, index = packaged
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("version: 1.0", "version: 2.0")})
    asked = len(index.requests)
    with pytest.raises(GateError, match=r"source rows > package > version 1\.0 -> 2\.0"):
        builder.build("mine", world.catalog, locked=True)
    assert len(index.requests) == asked


def test_remote_bytes_under_the_same_name_are_held_against_their_pin(packaged):
    world, index = packaged
    shutil.rmtree(world.home)
    assert builder.build("mine", world.catalog, locked=True).fresh
    shutil.rmtree(world.home)
    index.add("some-data", "some_data-1.0.tar.gz", Hosted(plenty(59).encode()))
    with pytest.raises(GateError, match="sha256"):
        builder.build("mine", world.catalog, locked=True)
