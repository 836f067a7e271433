"""`cards.lock`: a build elsewhere gives the same rows, or says what differs."""

import json

import pytest

from registry import lock
from registry.errors import GateError, UserError
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
    assert list(entry["sources"]["rows"]) == ["data/mine.csv"]
    assert set(entry["libraries"]) == {"duckdb", "polars"}


def test_other_rows_from_the_same_inputs_name_the_libraries_that_differ(built):
    tamper(
        built,
        content_digest="0" * 64,
        libraries={"duckdb": "0.1", "polars": entries(built)["mine"]["libraries"]["polars"]},
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
