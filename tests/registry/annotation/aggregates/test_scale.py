"""Mean and median of votes on a scale: exact, in any order, and nothing where nobody voted."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.annotation.aggregates.mean import Mean
from registry.annotation.aggregates.median import Median
from tests.registry.annotation.aggregates.crowds import numbers

whole = st.lists(st.lists(st.integers(-(2**40), 2**40), max_size=9), max_size=20)


@given(whole)
def test_means_of_whole_numbers_are_exact_and_absent_without_votes(items):
    expected = [sum(item) / len(item) if item else np.nan for item in items]
    np.testing.assert_array_equal(Mean().combine(numbers(items), "drop").values, expected)


@given(whole)
def test_the_median_is_the_vote_in_the_middle(items):
    expected = [statistics.median(item) if item else np.nan for item in items]
    np.testing.assert_array_equal(Median().combine(numbers(items), "drop").values, expected)


@pytest.mark.parametrize("aggregate", [Mean(), Median()])
@given(item=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), data=st.data())
def test_the_order_of_votes_changes_no_bit(aggregate, item, data):
    both = numbers([item, data.draw(st.permutations(item))])
    first, second = aggregate.combine(both, "drop").values
    assert first == second


@pytest.mark.parametrize("aggregate", [Mean(), Median()])
def test_an_item_without_votes_never_takes_its_neighbours(aggregate):
    found = aggregate.combine(numbers([[], [1, 2], [], [], [4], []]), "drop")
    np.testing.assert_array_equal(found.values, [np.nan, 1.5, np.nan, np.nan, 4, np.nan])
    assert (found.answers, found.tied, found.certainty) == ((), None, None)
    assert aggregate.combine(numbers([]), "drop").values.shape == (0,)


def test_one_vote_far_off_moves_the_mean_and_not_the_median():
    votes = numbers([[1, 1, 2, 1, 100]])
    assert Mean().combine(votes, "drop").values.tolist() == [21]
    assert Median().combine(votes, "drop").values.tolist() == [1]
