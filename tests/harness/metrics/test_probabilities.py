"""Metrics of probabilities against scikit-learn, and what a resample makes of an area."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, f1_score, roc_auc_score

from harness.metric import WholeMetric
from harness.metrics.auroc import Auroc
from harness.metrics.brier import Brier
from harness.metrics.calibration_error import BINS, CalibrationError
from harness.metrics.lowest_class_f1 import LowestClassF1


def of(metric, gold, predicted):
    classes = predicted.shape[1]
    return float(metric.value(metric.contributions(gold, predicted, classes).sum(axis=0)))


@st.composite
def answered(draw, dtype=np.float64):
    """Every class has rows; probabilities are few different ones, so that there are many ties."""
    classes = draw(st.integers(2, 5))
    gold = [*range(classes), *draw(st.lists(st.integers(0, classes - 1), max_size=40))]
    row = st.lists(st.integers(0, 3), min_size=classes, max_size=classes).filter(any)
    counts = np.array(draw(st.lists(row, min_size=len(gold), max_size=len(gold))), dtype=float)
    return np.array(gold), (counts / counts.sum(axis=1, keepdims=True)).astype(dtype)


@settings(deadline=None, max_examples=80)
@given(case=answered())
def test_the_area_is_that_of_scikit_learn_ties_and_all(case):
    gold, predicted = case
    classes = predicted.shape[1]
    several = {"multi_class": "ovr", "average": "macro", "labels": range(classes)}
    expected = roc_auc_score(gold, predicted[:, 1]) if classes == 2 else roc_auc_score(gold, predicted, **several)
    assert of(Auroc(), gold, predicted) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=80)
@given(case=answered())
def test_the_brier_score_is_that_of_scikit_learn(case):
    gold, predicted = case
    given_to_it = predicted[:, 1] if predicted.shape[1] == 2 else predicted
    assert of(Brier(), gold, predicted) == pytest.approx(brier_score_loss(gold, given_to_it), abs=1e-9)


@settings(deadline=None, max_examples=80)
@given(case=answered(np.float32))
def test_the_calibration_error_is_the_sum_over_bins_that_its_paper_gives(case):
    gold, predicted = case[0], case[1].astype(np.float64)
    sure, right = predicted.max(axis=1), predicted.argmax(axis=1) == gold
    expected = 0.0
    for lower, upper in zip(np.linspace(0, 1, BINS + 1)[:-1], np.linspace(0, 1, BINS + 1)[1:], strict=True):
        inside = (sure > lower) & (sure <= upper)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - sure[inside].mean())
    assert CalibrationError().of_all(gold, predicted, predicted.shape[1]) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=80)
@given(case=answered())
def test_the_lowest_f1_is_the_least_of_scikit_learns(case):
    gold, said = case[0], case[1].argmax(axis=1)
    metric, classes = LowestClassF1(), case[1].shape[1]
    expected = min(f1_score(gold, said, average=None))
    assert metric.of_all(gold, said, classes) == pytest.approx(expected, abs=1e-12)


def test_a_resampled_area_spreads_as_one_that_is_ranked_anew():
    drawn = np.random.default_rng(3)
    gold = np.repeat([0, 1], [120, 60])
    score = np.clip(np.round(drawn.normal(gold * 0.3 + 0.35, 0.2), 2), 0, 1)
    predicted = np.column_stack([1 - score, score])
    counts = drawn.multinomial(180, np.full(180, 1 / 180), 300)
    moved = Auroc().value(counts @ Auroc().contributions(gold, predicted, 2))
    anew = [roc_auc_score(np.repeat(gold, row), np.repeat(score, row)) for row in counts]
    assert np.std(moved) == pytest.approx(np.std(anew), rel=0.05)
    assert np.corrcoef(moved, anew)[0, 1] > 0.99


def test_an_area_needs_every_label_and_two_of_them():
    assert Auroc().obstacle(np.array([0, 0, 2]), "abc") == 'no row of the evaluated split has the label "b"'
    assert Auroc().obstacle(np.array([0, 0]), "a") == 'every row of the evaluated split has the label "a"'
    without_the_third = Auroc().contributions(np.array([0, 1, 2]), np.eye(3), 3)[:2].sum(axis=0)
    assert Auroc().value(without_the_third) == 1.0


@pytest.mark.parametrize("metric", [Auroc(), Brier(), CalibrationError()], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(
    ("gold", "predicted", "told"),
    [
        ([0, 1], [[0.5, 0.5]], "2 shares"),
        ([0], [[0.5, 0.6]], "sum to 1"),
        ([0], [[float("nan"), 1.0]], "sum to 1"),
        ([2], [[0.5, 0.5]], "0..1"),
        ([-1], [[0.5, 0.5]], "0..1"),
    ],
)
def test_what_are_no_probabilities_of_the_labels_is_refused(metric, gold, predicted, told):
    computed = metric.of_all if isinstance(metric, WholeMetric) else metric.contributions
    with pytest.raises(ValueError, match=told):
        computed(np.array(gold), np.array(predicted), 2)


def test_what_every_resample_makes_look_worse_has_no_interval():
    drawn = np.random.default_rng(3)
    sure = drawn.beta(5, 2, 200)
    gold, predicted = (drawn.random(200) < sure).astype(int), np.column_stack([1 - sure, sure])
    rows = [drawn.integers(200, size=200) for _ in range(100)]
    metric = CalibrationError()
    again = [metric.of_all(gold[one], predicted[one], 2) for one in rows]
    assert np.quantile(again, 0.2) > metric.of_all(gold, predicted, 2)
    assert isinstance(metric, WholeMetric)
    assert isinstance(LowestClassF1(), WholeMetric)
