"""What a card may ask of its votes, and what it says when it does not get it."""

import pytest

from registry import gate
from registry.errors import GateError
from tests.worlds import World, table

LABELS = "labels: [bad, good]\n"
VOTES = "id,text,ann,bob,cy"
WEAK = [(f"r{n:02}", f"text {n}", "good", "good" if n % 3 else "bad", "bad" if n % 4 else "") for n in range(24)]
FINE = [(f"r{n:02}", f"text {n}", *["good" if n % 2 else "bad"] * 3) for n in range(24)]


def asking(demands: str, more: str = "") -> str:
    agreement = f"  agreement: {{{demands}}}\n" if demands else ""
    return f"annotation:\n  question: q\n  votes: {{columns: [ann, bob, cy]}}\n{agreement}{more}{LABELS}"


def made(world: World, rows, demands: str, more: str = "") -> World:
    return world.card(table(*rows, header=VOTES), asking(demands, more))


def refused(world: World) -> str:
    with pytest.raises(GateError) as error:
        world.build()
    assert error.value.exit_code == 1
    assert "annotation > agreement" in error.value.where
    return error.value.what


def test_a_card_that_asks_for_nothing_is_passed(world):
    built = made(world, WEAK, "").build()
    judged = gate.verdict(built.card, built.published.manifest["agreement"])
    assert (judged["at_least"], judged["passed"], judged["unmet"]) == (None, True, [])
    assert not built.notices


def test_what_is_met_builds(world):
    demands = "at_least: 0.9, per_label: 0.9, min_votes: 3, max_ties: 0"
    assert not made(world, FINE, demands).build().notices


def test_all_that_is_not_met_is_told_at_once_with_where_it_is_worst(world):
    demands = "at_least: 0.5, per_label: {good: 0.6}, min_votes: 3, max_ties: 0.01"
    told = refused(made(world, WEAK, demands)).splitlines()
    assert told[0].startswith("krippendorff-alpha (nominal) is -0.")
    assert told[0].endswith("], below the 0.5 that the card asks for")
    assert 'on "good" is -0.' in told[1]
    assert told[2] == "  6 of 24 rows with votes have fewer than the 3 votes that the card asks for, the least 2"
    assert told[3] == "  the votes on 8.3% of the rows are tied, more than the 1.0% that the card allows"
    assert told[4].startswith("  most disagreement on id r")
    assert told[5].startswith("  least agreement between ")
    assert "ann and cy" in told[5]


def test_one_floor_is_that_of_every_label(world):
    told = refused(made(world, WEAK, "per_label: 0.9"))
    assert 'on "bad" is' in told
    assert 'on "good" is' in told


def test_a_value_that_cannot_be_computed_is_not_met(world):
    rows = [(f"r{n}", f"text {n}", "good" if n % 2 else "bad", "", "") for n in range(8)]
    assert refused(made(world, rows, "at_least: -1")) == (
        "krippendorff-alpha (nominal) cannot be computed: no item has two votes; the card asks for -1"
    )


def test_a_warning_says_the_same_and_the_version_is_there(world):
    told = refused(made(world, WEAK, "at_least: 0.5, min_votes: 3"))
    warned = made(world, WEAK, "at_least: 0.5, min_votes: 3", "  on_failure: warn\n").build()
    assert warned.notices == (told,)
    assert gate.verdict(warned.card, warned.published.manifest["agreement"])["passed"] is False


def test_a_gate_may_be_raised_without_measuring_again(world):
    built = made(world, WEAK, "min_votes: 2").build()
    assert "6 of 24 rows" in refused(made(world, WEAK, "min_votes: 3"))
    assert made(world, WEAK, "").build().published.digest == built.published.digest


def test_another_measure_is_measured(world):
    made(world, FINE, "at_least: 0.5").build()
    built = made(world, FINE, "measure: gwet-ac1, at_least: 0.5").build()
    assert built.published.manifest["agreement"]["measure"] == "gwet-ac1"


def test_hostile_labels_do_not_reach_the_terminal(world):
    measured = {
        "measure": "percent",
        "level": "",
        "value": 0.5,
        "low": None,
        "high": None,
        "reason": "too few items vary for an interval",
        "worst_items": [{"id": "\x1b[2J", "votes": ["\x1b[31m"], "of_votes": 1}],
        "pairs": {"worst": [{"first": "\u202e", "second": "b", "value": 0.1}]},
    }
    card = made(world, FINE, "at_least: 0.9", "  on_failure: warn\n").catalog.dataset("mine")
    told = gate.enforce(card, measured, "here")
    assert told.startswith("percent is 0.500 (too few items vary for an interval), below the 0.9")
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_older_versions_that_were_measured_less_do_not_pass_what_is_asked_now(world):
    measured = {
        "measure": "krippendorff-alpha",
        "level": "nominal",
        "value": 1.0,
        "low": 1.0,
        "high": 1.0,
        "reason": "",
    }
    card = made(world, FINE, "per_label: {good: 0.1}, max_ties: 0.5, min_votes: 1").catalog.dataset("mine")
    assert len(gate.verdict(card, measured)["unmet"]) == 3


def test_what_is_asked_for_in_words(world):
    card = made(world, FINE, "at_least: 0.5, per_label: {good: 0.4}, min_votes: 3, max_ties: 0.05").catalog.dataset(
        "mine"
    )
    assert gate.demands(card.annotation.agreement) == 'at least 0.5, 0.4 for "good", 3 votes a row, at most 5.0% ties'
