"""Coefficients with intervals: interval alpha against its definition, means over pairs, and what costs agreement."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.annotation.agreement import agreed, costs
from registry.annotation.votes import Votes
from tests.registry.annotation.voting import labels, lists, measure, numbers
from tests.registry.annotation.voting import value as total

ALPHA = measure("krippendorff-alpha", "interval")

ragged = st.lists(st.lists(st.integers(-4, 4), max_size=6), min_size=1, max_size=12)


def votes(items, dtype=pl.Float64):
    return Votes.from_list_column(pl.Series("votes", items, dtype=pl.List(dtype)))


def total_of(found):
    return total("krippendorff-alpha", found, "interval")


def by_definition(items):
    """Alpha from all ordered pairs of votes, within items and over all; None where undefined."""
    items = [item for item in items if len(item) >= 2]
    pooled = [vote for item in items for vote in item]
    expected = math.fsum((a - b) ** 2 for a, b in itertools.permutations(pooled, 2))
    if not expected:
        return None
    observed = math.fsum((a - b) ** 2 / (len(item) - 1) for item in items for a, b in itertools.permutations(item, 2))
    return 1 - (len(pooled) - 1) * observed / expected


@settings(deadline=None, max_examples=200)
@given(items=ragged, shift=st.sampled_from([0.0, 0.1, 1e6]))
def test_equal_to_the_definition(items, shift):
    expected = by_definition(items)
    value = total_of(votes([[vote + shift for vote in item] for item in items]))
    if expected is None:
        assert np.isnan(value)
    else:
        assert value == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(items=ragged, data=st.data())
def test_the_order_of_items_and_votes_does_not_change_the_value(items, data):
    shuffled = [data.draw(st.permutations(item)) for item in data.draw(st.permutations(items))]
    assert total_of(votes(items)) == pytest.approx(total_of(votes(shuffled)), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([[0.1, 0.1, 0.1], [0.1, 0.1]], "all votes on items with two votes or more are equal"),
        ([[2, 2], [3]], "all votes on items with two votes or more are equal"),
        ([[1], [2], []], "no item has two votes"),
        ([], "no item has two votes"),
    ],
)
def test_without_anything_to_compare_there_is_a_reason_and_no_number(items, reason):
    agreement = agreed(ALPHA, votes(items))
    assert (agreement.value, agreement.low, agreement.high) == (None, None, None)
    assert agreement.reason == reason


def test_too_few_items_have_a_value_but_no_interval():
    for items in ([[1, 2, 1]], [[1, 2], [1, 1], [1, 1]]):
        agreement = agreed(ALPHA, votes(items))
        assert agreement.value is not None
        assert (agreement.low, agreement.reason) == (None, "too few items vary for an interval")


def simulated(generator, items):
    """Five votes per item of variance 1 around item values of variance 2: alpha 2/3 for many items."""
    truth = generator.normal(0, 2**0.5, items)
    return votes((truth[:, None] + generator.normal(0, 1, (items, 5))).tolist())


def test_the_interval_covers_the_truth():
    def covered(seed):
        agreement = agreed(ALPHA, simulated(np.random.default_rng(seed), 100), resamples=300)
        return agreement.low <= 2 / 3 <= agreement.high

    assert 0.9 <= np.mean([covered(seed) for seed in range(300)]) <= 0.98


def test_the_interval_is_the_same_each_time():
    sample = simulated(np.random.default_rng(0), 50)
    assert agreed(ALPHA, sample) == agreed(ALPHA, sample)


def test_items_that_add_the_same_are_drawn_together_to_the_same_end():
    chance = np.random.default_rng(4)
    items = [["a", "b"] if one < 0.3 else ["a", "a"] if one < 0.7 else ["b", "b"] for one in chance.random(400)]
    together = agreed(measure("krippendorff-alpha"), labels(items, "ab"))
    # A value of its own for each item keeps them apart: nothing is drawn together.
    alone = [[0 + n * 1e-9, n * 1e-9 + (i == ["a", "b"])] for n, i in enumerate(items)]
    apart = [[vote + (i == ["b", "b"]) for vote in two] for two, i in zip(alone, items, strict=True)]
    other = agreed(ALPHA, votes(apart))
    assert together.value == pytest.approx(other.value, abs=1e-6)
    assert (together.low, together.high) == pytest.approx((other.low, other.high), abs=0.02)


def test_a_measure_of_two_is_the_mean_over_their_pairs():
    chance = np.random.default_rng(2)
    items = [[int(vote) for vote in chance.integers(3, size=3)] for _ in range(80)]
    cohen = measure("cohen-kappa")
    by_hand = [
        agreed(cohen, numbers([[item[a], item[b]] for item in items])).value for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    found = agreed(cohen, numbers(items))
    assert found.value == pytest.approx(np.mean(by_hand))
    assert found.low < found.value < found.high
    assert (found.items, found.votes) == (80, 240)


def test_without_names_there_are_no_two_annotators():
    found = agreed(measure("scott-pi"), labels([["a", "b"], ["a", "a"]], "ab", named=False))
    assert found.value is None
    assert found.reason == "the votes are anonymous, and the measure compares two annotators"
    apart = agreed(measure("scott-pi"), labels([["a", None], [None, "b"]], "ab"))
    assert apart.reason == "no item has votes of two annotators"


def test_ratios_need_a_scale_from_0():
    found = agreed(measure("krippendorff-alpha", "ratio"), numbers([[1, -2], [1, 1]]))
    assert (found.value, found.items) == (None, 2)
    assert "begins at 0" in found.reason


def test_more_sets_than_can_be_held_against_each_other_are_told(monkeypatch):
    monkeypatch.setattr("registry.annotation.distances.MOST_ANSWERS", 2)
    found = agreed(measure("krippendorff-alpha", "masi"), lists("multi", [[["a"], ["b"]], [["c"], ["a"]]]))
    assert found.value is None
    assert "3 different answers" in found.reason


def test_many_labels_share_a_column_and_the_value_stays_exact(monkeypatch):
    chance = np.random.default_rng(3)
    items = [[int(vote) for vote in chance.integers(30, size=3)] for _ in range(90)]
    items = [[item[0], item[0], item[2]] for item in items]
    names = [f"label {n}" for n in range(30)]
    coded = labels([[names[vote] for vote in item] for item in items], names)
    whole = {name: agreed(measure(name), coded) for name in ("krippendorff-alpha", "fleiss-kappa", "cohen-kappa")}
    monkeypatch.setattr("registry.annotation.chance.MOST_COLUMNS", 3)
    for name, before in whole.items():
        now = agreed(measure(name), coded)
        assert measure(name).terms(coded.where(coded.annotators < 2)).shape[1] <= 4 + 2 * 3
        assert now.value == pytest.approx(before.value, abs=1e-12)
        assert (now.low, now.high) == pytest.approx((before.low, before.high), abs=0.02)


def test_an_item_costs_what_agreement_would_gain_without_it():
    found = labels([["a", "a", "a"], ["a", "b", "b"], ["b", "b", "b"], ["a", "b", None], ["b"], []], "ab")
    alpha = measure("krippendorff-alpha")
    cost = costs(alpha, found)
    without = agreed(alpha, found.of_items(np.arange(6) != 3)).value - agreed(alpha, found).value
    assert cost[3] == pytest.approx(without)
    assert cost[[0, 2, 4, 5]].tolist() == [0, 0, 0, 0]
    assert cost[1] > 0
