"""Metrics of label sets against scikit-learn: empty sets, labels that nobody has, a single label."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score, f1_score, hamming_loss

from harness.metrics.hamming_loss import HammingLoss
from harness.metrics.micro_f1 import MicroF1
from harness.metrics.multilabel_macro_f1 import MultilabelMacroF1
from harness.metrics.samples_f1 import SamplesF1
from harness.metrics.subset_accuracy import SubsetAccuracy


def f1(average, empty):
    return lambda gold, predicted: f1_score(gold, predicted, average=average, zero_division=empty)


ORACLES = [
    (MicroF1(), f1("micro", np.nan)),
    (MultilabelMacroF1(), f1("macro", np.nan)),
    (SamplesF1(), f1("samples", 1.0)),
    (SubsetAccuracy(), accuracy_score),
    (HammingLoss(), hamming_loss),
]
METRICS: list[Any] = [metric for metric, _ in ORACLES]
shapes = st.tuples(st.integers(1, 12), st.integers(2, 4))
sides = shapes.flatmap(lambda shape: st.tuples(arrays(bool, shape), arrays(bool, shape)))


def of(metric, gold, predicted):
    return float(metric.value(metric.contributions(gold, predicted, gold.shape[1]).sum(axis=0)))


@pytest.mark.parametrize(("metric", "oracle"), ORACLES, ids=lambda part: type(part).__name__)
@settings(deadline=None, max_examples=80)
@given(sides=sides)
def test_equal_to_scikit_learn(metric, oracle, sides):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = oracle(*(side.astype(int) for side in sides))
    assert of(metric, *sides) == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_a_single_label_is_a_label_set_too():
    gold, said = np.array([[True], [False], [True]]), np.array([[True], [False], [False]])
    assert [round(of(metric, gold, said), 4) for metric in METRICS] == [0.6667, 0.6667, 0.6667, 0.6667, 0.3333]


def test_a_label_that_no_row_has_leaves_only_the_mean_over_labels_without_a_value():
    gold = np.array([[True, False], [True, False]])
    told = [metric.obstacle(gold, "ab") for metric in METRICS]
    assert told == [None, 'no row of the evaluated split has the label "b"', None, None, None]
    assert MicroF1().obstacle(~gold & gold, "ab") == "no row of the evaluated split has a label"


@pytest.mark.parametrize("metric", METRICS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("said", [np.zeros((1, 2), bool), np.zeros((2, 3), bool), np.zeros((2, 2))])
def test_what_is_not_true_or_false_for_each_label_is_refused(metric, said):
    with pytest.raises(ValueError, match="label sets"):
        metric.contributions(np.zeros((2, 2), bool), said, 2)
