"""Rows and the difference they tell apart, held against simulated pairs of models."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.power import DISCORDANT, POWER, rows_needed, smallest_difference

CRITICAL = 3.841458820694124
"""The 95% quantile of chi-squared with one degree of freedom."""


def found_share(rows, difference, discordant, trials=4000):
    """How often McNemar's test finds a difference that is there."""
    rng = np.random.default_rng(7)
    shares = [(discordant + difference) / 2, (discordant - difference) / 2, 1 - discordant]
    better, worse, _ = rng.multinomial(rows, shares, size=trials).T
    statistic = (better - worse) ** 2 / np.maximum(better + worse, 1)
    return np.mean(statistic > CRITICAL)


@pytest.mark.parametrize(("difference", "discordant"), [(0.02, 0.1), (0.05, 0.1), (0.05, 0.3), (0.1, 0.2)])
def test_that_many_rows_find_the_difference_as_often_as_promised(difference, discordant):
    share = found_share(rows_needed(difference, discordant), difference, discordant)
    assert share == pytest.approx(POWER, abs=0.03)


def test_half_the_rows_do_not():
    assert found_share(rows_needed(0.05) // 2, 0.05, DISCORDANT) < 0.6


def test_the_formula_by_hand():
    assert rows_needed(0.1, 0.2) == 155  # (1.95996 * 0.44721 + 0.84162 * 0.43589)^2 / 0.01 = 154.7
    assert rows_needed(0.4, 0.5) == 23  # the example of public calculators


@given(st.integers(4, 10**7), st.floats(0.01, 1))
def test_what_rows_can_tell_needs_no_more_rows(rows, discordant):
    smallest = smallest_difference(rows, discordant)
    assert smallest is not None
    assert rows_needed(smallest, discordant) <= rows
    assert smallest < 1e-6 or rows_needed(smallest * 0.999, discordant) >= rows


@given(st.floats(0.001, 0.9), st.floats(1.01, 1.1))
def test_a_smaller_difference_needs_no_fewer_rows(difference, factor):
    assert rows_needed(difference) >= rows_needed(difference * factor)


@pytest.mark.parametrize("rows", [-1, 0, 1, 3])
def test_a_handful_of_rows_tells_nothing(rows):
    assert smallest_difference(rows) is None


def test_four_rows_tell_right_from_wrong():
    assert rows_needed(1.0) == 4
    assert smallest_difference(4) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("difference", [0, -0.1, 1.1, float("nan")])
def test_no_difference_is_no_question(difference):
    with pytest.raises(ValueError, match="a difference in accuracy"):
        rows_needed(difference)
