"""A whole round of the annotator but for the terminal: from the card to layers that a build takes in."""

from collections.abc import Callable

import pytest

from harness.annotate import keys
from harness.annotate.labelling import labelled
from harness.annotate.rounds import Asked, Mode
from harness.annotate.session import Change, Session, press
from harness.workspace import Workspace
from registry.annotation import layers
from registry.annotation.layers import Entry
from registry.errors import UserError
from tests.worlds import World, table

ASKS = """\
labels: [bad, good]
annotation: {question: Is it good?, guidelines: cards/guidelines/mine.md, votes_per_item: 2, ties: adjudicate}
"""


@pytest.fixture
def asking(world: World) -> World:
    world.write({"cards/guidelines/mine.md": "Be kind.\n"})
    return world.card(table(("1", "one"), ("2", "two"), ("3", "three"), header="id,text"), ASKS)


def types(pressed: str) -> Callable[[Session, Callable[[Change], None]], Session]:
    """A person with these keys in mind; who has no more of them presses Ctrl-C."""

    def annotate(session: Session, changed: Callable[[Change], None]) -> Session:
        for key in pressed:
            session, change = press(session, key)
            if change:
                changed(change)
            if session.ended:
                return session
        raise KeyboardInterrupt

    return annotate


def labels(world: World, name: str, pressed: str, mode: Mode = "vote", **more: int) -> str:
    return labelled("mine", Asked(name, mode, **more), Workspace(world.catalog, offline=True), types(pressed))


def entries(world: World) -> list[Entry]:
    found = layers.files(layers.folder(world.root, "mine"))
    return [entry for path in found for entry in layers.read(path).entries]


def test_two_vote_a_third_decides_and_the_build_takes_it_in(asking: World) -> None:
    assert "3 answers; `bench build mine`" in labels(asking, "ana", "111q")
    labels(asking, "bo", "222q")
    assert "nothing to do" in labels(asking, "cy", "")
    labels(asking, "chief", "22q", "adjudicate")
    rows = asking.build().published.read("test")
    assert rows["label"].to_list() == ["good", "good"]
    assert rows["decided_by"].to_list() == ["adjudication: chief"] * 2
    labels(asking, "chief", "1q", "adjudicate")
    assert "nothing to do" in labels(asking, "chief", "", "adjudicate")
    assert asking.build().published.read("test").height == 3


def test_an_entry_says_what_was_shown_when_and_under_which_guidelines(asking: World) -> None:
    labels(asking, "ana", "1q")
    (entry,) = entries(asking)
    assert (entry.annotator, entry.tool, entry.role) == ("ana", "bench", "vote")
    assert str(entry.time).endswith("+00:00")
    assert len(entry.guidelines) == 12


def test_a_round_that_was_stopped_goes_on(asking: World) -> None:
    with pytest.raises(KeyboardInterrupt):
        labels(asking, "ana", "12u")
    assert not entries(asking)
    labels(asking, "ana", "1q")
    assert [entry.answer for entry in entries(asking)] == ["bad", "bad"]
    labels(asking, "ana", "2q")
    assert "nothing to do" in labels(asking, "ana", "")


def test_no_answer_is_no_layer(asking: World) -> None:
    assert "no new layer" in labels(asking, "ana", "1usq")
    assert not entries(asking)


def test_parts_of_the_text_come_back_as_votes(asking: World) -> None:
    asking.card(more=ASKS.replace("{question", "{answer: spans, question"))
    labels(asking, "ana", f"1{keys.ENTER}q", limit=1)
    (entry,) = entries(asking)
    assert isinstance(entry.answer, list)
    assert entry.answer[0][2] == "bad"


def test_labels_are_reviewed_and_the_review_decides(world: World) -> None:
    world.card(table(("one", "bad"), ("two", "good")), "labels: [bad, good]\n")
    labels(world, "chief", "11q", "adjudicate")
    assert set(world.build().published.read("test")["label"]) == {"bad"}


def stopped(world: World, name: str, pressed: str) -> None:
    """A round that was left with Ctrl-C."""
    with pytest.raises(KeyboardInterrupt):
        labels(world, name, pressed)


def test_an_item_that_reads_otherwise_by_now_is_asked_again_and_no_other_passed_over(asking: World) -> None:
    stopped(asking, "ana", "111")
    asking.card(table(("1", "one"), ("2", "another two"), ("3", "three"), header="id,text"), ASKS)
    labels(asking, "ana", "2q")
    (changed,) = (entry for entry in entries(asking) if entry.answer == "good")
    assert changed.item == "2"


def test_answers_of_a_card_that_asks_otherwise_by_now_become_no_layer(asking: World) -> None:
    stopped(asking, "ana", "1")
    for more in (ASKS.replace("bad", "poor"), ASKS.replace("{question", "{answer: multi, question")):
        with pytest.raises(UserError, match=r'1 answer of an earlier round cannot be given .*: "bad"'):
            labels(asking.card(more=more), "ana", "q")
    assert not entries(asking)
    renamed = ASKS.replace("bad", "poor").replace("{question", "{migrations: {bad: poor}, question")
    labels(asking.card(more=renamed), "ana", "q")
    assert asking.build().published.read("test")["label"].to_list() == ["poor"]


def test_an_old_label_is_not_given_again_after_it_was_taken_back(asking: World) -> None:
    stopped(asking, "ana", "1")
    asking.card(more=ASKS.replace("bad", "poor").replace("{question", "{migrations: {bad: poor}, question"))
    assert "no new layer" in labels(asking, "ana", f"u{keys.ENTER}q")


def test_answers_that_find_no_room_as_a_layer_are_kept(asking: World) -> None:
    asking.write({"cards/annotations/mine": "in the way"})
    with pytest.raises(UserError, match="Every answer until then is kept"):
        labels(asking, "ana", "1q")
    (asking.root / "cards/annotations/mine").unlink()
    assert "1 answer" in labels(asking, "ana", "q")
