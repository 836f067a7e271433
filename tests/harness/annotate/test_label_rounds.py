"""Which items an annotator is asked about: blind to the others, in an order of their own."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from harness.annotate.rounds import Asked, question, queue
from harness.annotate.session import Item
from registry.annotation.items import Items, items
from registry.annotation.layers import Entry
from registry.build import fetch_context
from registry.errors import UserError
from registry.progress import Silent
from tests.worlds import World, table

ASKS = """\
labels: [bad, good]
annotation:
  question: Is it good?
  {more}
  votes: {{columns: [ana, bo, cy]}}
"""


@pytest.fixture
def asked(world: World):
    def make(*votes: tuple[str, str, str], more: str = "votes_per_item: 1") -> Items:
        rows = [(str(n), f"text {n}", *given) for n, given in enumerate(votes)]
        world.card(table(*rows, header="id,text,ana,bo,cy"), ASKS.format(more=more))
        return items("mine", world.catalog)

    return make


def queued(found: Items, asked: Asked, drafted: dict[str, Entry], ranks: Sequence[str] = ()) -> tuple[Item, ...]:
    """The queue where a model puts rows in the order of `ranks`."""
    return queue(found, asked, drafted, lambda: pl.DataFrame({"id": ranks}))


def texts(found: Items, *arguments: Any, drafted: dict[str, Entry] | None = None, **named: Any) -> list[str]:
    return [item.texts[0] for item in queued(found, Asked(*arguments, **named), drafted or {})]


def ask(found: Items, world: World, name: str = "ana", mode: Any = "vote"):
    context = fetch_context("mine", world.catalog, offline=True, progress=Silent())
    return question(found, Asked(name, mode), context)


def test_items_with_their_votes_and_ones_own_are_left_out(asked) -> None:
    found = asked(("", "", ""), ("good", "", ""), ("", "bad", ""), ("", "bad", "good"), more="votes_per_item: 2")
    assert sorted(texts(found, "ana")) == ["text 0", "text 2"]
    assert sorted(texts(found, "dora")) == ["text 0", "text 1", "text 2"]


def test_double_asks_again_what_others_answered(asked) -> None:
    found = asked(("", "", ""), ("good", "", ""), ("", "bad", ""), ("", "bad", "good"))
    assert sorted(texts(found, "ana", "double")) == ["text 2", "text 3"]
    assert sorted(texts(found, "bo", "double")) == ["text 1"]


def test_disagreement_is_adjudicated_ties_first_and_without_names(asked) -> None:
    split, tied = ("good", "good", "bad"), ("good", "bad", "")
    found = asked(split, ("good", "good", "good"), tied, ("", "", ""), tied)
    assert sorted(texts(found, "dora", "adjudicate")[:2]) == ["text 2", "text 4"]
    assert texts(found, "dora", "adjudicate")[2:] == ["text 0"]
    shown = queued(found, Asked("dora", "adjudicate"), {})
    assert sorted(shown[2].votes) == ["bad", "good", "good"]


def test_votes_are_shuffled_anew_for_each_item(asked) -> None:
    found = asked(*[("good", "bad", "")] * 30)
    assert len({item.votes for item in queued(found, Asked("dora", "adjudicate"), {})}) == 2


def test_on_a_scale_the_widest_disagreement_comes_first(world: World) -> None:
    rules = "{from: {bad: 'aggregate < 0', good: 'aggregate >= 0'}}"
    scale = ASKS.format(more="scale: {min: -4, max: 4}").replace("[bad, good]", rules)
    rows = [("a", "0", "1", ""), ("b", "-4", "4", ""), ("c", "1", "1", "1"), ("d", "0", "2", "1")]
    world.card(table(*rows, header="text,ana,bo,cy"), scale)
    found = items("mine", world.catalog)
    assert texts(found, "dora", "adjudicate") == ["b", "d", "a"]
    assert sorted(queued(found, Asked("dora", "adjudicate"), {})[0].votes) == ["-4", "4"]


def test_the_order_is_that_of_the_annotator_and_the_seed_alone(asked) -> None:
    found, others = (
        asked(*[("", "", "")] * 30),
        asked(*[("", "", "")] * 15, *[("", "bad", "")] * 15, more="votes_per_item: 3"),
    )
    assert texts(found, "ana") == texts(others, "ana")
    assert texts(found, "ana") != texts(found, "bo") != texts(found, "bo", seed=1)


def test_nothing_of_others_is_shown_to_who_votes(asked) -> None:
    found = asked(("", "bad", "bad"), more="votes_per_item: 3")
    (item,) = queued(found, Asked("ana"), {})
    assert (item.votes, item.present) == ((), None)


def test_a_round_goes_on_with_its_draft_unless_the_text_changed(asked) -> None:
    found = asked(*[("", "", "")] * 9)
    first = queued(found, Asked("ana", limit=4), {})
    kept = [first[2], first[0]._replace(shown="f" * 16)]
    drafted = {item.id: Entry(item=item.id, shown=item.shown, answer="good") for item in kept}
    again = queued(found, Asked("ana", limit=4), drafted)
    assert again[0] == first[2]
    assert [item.id for item in again[1:]] == [first[0].id, first[1].id, first[3].id]


def test_labels_are_reviewed_where_there_are_no_votes(world: World) -> None:
    found = items("mine", world.card(table(("one", "a"), ("two", "b"))).catalog)
    assert sorted(texts(found, "ana", "adjudicate")) == ["one", "two"]
    assert {item.present for item in queued(found, Asked("ana", "adjudicate"), {})} == {"a", "b"}
    asks = ask(found, world, mode="adjudicate")
    assert (asks.labels, asks.reviews) == (("a", "b"), True)
    with pytest.raises(UserError, match="it has no `annotation:`"):
        ask(found, world)


def test_who_is_not_on_the_roster_is_told_the_nearest_name(asked, world: World) -> None:
    found = asked(("", "", ""), more="annotators: [anna, bo]")
    assert ask(found, world, "anna").annotator == "anna"
    with pytest.raises(UserError, match=r'"ana" is not among .*nearest: "anna"'):
        ask(found, world)
    with pytest.raises(UserError, match="a name that can be read"):
        ask(found, world, "a\x1b[2J")


def test_the_guidelines_come_with_their_version(asked, world: World) -> None:
    world.write({"cards/guidelines/mine.md": "Be kind.\n"})
    found = asked(("", "", ""), more="guidelines: cards/guidelines/mine.md\n  guidelines_version: 3.10")
    guide = ask(found, world).guide
    assert guide is not None
    assert guide.text == "Be kind.\n"
    assert guide.title == f"cards/guidelines/mine.md, version 3.10 ({guide.digest})"
    assert len(guide.digest) == 12


def test_relations_are_for_tools(asked, world: World) -> None:
    found = asked(("", "", ""), more="answer: relations")
    with pytest.raises(UserError, match="no room"):
        ask(found, world)


@pytest.mark.parametrize(
    ("form", "vote", "shown"),
    [
        ("multi", '["bad","good"]', "bad, good"),
        ("multi", "[]", "none of them"),
        ("spans", '[[0,4,"good"]]', 'good "text" (0-4)'),
        ("text", "so so", "so so"),
    ],
)
def test_votes_are_shown_as_people_read_them(asked, form: str, vote: str, shown: str) -> None:
    found = asked(
        ("", vote, '["good"]' if form == "multi" else "[]" if form == "spans" else "fine"), more=f"answer: {form}"
    )
    (item,) = queued(found, Asked("dora", "adjudicate"), {})
    assert shown in item.votes


def test_what_is_adjudicated_may_follow_a_model(asked: Any) -> None:
    found = asked(("good", "good", ""), ("bad", "bad", ""), ("bad", "good", ""), ("good", "good", ""))
    shown = queued(found, Asked("dora", "adjudicate", take="suspects", limit=2), {}, ["3", "0", "1"])
    assert [item.id for item in shown] == ["3", "0"]
    drafted = {"0": Entry(item="0", shown=shown[1].shown, role="adjudication", answer="bad")}
    again = queued(found, Asked("dora", "adjudicate", take="suspects"), drafted, ["3", "0", "1"])
    assert [item.id for item in again] == ["0", "3", "1"]
    assert [item.id for item in queued(found, Asked("dora", "adjudicate", take="disagreement"), {})] == ["2"]
    assert len(queued(found, Asked("dora", "adjudicate", take="random"), {})) == 4
