"""Doubts about answers: what is plainly wrong comes first, whatever the form of the answer."""

import sys

import numpy as np
import pytest

from harness.annotate import confident
from registry.errors import UserError

SURE = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.05, 0.05, 0.9]])


def test_a_label_that_the_model_rules_out_is_doubted_most():
    labels = np.repeat([0, 1, 2], 10)
    given = labels.copy()
    given[4] = 2
    doubt = confident.single(given, SURE[labels])
    assert doubt.score.argmax() == 4
    assert np.flatnonzero(doubt.wrong).tolist() == [4]
    assert (doubt.score >= 0).all()
    assert (doubt.score <= 1).all()


def test_a_label_that_no_row_has_does_no_harm():
    labels = np.repeat([0, 1], 10)
    assert not confident.single(labels, SURE[labels]).wrong.any()


def test_of_a_set_one_label_too_many_or_too_few_is_doubted():
    truth = np.tile([[True, False, False], [False, True, True]], (10, 1))
    given = truth.copy()
    given[3, 0] = True
    given[4, 0] = False
    doubt = confident.multi(given, np.where(truth, 0.9, 0.1))
    assert set(np.argsort(doubt.score)[-2:]) == {3, 4}
    assert np.flatnonzero(doubt.wrong).tolist() == [3, 4]


@pytest.mark.parametrize("told", [0, 1, 2])
def test_a_label_of_all_sets_or_of_none_says_nothing(told):
    truth = np.tile([[True, False], [False, True]], (10, 1))[:, :told]
    given = truth.copy()
    given[3, :1] ^= True
    constant = np.tile([True, False], (20, 1))
    doubt = confident.multi(np.hstack([given, constant]), np.where(np.hstack([truth, constant]), 0.9, 0.1))
    assert np.flatnonzero(doubt.wrong).tolist() == [3][:told]
    assert np.flatnonzero(doubt.score == doubt.score.max()).tolist() == ([3] if told else list(range(20)))


def test_a_text_is_as_doubtful_as_its_worst_token():
    labels = np.array([0, 0, 1, 0, 2, 0, 0, 1, 2] * 5)
    given = labels.copy()
    given[13] = 1
    doubt = confident.tokens(given, SURE[labels], np.arange(0, 45, 3))
    assert len(doubt.score) == 15
    assert doubt.score.argmax() == 4
    assert np.flatnonzero(doubt.wrong).tolist() == [4]


@pytest.mark.parametrize("unit", [0.001, 1, 1000])
def test_a_number_is_doubted_by_its_distance_whatever_the_scale(unit):
    expected = np.linspace(-3, 3, 30) * unit
    given = expected + 0.1 * unit
    given[7] += 4 * unit
    given[8] += 2 * unit
    doubt = confident.scale(given, expected)
    assert np.argsort(doubt.score)[-2:].tolist() == [8, 7]
    assert doubt.wrong is None


def test_numbers_that_are_all_alike_are_all_fine():
    assert confident.scale(np.ones(3), np.ones(3)).score.tolist() == [0, 0, 0]


def test_without_cleanlab_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cleanlab.rank", None)
    with pytest.raises(UserError, match=r"pip install 'cardbench\[annotation\]'"):
        confident.single(np.array([0, 1]), SURE[:2])
