"""Metrics of numbers against scipy and scikit-learn: ties, far from zero, very large and very small, constant."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr, rankdata, spearmanr
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from harness.metrics.mae import Mae
from harness.metrics.pearson import Pearson
from harness.metrics.r2 import R2
from harness.metrics.rmse import Rmse
from harness.metrics.spearman import Spearman
from harness.statistics.ranks import average_ranks

ORACLES = [
    (Pearson(), lambda gold, said: pearsonr(gold, said).statistic),
    (Spearman(), lambda gold, said: spearmanr(gold, said).statistic),
    (Rmse(), root_mean_squared_error),
    (Mae(), mean_absolute_error),
    (R2(), r2_score),
]
few = st.integers(-9, 9).map(lambda number: number / 4)
rows = st.lists(st.tuples(few, few), min_size=2, max_size=40)


def of(metric, gold, predicted):
    return float(metric.value(metric.contributions(np.array(gold), np.array(predicted), 0).sum(axis=0)))


@pytest.mark.parametrize(("metric", "oracle"), ORACLES, ids=lambda part: type(part).__name__)
@settings(deadline=None, max_examples=80)
@given(rows=rows)
def test_equal_to_scipy_and_scikit_learn(metric, oracle, rows):
    gold, said = np.array(rows).T
    if isinstance(metric, R2) and gold.min() == gold.max():
        return  # scikit-learn says 0 or 1; there is no spread to account for, as the next test tells
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert of(metric, gold, said) == pytest.approx(oracle(gold, said), rel=1e-9, abs=1e-9, nan_ok=True)


def test_numbers_that_are_all_equal_have_no_order_and_no_spread():
    for metric in (Pearson(), Spearman(), R2()):
        assert metric.obstacle(np.full(3, 0.1), ()) == "every row of the evaluated split has the number 0.1"
    assert Rmse().obstacle(np.full(3, 0.1), ()) is None
    for metric in (Pearson(), Spearman()):
        assert np.isnan(of(metric, [1.0, 2.0, 3.0], [0.1, 0.1, 0.1]))
        resampled = metric.contributions(np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.1, 0.7]), 0)[[0, 1, 1]]
        assert np.isnan(metric.value(resampled.sum(axis=0)))


@pytest.mark.parametrize(("times", "plus"), [(1.0, 1e9), (1e200, 0.0), (1e-200, 0.0), (-3.0, 0.5)])
def test_correlation_does_not_depend_on_scale_and_place(times, plus):
    gold, said = np.array([1.0, 2.0, 4.0, 8.0, 9.0]), np.array([1.5, 1.0, 5.0, 6.0, 9.5])
    for metric in (Pearson(), Spearman()):
        assert of(metric, gold, said * times + plus) == pytest.approx(np.sign(times) * of(metric, gold, said), rel=1e-6)


@given(values=st.lists(few, max_size=30))
def test_ranks_are_those_of_scipy(values):
    assert average_ranks(np.array(values)).tolist() == rankdata(values).tolist()


@pytest.mark.parametrize("metric", [one for one, _ in ORACLES], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("said", [[1.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_what_is_no_number_for_each_row_is_refused(metric, said):
    with pytest.raises(ValueError, match="numbers"):
        metric.contributions(np.array([1.0, 2.0]), np.array(said), 0)
