"""Metrics against scikit-learn where both are defined, and where the two must differ."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    matthews_corrcoef,
)

from harness.metrics.accuracy import Accuracy
from harness.metrics.balanced_accuracy import BalancedAccuracy
from harness.metrics.cross_entropy import CrossEntropy
from harness.metrics.jensen_shannon import JensenShannon
from harness.metrics.macro_f1 import MacroF1
from harness.metrics.mcc import Mcc
from harness.metrics.weighted_f1 import WeightedF1

CLASSES = 4


def f1(average):
    return lambda gold, predicted: f1_score(
        gold, predicted, labels=range(CLASSES), average=average, zero_division=np.nan
    )


ORACLES = [
    (Accuracy(), accuracy_score),
    (MacroF1(), f1("macro")),
    (WeightedF1(), f1("weighted")),
    (BalancedAccuracy(), balanced_accuracy_score),
    (Mcc(), matthews_corrcoef),
]
labels = st.integers(0, CLASSES - 1)
pairs = st.lists(st.tuples(labels, st.integers(-1, CLASSES - 1)), min_size=1, max_size=60)


@pytest.mark.parametrize(("metric", "oracle"), ORACLES, ids=lambda part: type(part).__name__)
@settings(deadline=None, max_examples=80)
@given(rows=pairs)
def test_equal_to_scikit_learn(metric, oracle, rows):
    gold, predicted = np.array(rows).T
    value = float(metric.value(metric.contributions(gold, predicted, CLASSES).sum(axis=0)))
    if isinstance(metric, Mcc) and gold.min() == gold.max():
        # scikit-learn says 0 (or 1, for a perfect answer); there is nothing to correlate with.
        assert np.isnan(value)
        assert metric.obstacle(gold, "abcd") == f'every row of the evaluated split has the label "{"abcd"[gold[0]]}"'
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert value == pytest.approx(oracle(gold, predicted), abs=1e-12)


@pytest.mark.parametrize("metric", [MacroF1(), BalancedAccuracy()], ids=lambda metric: type(metric).__name__)
def test_a_class_without_gold_rows_is_an_obstacle_and_not_a_zero(metric):
    gold = np.array([0, 0, 1, 3])
    assert metric.obstacle(gold, "abcd") == 'no row of the evaluated split has the label "c"'
    assert metric.obstacle(gold, "abcdef") == 'no row of the evaluated split has the label "c" or "e" or "f"'
    assert metric.obstacle(gold, [f"label {n}" for n in range(20)]).endswith('or "label 6" or "label 7" or 12 more')
    assert metric.obstacle(np.array([2, 1, 0]), "abc") is None


def test_a_class_missing_from_gold_leaves_accuracy_and_weighted_f1_defined():
    assert Accuracy().obstacle(np.array([0, 1]), "abc") is None
    assert WeightedF1().obstacle(np.array([0, 1]), "abc") is None


def test_in_a_resample_an_absent_class_is_left_out_and_a_wrongly_predicted_one_counts_zero():
    metric = MacroF1()
    absent = metric.contributions(np.array([0, 1]), np.array([0, 1]), 3).sum(axis=0)
    guessed = metric.contributions(np.array([0, 1, 1]), np.array([0, 1, 2]), 3).sum(axis=0)
    assert metric.value(absent) == 1.0
    assert metric.value(guessed) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_no_answer_lowers_recall_but_accuses_no_class():
    gold = np.array([0, 0, 1, 1])
    silent, wrong = np.array([0, -1, 1, 1]), np.array([0, 1, 1, 1])
    metric = MacroF1()
    of_silent = metric.value(metric.contributions(gold, silent, 2).sum(axis=0))
    of_wrong = metric.value(metric.contributions(gold, wrong, 2).sum(axis=0))
    assert of_silent == pytest.approx((2 / 3 + 1) / 2)
    assert of_wrong == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_sums_stay_exact_for_a_million_rows():
    gold = np.tile([0, 1], 500_000)
    metric = Mcc()
    assert metric.value(metric.contributions(gold, gold, 2).sum(axis=0)) == 1.0
    assert metric.value(metric.contributions(gold, 1 - gold, 2).sum(axis=0)) == -1.0


shares = st.lists(st.lists(st.integers(1, 9), min_size=CLASSES, max_size=CLASSES), min_size=2, max_size=20)


@settings(deadline=None, max_examples=60)
@given(votes=shares, answered=shares)
def test_models_against_votes_score_as_scipy_and_scikit_learn_say(votes, answered):
    rows = min(len(votes), len(answered))
    gold, predicted = (
        np.array([[number / sum(row) for number in row] for row in part[:rows]]) for part in (votes, answered)
    )
    divergence = JensenShannon().value(JensenShannon().contributions(gold, predicted, CLASSES).sum(axis=0))
    assert divergence == pytest.approx(np.mean(jensenshannon(gold, predicted, base=2, axis=1) ** 2), abs=1e-9)
    entropy = CrossEntropy().value(CrossEntropy().contributions(gold, predicted, CLASSES).sum(axis=0))
    # As one row for each label, weighted by its share of the votes.
    labels, weights = np.tile(np.arange(CLASSES), rows), gold.ravel()
    repeated = np.repeat(predicted, CLASSES, axis=0)
    assert entropy == pytest.approx(log_loss(labels, repeated, sample_weight=weights, labels=range(CLASSES)), abs=1e-9)


def test_a_label_that_a_model_excludes_costs_much_and_not_everything():
    gold, excluded = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    assert 7 < CrossEntropy().contributions(gold, excluded, 2)[0, 0] < CrossEntropy.highest
