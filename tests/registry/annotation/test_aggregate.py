"""Aggregates of votes: exact means, and nothing where nobody voted."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from registry.annotation.aggregate import AGGREGATES, mean
from registry.annotation.votes import Votes


def votes(items):
    return Votes.from_list_column(pl.Series("votes", items, dtype=pl.List(pl.Float64)))


@given(st.lists(st.lists(st.integers(-(2**40), 2**40), max_size=9), max_size=20))
def test_means_of_whole_numbers_are_exact_and_absent_without_votes(items):
    expected = [sum(item) / len(item) if item else np.nan for item in items]
    np.testing.assert_array_equal(mean(votes(items)), expected)


def test_an_item_without_votes_never_takes_its_neighbours():
    np.testing.assert_array_equal(
        mean(votes([[], [1, 2], [], None, [4], []])), [np.nan, 1.5, np.nan, np.nan, 4, np.nan]
    )
    assert mean(votes([])).shape == (0,)
    assert np.isnan(mean(votes([[], []]))).all()


def test_every_aggregate_gives_one_value_per_item():
    for aggregate in AGGREGATES.values():
        assert aggregate(votes([[3, 3, 3], []])).tolist()[0] == 3
