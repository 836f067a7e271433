"""From how alike two texts are to the answers of a task."""

import numpy as np
import pytest
from scipy.stats import linregress

from harness.examples import Examples, Labels, Numbers
from harness.methods.likeness import Cut, Line, learnt
from registry.errors import UserError


def labelled(gold):
    return Examples(("",) * len(gold), Labels(np.array(gold)))


def test_the_cut_lies_where_most_train_rows_are_right():
    likeness = np.array([0.1, 0.2, 0.3, 0.6, 0.7, 0.9])
    found = learnt(likeness, labelled([0, 0, 1, 1, 1, 0]), 2, "overlap")
    assert found.facts == {"cut": pytest.approx(0.25)}
    answers = found.answers(np.array([0.0, 0.25, 1.0]))
    assert answers.labels.tolist() == [0, 1, 1]
    assert answers.probabilities.tolist() == [[1, 0], [0.25, 0.75], [0.25, 0.75]]


def test_alike_can_also_mean_the_first_label_and_some_labels_are_never_told():
    found = learnt(np.array([0.1, 0.2, 0.8, 0.9]), labelled([2, 2, 0, 0]), 3, "overlap")
    assert found.answers(np.array([0.0, 1.0])).labels.tolist() == [2, 0]


def test_where_every_pair_is_equally_alike_the_more_frequent_label_is_all_there_is():
    found = learnt(np.zeros(3), labelled([1, 0, 1]), 2, "overlap")
    answers = found.answers(np.array([-1.0, 0.0, 1.0]))
    assert isinstance(found, Cut)
    assert answers.labels.tolist() == [1, 1, 1]
    assert answers.probabilities.sum(axis=1) == pytest.approx(1)


def test_numbers_follow_the_line_of_least_squares():
    likeness, values = np.array([0.0, 0.2, 0.5, 1.0]), np.array([1.0, 2.0, 2.0, 5.0])
    found = learnt(likeness, Examples(("",) * 4, Numbers(values)), 0, "cosine")
    expected = linregress(likeness, values)
    assert (found.slope, found.start) == pytest.approx((expected.slope, expected.intercept))
    flat = learnt(np.full(4, 0.3), Examples(("",) * 4, Numbers(values)), 0, "cosine")
    assert flat == Line(0.0, 2.5)
    rounded = learnt(np.full(7, 0.1), Examples(("",) * 7, Numbers(np.arange(7.0))), 0, "cosine")
    assert rounded == Line(0.0, 3.0)  # the mean of seven times 0.1 is not quite 0.1


def test_nothing_is_learnt_of_nothing():
    with pytest.raises(UserError, match="the cosine family needs training rows"):
        learnt(np.zeros(0), labelled(np.zeros(0, dtype=np.int64)), 2, "cosine")
