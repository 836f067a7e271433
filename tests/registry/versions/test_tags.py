"""Names of versions: kept in the lock, never moved by accident, understood wherever a digest is."""

import json

import pytest

from registry import load_polars, lock
from registry.errors import UserError
from registry.versions import tags
from tests.worlds import plenty


@pytest.fixture
def two(world):
    """A world with two versions of one card, the first one tagged."""
    first = world.card(plenty(60)).build().published
    tags.add(world.catalog.project, "mine", "1.0.0", first.digest)
    second = world.card(plenty(61)).build().published
    return world, first, second


def test_a_tag_outlives_builds_and_names_its_version(two):
    world, first, second = two
    project = world.catalog.project
    assert json.loads((world.root / "cards.lock").read_text())["tags"] == {"mine": {"1.0.0": first.digest}}
    assert tags.published(project, "mine", "1.0.0") == first
    assert tags.published(project, "mine", second.digest[:12]) == second
    assert load_polars("mine", version="1.0.0", project=world.root)["test"].height == 60
    assert load_polars("mine", project=world.root)["test"].height == 61


def test_a_tag_does_not_move_until_it_is_deleted(two):
    world, first, second = two
    project = world.catalog.project
    with pytest.raises(UserError, match=f'mine {first.digest[:12]} is called "1.0.0" already'):
        tags.add(project, "mine", "1.0.0", second.digest)
    tags.add(project, "mine", "1.0.0", first.digest)
    assert tags.delete(project, "mine", "1.0.0") == first.digest
    tags.add(project, "mine", "1.0.0", second.digest)
    assert lock.tags(project, "mine") == {"1.0.0": second.digest}


def test_deleting_the_last_tag_leaves_no_trace(two):
    world, _, _ = two
    tags.delete(world.catalog.project, "mine", "1.0.0")
    assert "tags" not in json.loads((world.root / "cards.lock").read_text())
    with pytest.raises(UserError, match=r'has no tag "1\.0\.0"'):
        tags.delete(world.catalog.project, "mine", "1.0.0")


def test_an_unknown_tag_is_told_with_the_nearest(two):
    world, _, _ = two
    with pytest.raises(UserError, match=r'mine has no tag "1\.0\.1"; nearest: "1\.0\.0"') as refused:
        tags.published(world.catalog.project, "mine", "1.0.1")
    assert "Tags of mine: 1.0.0." in refused.value.do


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "a" * 65, "0123456789ab", "f" * 64, "\x1b[1m"])
def test_what_cannot_be_a_tag(two, name):
    world, first, _ = two
    with pytest.raises(UserError, match="cannot be a tag"):
        tags.add(world.catalog.project, "mine", name, first.digest)


def test_tags_that_ship_are_known_and_cannot_be_deleted(two, monkeypatch, tmp_path):
    world, first, _ = two
    lock_file = tmp_path / "shipped" / "cards.lock"
    lock_file.parent.mkdir()
    lock_file.write_text(json.dumps({"cards": {}, "tags": {"mine": {"0.9.0": first.digest}}}))
    monkeypatch.setattr("registry.lock.shipped", lambda: lock_file.parent)
    assert tags.published(world.catalog.project, "mine", "0.9.0") == first
    with pytest.raises(UserError, match="tags that ship with a card stay"):
        tags.delete(world.catalog.project, "mine", "0.9.0")


@pytest.mark.parametrize(
    ("written", "card", "version"),
    [("mine", "mine", ""), ("mine@1.0.0", "mine", "1.0.0"), ("mine@a@b", "mine", "a@b")],
)
def test_a_reference_is_a_card_and_which_version(written, card, version):
    assert tags.reference(written) == (card, version)


@pytest.mark.parametrize("written", ["", "@1.0.0", "mine@"])
def test_half_a_reference_is_refused(written):
    with pytest.raises(UserError, match="names no version"):
        tags.reference(written)


@pytest.mark.parametrize(
    ("name", "part", "following"),
    [
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("v1.2.3", "major", "v2.0.0"),
        ("1.2.3", "none", None),
        ("paper", "major", None),
    ],
)
def test_the_tag_that_follows(name, part, following):
    assert tags.bumped(name, part) == following


def test_tags_sort_as_releases_do():
    names = ["1.10.0", "paper", "1.9.0", "v1.9.1"]
    assert sorted(names, key=tags.order) == ["paper", "1.9.0", "v1.9.1", "1.10.0"]


def test_a_number_that_is_too_long_is_a_name(two):
    assert tags.order("9" * 5_000 + ".0.0")[0] == ()
