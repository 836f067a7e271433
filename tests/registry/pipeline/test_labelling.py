"""Votes to labels, label sets, and the gate that annotators' agreement must pass."""

import polars as pl
import pytest

from registry.annotation.items import items
from registry.annotation.layers import Entry, add
from registry.errors import GateError, UserError
from tests.worlds import plenty, table

VOTES = """\
select: SELECT text, votes::INTEGER[] AS votes FROM rows
annotation:
  question: How good?
  scale: {{min: -4, max: 4}}
  votes: votes
  agreement: {{at_least: {at_least}}}
  on_failure: {on_failure}
labels: {labels}
{more}"""
RULES = '{from: {bad: "aggregate < 0", good: "aggregate > 0"}, else: {drop: undecided}}'


def voted(world, *rows, labels=RULES, at_least=-1, on_failure="fail", more=""):
    return world.card(
        table(*rows, header="text,votes"),
        VOTES.format(labels=labels, at_least=at_least, on_failure=on_failure, more=more),
    )


def labels_of(built):
    return dict(pl.read_parquet(built.published.split("test")).select("text", "label").rows())


def reasons_of(built):
    return dict(pl.read_parquet(built.published.folder / "ledger.parquet").select("text", "reason").rows())


AGREED = (("a", "[3, 3]"), ("b", "[-3, -3]"), ("c", "[2, 3]"), ("d", "[-2, -3]"))


def test_rules_make_labels_of_the_mean_vote(world):
    built = voted(world, *AGREED, ("e", "[1, -1]"), ("f", "[]"), ("g", "[null]")).build()
    assert labels_of(built) == {"a": "good", "b": "bad", "c": "good", "d": "bad"}
    assert reasons_of(built) == {"e": "undecided", "f": "no votes", "g": "no votes"}
    frame = pl.read_parquet(built.published.split("test"))
    assert dict(frame.select("text", "aggregate").rows())["c"] == 2.5


def test_labels_stand_in_the_order_of_the_card(world):
    upside_down = '{from: {good: "aggregate > 0", bad: "aggregate < 0"}, else: {drop: undecided}}'
    assert voted(world, *AGREED, labels=upside_down).build().published.manifest["labels"] == ["good", "bad"]


def test_a_comment_in_a_rule_is_a_comment(world):
    commented = '{from: {bad: "aggregate < 0 -- not good", good: "aggregate > 0"}}'
    assert set(labels_of(voted(world, *AGREED, labels=commented).build()).values()) == {"bad", "good"}


def test_two_rules_that_hold_at_once_are_refused_with_an_example(world):
    overlapping = '{from: {bad: "aggregate < 1", good: "aggregate > 0"}}'
    with pytest.raises(UserError, match=r"two label rules hold for the same aggregate, for example 0\.5"):
        voted(world, *AGREED, ("e", "[0, 1]"), labels=overlapping).build()


def test_a_row_that_fits_no_rule_is_refused_where_the_card_says_no_else(world):
    with pytest.raises(UserError, match="no label rule fits 1 row") as refused:
        voted(world, *AGREED, ("e", "[0, 0]"), labels=RULES.split(", else", maxsplit=1)[0] + "}").build()
    assert "else: {drop: reason}" in str(refused.value)


def test_votes_outside_the_scale_are_refused_with_their_rows(world):
    with pytest.raises(UserError, match=r"the scale is -4 to 4; 2 votes outside it: .*(5|-9) at id"):
        voted(world, *AGREED, ("e", "[5, -9, 1]")).build()


def test_votes_that_are_no_lists_of_numbers_are_refused(world):
    world.card(
        table(("a", "3"), header="text,votes"),
        VOTES.format(labels=RULES, at_least=0, on_failure="fail", more="").replace(
            "votes::INTEGER[] AS votes", "votes"
        ),
    )
    with pytest.raises(UserError, match="votes must be lists of numbers"):
        world.build()


def test_pooled_votes_decide_the_label_of_equal_texts(world):
    rows = (("a", "[1, 1]"), ("A ", "[-3, -3]"), *AGREED[1:])
    built = voted(world, *rows, more="clean: [{dedupe_exact: {conflict: pool}}]\n").build()
    assert {labels_of(built).get("a"), labels_of(built).get("A ")} == {"bad", None}
    assert sorted(reasons_of(built).values()) == ["pooled into the kept row"]


QUARREL = (
    ("a", "[3, -3]"),
    ("b", "[-3, 2]"),
    ("c", "[2, -3]"),
    ("d", "[-2, 3]"),
    ("e", "[3, 3]"),
    ("f", "[-3, -3]"),
)


def test_weak_agreement_fails_the_build_with_its_figure(world):
    voted(world, *QUARREL, at_least=0.667)
    with pytest.raises(GateError) as refused:
        world.build()
    assert "below the 0.667 that the card asks for" in str(refused.value)
    assert refused.value.exit_code == 1
    assert not list((world.home / "versions").glob("*/*"))


def test_weak_agreement_warns_where_the_card_says_so_at_every_build(world):
    voted(world, *QUARREL, at_least=0.667, on_failure="warn")
    first, second = world.build(), world.build()
    assert first.fresh
    assert not second.fresh
    assert first.notices == second.notices
    assert "below the 0.667" in first.notices[0]


def test_a_raised_gate_is_enforced_on_a_version_that_lies_in_the_store(world):
    voted(world, *QUARREL, at_least=-1).build()
    with pytest.raises(GateError):
        voted(world, *QUARREL, at_least=0.9).build()


def test_agreement_that_cannot_be_computed_does_not_pass(world):
    with pytest.raises(GateError, match="cannot be computed: no item has two votes; the card asks for -1"):
        voted(world, ("a", "[3]"), ("b", "[-3]")).build()


def test_agreement_of_very_few_items_has_no_interval_and_is_still_told(world):
    with pytest.raises(GateError, match=r"is -?0.000 \(too few items vary for an interval\)"):
        voted(world, ("a", "[3, -3]"), ("b", "[3]"), at_least=0.5).build()


def test_the_label_set_is_what_the_column_holds_in_order(world):
    built = world.card(table(("a", "zebra"), ("b", "ant"), ("c", "很好"))).build()
    assert built.published.manifest["labels"] == ["ant", "zebra", "很好"]


def test_labels_that_the_card_does_not_name_are_listed_with_their_counts(world):
    with pytest.raises(UserError) as refused:
        world.card(table(("a", "good"), ("b", "Good"), ("c", "Good"), ("d", "?")), "labels: [bad, good]\n").build()
    assert '"?" (1 row), "Good" (2 rows)' in str(refused.value)
    assert "The card names: bad, good." in str(refused.value)


def test_one_label_is_nothing_to_tell_apart(world):
    with pytest.raises(UserError, match="at least two labels"):
        world.card(table(("a", "good"), ("b", "good"))).build()


def test_labels_that_only_case_or_space_tell_apart_are_refused_unless_named(world):
    csv = plenty(20, ("bad", "good")) + '"one more","bad "\n"and another","Good"\n'
    world.card(csv)
    with pytest.raises(UserError, match="differ only in case or white space") as refused:
        world.build()
    assert '"bad " (1 row)' in str(refused.value)
    world.card(csv, "labels: [bad, good, 'bad ', Good]\n")
    assert world.build().published.manifest["labels"] == ["bad", "good", "bad ", "Good"]


ALIKE = (
    ("1", "same", "good"),
    ("2", "Same", "bad"),
    ("3", "same ", "bad"),
    ("4", "other", "good"),
    ("5", "more", "bad"),
)
POOL = "labels: [bad, good]\nclean: [{dedupe_exact: {conflict: pool}}]\n"


@pytest.mark.parametrize("asked", ["", "annotation: {question: How does it sound?}\n"])
def test_of_equal_texts_that_nobody_was_asked_about_the_most_frequent_label_counts(world, asked):
    built = world.card(table(*ALIKE, header="id,text,label"), asked + POOL).build()
    assert labels_of(built) == {"same": "bad", "other": "good", "more": "bad"}


@pytest.mark.parametrize("asked", ["", "annotation: {question: How does it sound?}\n"])
def test_a_decision_on_one_of_equal_texts_goes_before_the_most_frequent_label(world, asked):
    world.card(table(*ALIKE, header="id,text,label"), asked + POOL)
    adjudicated(world, ("2", "good"))
    built = world.build()
    assert labels_of(built) == {"same": "good", "other": "good", "more": "bad"}
    assert built.published.read("test").filter(id="1")["decided_by"].to_list() == ["adjudication: lena"]


@pytest.mark.parametrize("number", [7, -7.5, "nan", "1e400"])
def test_a_decision_outside_the_scale_is_refused_with_its_row(world, number):
    voted(world, *AGREED)
    row = adjudicated(world, (None, number))
    with pytest.raises(UserError, match=f"the scale is -4 to 4; adjudicated outside it: .* at id {row}"):
        world.build()


def adjudicated(world, *answers):
    """The last item of the answers; None is the first of the card."""
    shown = dict(items("mine", world.catalog).rows.select("id", "shown").rows())
    entries = [
        Entry(
            item=item or next(iter(shown)),
            shown=shown[item or next(iter(shown))],
            role="adjudication",
            annotator="lena",
            answer=a,
        )
        for item, a in answers
    ]
    add(world.root, "mine", "bench", entries)
    return entries[-1].item
