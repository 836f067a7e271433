"""What lists know of every card: as the files say, whatever was remembered, and as fast as a look at their times."""

import json
import os
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import yamlsource
from registry.catalog import MAX_ANCESTORS
from registry.errors import UserError
from registry.index import Facts, entries
from registry.kinds import Kinds
from registry.progress import Silent
from tests.worlds import minimal_card, plenty

LONG_AGO = time.time() - 3600


def listed(world, section="datasets"):
    return {entry.file.name: entry for entry in entries(world.catalog, section, Silent()) if not entry.file.shipped}


def facts(world, name="mine") -> Facts:
    return listed(world)[name].facts


def settled(world):
    """As if every card had been written an hour ago, so that it is worth remembering."""
    for path in world.root.glob("cards/**/*.yaml"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return world


def memory(world, section="datasets") -> Path:
    (found,) = (world.home / "index").glob(f"{section}-*.json")
    return found


@pytest.fixture
def reads(monkeypatch):
    """The files that are parsed from now on."""
    seen: list[str] = []
    read = yamlsource.read

    def counted(file, shown_as):
        seen.append(file.name)
        return read(file, shown_as)

    monkeypatch.setattr(yamlsource, "read", counted)
    return seen


@pytest.fixture
def at_once(monkeypatch):
    """Files that were changed just now are remembered too: tests cannot wait for clocks."""
    monkeypatch.setattr("registry.memo.SETTLED", -(10**18))


def test_the_facts_of_a_card_are_what_it_says(world):
    more = (
        "domain: film\ncitation: c\ndescription: d\nlabels: [good, 1]\nsuperseded_by: tweets\ndeprecated: too old\n"
        "split: {method: all-test}\n"
    )
    world.write({"cards/datasets/task/mine.yaml": minimal_card(more).replace("CC0-1.0", "CC0-1.0, use: research")})
    assert facts(world) == Facts(
        title="A table of texts with labels",
        description="d",
        citation="c",
        kind="task",
        domain="film",
        task="text-classification",
        languages=["en"],
        license=["CC0-1.0", "research"],
        labels=["good", "1"],
        superseded_by="tweets",
        deprecated="too old",
    )


def test_a_second_look_parses_nothing(world, at_once, reads):
    world.card()
    first = listed(world)
    reads.clear()
    assert listed(world) == first
    assert reads == []


def test_only_the_card_that_changed_is_read_again(world, at_once, reads):
    world.card().card(name="other")
    listed(world)
    reads.clear()
    world.write({"cards/datasets/task/other.yaml": minimal_card(name="other").replace("A table", "Another")})
    assert facts(world, "other").title == "Another of texts with labels"
    assert reads == ["other.yaml"]


def test_a_change_that_keeps_size_and_times_is_seen(world, at_once):
    path = world.card().root / "cards/datasets/task/mine.yaml"
    before = path.stat()
    assert facts(world).title.startswith("A table")
    path.write_text(path.read_text().replace("A table", "A cable"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert facts(world).title.startswith("A cable")


def test_a_card_that_was_changed_just_now_may_change_again_within_the_same_tick(world, reads):
    world.card()
    listed(world)
    reads.clear()
    listed(world)
    assert "mine.yaml" in reads


def test_a_child_follows_its_parent_though_its_own_file_did_not_change(world, at_once):
    child = {"cards/datasets/task/child.yaml": "like: mine\nname: child\ntitle: A child\ncitation: null\n"}
    world.card(more="domain: film\ncitation: c\nsuperseded_by: child\n").write(child)
    found = facts(world, "child")
    assert (found.domain, found.title, found.citation, found.superseded_by) == ("film", "A child", "", "")
    world.card(more="domain: books\n")
    assert facts(world, "child").domain == "books"


def test_a_child_of_a_shipped_card_and_one_of_the_card_in_its_place(world):
    world.write({"cards/datasets/general/child.yaml": "like: tweets\nname: child\n"})
    assert facts(world, "child").license[0] == "MIT"
    ours = minimal_card(name="tweets").replace("kind: task", "kind: general")
    world.write({"cards/datasets/general/tweets.yaml": ours})
    assert facts(world, "child").license[0] == "CC0-1.0"
    theirs = {entry.file.name: entry for entry in entries(world.catalog, "datasets", Silent())}["tweets-icwsm2014"]
    assert theirs.facts.license[0] == "MIT", "a shipped card is like another shipped one"


@pytest.mark.parametrize(
    "text",
    ["name: {", "a: &a [*a]", "\0", b"\xff", "", "- a list", "like: nobody\n", "like: mine\n", "like: [a]\n"],
    ids=str,
)
def test_a_card_that_cannot_be_read_is_listed_as_such(world, text):
    world.write({"cards/datasets/task/mine.yaml": text})
    assert facts(world).unreadable


def test_a_line_of_cards_that_are_like_each_other_has_an_end(world):
    names = [f"card-{number:03}" for number in range(MAX_ANCESTORS + 3)]
    world.card(name=names[0])
    for name, parent in zip(names[1:], names, strict=False):
        world.write({f"cards/datasets/task/{name}.yaml": f"like: {parent}\nname: {name}\n"})
    found = listed(world)
    assert not found[names[MAX_ANCESTORS]].facts.unreadable
    assert found[names[-1]].facts.unreadable
    world.catalog.dataset(names[MAX_ANCESTORS])
    with pytest.raises(UserError, match="inherits through more than"):
        world.catalog.dataset(names[-1])


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text("ab:{", max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("ab", max_size=2), inner, max_size=3)),
    max_leaves=6,
)


@given(card=st.dictionaries(st.sampled_from([*Facts._fields, "like", "labels"]), VALUES, max_size=6))
def test_nonsense_in_a_card_breaks_no_list(fresh_world, card):
    world = fresh_world().write({"cards/datasets/task/mine.yaml": json.dumps(card)})
    found = facts(world)
    assert all(isinstance(text, str) for text in (found.title, found.kind, *found.languages, *found.license))
    assert facts(world) == found


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-20],
        lambda raw: raw.replace(b"A table", b"A fable"),
        lambda raw: raw.replace(b"memory 1", b"memory 0"),
        lambda raw: b"{}",
        lambda raw: b"\xff\xfe" * 100,
    ],
    ids=["empty", "torn", "changed", "another format", "foreign", "noise"],
)
def test_a_damaged_memory_is_made_anew(world, at_once, damage):
    world.card()
    first = listed(world)
    path = memory(world)
    path.write_bytes(damage(path.read_bytes()))
    assert listed(world) == first
    assert b"A table" in path.read_bytes()


def test_a_new_source_kind_is_seen_in_cards_that_did_not_change(world, at_once, reads, monkeypatch):
    world.card()
    listed(world)
    reads.clear()
    monkeypatch.setattr("registry.index.SOURCES", Kinds("registry.readers", "source kind", "", "_"))
    listed(world)
    assert "mine.yaml" in reads


def test_cards_that_are_gone_are_forgotten(world, at_once):
    world.card().card(name="other")
    listed(world)
    (world.root / "cards/datasets/task/other.yaml").unlink()
    assert set(listed(world)) == {"mine"}
    assert b"other.yaml" not in memory(world).read_bytes()


def test_a_store_that_cannot_be_written_costs_time_only(world):
    world.card().write({"home": "a file where the store should be"})
    assert facts(world).title.startswith("A table")


def test_a_folder_without_cards_gets_no_store(world):
    (world.root / "cards/datasets/task").rmdir()
    (world.root / "cards/datasets").rmdir()
    assert listed(world) == {}
    assert not world.home.exists()


def look(root: Path) -> list[str]:
    from registry import project
    from registry.catalog import Catalog

    found = entries(Catalog(project.at(root)), "datasets", Silent())
    return [entry.facts.title for entry in found if not entry.file.shipped]


def test_several_processes_may_list_at_once(world):
    for number in range(30):
        world.card(name=f"card-{number}")
    settled(world)
    with get_context("spawn").Pool(2) as pool:
        answers = pool.map(look, [world.root] * 6)
    assert answers == [["A table of texts with labels"] * 30] * 6


def test_what_is_built_is_listed_with_its_rows_and_what_is_locked_as_locked(world):
    world.card(plenty(60), "split: {method: hash}\n").card(name="other")
    assert [(entry.rows, entry.locked) for entry in listed(world).values()] == [(None, False)] * 2
    world.build()
    found = listed(world)
    assert (found["mine"].rows, found["mine"].locked) == (60, True)
    assert (found["other"].rows, found["other"].locked) == (None, False)
    world.write({"data/mine.csv": plenty(80)})
    world.build()
    assert listed(world)["mine"].rows == 80


def test_a_damaged_version_is_not_counted(world):
    published = world.card(plenty(60), "split: {method: hash}\n").build().published
    (published.folder / "manifest.json").write_text("{")
    assert listed(world)["mine"].rows is None


def test_a_lock_that_is_none_is_said_to_be_none(world):
    world.card().write({"cards.lock": "<<<<<<< mine\n"})
    with pytest.raises(UserError, match="is not a lock file"):
        listed(world)


def test_a_source_of_a_package_is_worth_locking_and_a_file_of_the_project_is_not(world):
    package = "{package: {registry: pypi, name: x, version: 1.0, artifact: sdist}, path: x.csv}"
    world.card().write(
        {"cards/datasets/task/far.yaml": minimal_card(name="far").replace("{local: data/far.csv}", package)}
    )
    assert facts(world, "far").sources
    assert not facts(world).sources
