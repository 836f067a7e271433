"""New rows against those of another card: what is known already leaves, and the other card is an input of the build."""

import json

import polars as pl
import pytest

from registry.build import build, locate
from registry.clean.dedupe_against import DedupeAgainst
from registry.errors import GateError, UserError
from tests.worlds import World, plenty, table

RATIOS = "split: {method: hash, ratios: {train: 0.6, validation: 0.2, test: 0.2}}\n"
OLD = [f"a rather long sentence about the film number {number}, told at length" for number in range(40)]


@pytest.fixture
def two(world: World) -> World:
    """The card films, built, and the card fresh that has three of its texts, one of them changed, and four others."""
    films = world.card(table(*((text, "ab"[number % 2]) for number, text in enumerate(OLD))), RATIOS, name="films")
    films.build("films")
    return against(films, "dedupe_against: films")


def against(world: World, op: str, more: str = "") -> World:
    new = [
        (OLD[0], "a"),
        (OLD[1].upper(), "b"),
        (OLD[2] + "!", "a"),
        *((f"unheard of {n}", "ab"[n % 2]) for n in range(4)),
    ]
    return world.card(table(*new), f"clean: [{{{op}}}]\n{more}", name="fresh")


def left(world: World) -> dict[str, tuple[str, str, float]]:
    ledger = world.build("fresh").published.read("ledger")
    return {
        row["text"]: (row["reason"], row["duplicate_of"], row["similarity"]) for row in ledger.iter_rows(named=True)
    }


def home_of(world: World, text: str) -> tuple[str, str]:
    """The split and the id of one of the films."""
    published = world.build("films").published
    for split in ("train", "validation", "test"):
        found = published.read(split).filter(pl.col("text") == text)
        if found.height:
            return split, found["id"][0]
    raise LookupError(text)


def test_rows_that_the_other_card_has_leave_and_say_where_they_are(two: World) -> None:
    gone = left(two)
    assert gone.keys() == {OLD[0], OLD[1].upper()}
    for old, new in ((OLD[0], OLD[0]), (OLD[1], OLD[1].upper())):
        split, row = home_of(two, old)
        assert gone[new] == (f"in {split} of films", f"films:{row}", 1.0)


def test_nearly_equal_rows_leave_where_the_card_asks_for_it(two: World) -> None:
    gone = left(against(two, "dedupe_against: {card: films, threshold: 0.8}"))
    assert gone.keys() == {OLD[0], OLD[1].upper(), OLD[2] + "!"}
    reason, twin, similarity = gone[OLD[2] + "!"]
    assert reason.startswith("near-duplicate in ")
    assert twin.startswith("films:")
    assert 0.8 <= similarity < 1


def test_only_the_named_splits_count(two: World) -> None:
    split, _ = home_of(two, OLD[0])
    others = [name for name in ("train", "validation", "test") if name != split]
    gone = left(against(two, f"dedupe_against: {{card: films, splits: [{', '.join(others)}]}}"))
    assert OLD[0] not in gone


def test_the_other_version_is_part_of_the_identity_and_of_the_lock(two: World) -> None:
    first = two.build("fresh")
    assert not two.build("fresh").fresh
    assert locate("fresh", two.catalog).digest == first.published.digest
    entry = json.loads((two.root / "cards.lock").read_text())["cards"]["fresh"]["sources"]
    name = "dedupe_against films (train, validation, test)"
    assert entry[name]["origin"] == {"version": {"card": "films", "splits": ["train", "validation", "test"]}}
    two.card(plenty(50), RATIOS, name="films").build("films")
    with pytest.raises(GateError, match="dedupe_against films"):
        build("fresh", two.catalog, offline=True, locked=True)
    again = two.build("fresh")
    assert again.fresh
    assert "dedupe_against films" in " ".join(change.text for change in again.changes)
    assert again.published.manifest["rows_kept"] == 7


def test_the_other_card_is_built_where_it_is_not(world: World) -> None:
    world.card(table(*((text, "ab"[number % 2]) for number, text in enumerate(OLD))), RATIOS, name="films")
    assert locate("fresh", against(world, "dedupe_against: films").catalog) is None
    assert len(left(world)) == 2


def test_cards_that_refer_to_each_other_are_refused(two: World) -> None:
    two.card(None, f"clean: [{{dedupe_against: fresh}}]\n{RATIOS}", name="films")
    with pytest.raises(UserError, match="derives from itself: fresh -> films -> fresh"):
        two.build("fresh")
    assert locate("fresh", two.catalog) is None


def test_an_op_that_was_given_nothing_to_compare_with_does_not_find_nothing() -> None:
    op = DedupeAgainst(card="films")
    with pytest.raises(RuntimeError, match="no rows of films"):
        op.links(pl.DataFrame({"text": ["a"]}))
