"""Krippendorff's alpha against its definition and a published example; votes read from list columns."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.annotation.agreement import alpha_with_interval, krippendorff_alpha_interval
from registry.annotation.votes import Votes
from registry.errors import UserError

ragged = st.lists(st.lists(st.integers(-4, 4), max_size=6), min_size=1, max_size=12)


def votes(items, dtype=pl.Float64):
    return Votes.from_list_column(pl.Series("votes", items, dtype=pl.List(dtype)))


def by_definition(items):
    """Alpha from all ordered pairs of votes, within items and over all; None where undefined."""
    items = [item for item in items if len(item) >= 2]
    pooled = [vote for item in items for vote in item]
    expected = math.fsum((a - b) ** 2 for a, b in itertools.permutations(pooled, 2))
    if not expected:
        return None
    observed = math.fsum((a - b) ** 2 / (len(item) - 1) for item in items for a, b in itertools.permutations(item, 2))
    return 1 - (len(pooled) - 1) * observed / expected


def test_the_example_of_krippendorff_2011():
    # Four observers, twelve units, missing votes; the paper gives interval alpha .849.
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = votes([list(unit) for unit in zip(*observers, strict=True)])
    assert krippendorff_alpha_interval(units) == pytest.approx(0.849, abs=0.0005)
    agreement = alpha_with_interval(units)
    assert (agreement.items, agreement.votes) == (11, 40)


@settings(deadline=None, max_examples=200)
@given(items=ragged, shift=st.sampled_from([0.0, 0.1, 1e6]))
def test_equal_to_the_definition(items, shift):
    expected = by_definition(items)
    value = krippendorff_alpha_interval(votes([[vote + shift for vote in item] for item in items]))
    if expected is None:
        assert np.isnan(value)
    else:
        assert value == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(items=ragged, data=st.data())
def test_the_order_of_items_and_votes_does_not_change_the_value(items, data):
    shuffled = [data.draw(st.permutations(item)) for item in data.draw(st.permutations(items))]
    assert krippendorff_alpha_interval(votes(items)) == pytest.approx(
        krippendorff_alpha_interval(votes(shuffled)), abs=1e-12, nan_ok=True
    )


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
    agreement = alpha_with_interval(votes(items))
    assert (agreement.value, agreement.low, agreement.high) == (None, None, None)
    assert agreement.reason == reason


def test_too_few_items_have_a_value_but_no_interval():
    for items in ([[1, 2, 1]], [[1, 2], [1, 1], [1, 1]]):
        agreement = alpha_with_interval(votes(items))
        assert agreement.value is not None
        assert (agreement.low, agreement.reason) == (None, "too few items vary for an interval")


def simulated(generator, items):
    """Five votes per item of variance 1 around item values of variance 2: alpha 2/3 for many items."""
    truth = generator.normal(0, 2**0.5, items)
    return votes((truth[:, None] + generator.normal(0, 1, (items, 5))).tolist())


def test_the_interval_covers_the_truth():
    def covered(seed):
        agreement = alpha_with_interval(simulated(np.random.default_rng(seed), 100), resamples=300)
        return agreement.low <= 2 / 3 <= agreement.high

    assert 0.9 <= np.mean([covered(seed) for seed in range(300)]) <= 0.98


def test_the_interval_is_the_same_each_time():
    sample = simulated(np.random.default_rng(0), 50)
    assert alpha_with_interval(sample) == alpha_with_interval(sample)
    assert alpha_with_interval(sample) != alpha_with_interval(sample, seed=1)


def test_votes_from_a_list_column():
    read = votes([[1, None, 2], None, [], [None], [3]], pl.Int8)
    assert read.values.tolist() == [1, 2, 3]
    assert read.offsets.tolist() == [0, 2, 2, 2, 2, 3]
    assert read.counts.tolist() == [2, 0, 0, 0, 1]
    assert (read.values.dtype, read.offsets.dtype) == (np.float64, np.int64)


@pytest.mark.parametrize(
    "series",
    [
        pl.Series("v", [[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)),
        pl.Series("v", [["1.0", "2.0"], ["3.0", "4.0"]]).cast(pl.List(pl.Decimal(5, 2))),
        pl.Series("v", [[1, 2], [3, 4]]),
    ],
)
def test_other_kinds_of_number_lists_are_read_too(series):
    assert Votes.from_list_column(series).values.tolist() == [1, 2, 3, 4]


def test_empty_columns_are_columns_without_votes():
    assert Votes.from_list_column(pl.Series("v", [[], []])).counts.tolist() == [0, 0]
    assert Votes.from_list_column(pl.Series("v", [], dtype=pl.List(pl.Float64))).offsets.tolist() == [0]


@pytest.mark.parametrize(
    "series",
    [
        pl.Series("v", [["1", "2"]]),
        pl.Series("v", [1, 2]),
        pl.Series("v", [[True]]),
        pl.Series("v", ["[1, 2]"]),
    ],
)
def test_votes_that_are_not_numbers_are_refused(series):
    with pytest.raises(UserError, match='column "v" holds'):
        Votes.from_list_column(series)


def test_votes_that_are_not_finite_are_refused_with_their_row():
    with pytest.raises(UserError, match=r'2 of 3 votes in column "votes" .* nan, a vote on row 3'):
        votes([[1.0], [], [float("nan"), float("inf")]])
