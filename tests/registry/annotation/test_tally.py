"""Which answers an item can have, which are ahead, and how likely they are at the edges of what floats can say."""

import numpy as np
import pytest

from registry.annotation.deciding import decided
from registry.annotation.learning import posteriors
from registry.annotation.tally import tallied
from tests.registry.annotation.aggregates.crowds import anonymous, chosen


def test_every_item_has_the_answers_that_it_was_given_in_the_order_of_the_card():
    given = tallied(anonymous([["good", "bad", "good"], [], ["fair"]]))
    assert list(zip(given.items.tolist(), given.answers.tolist(), strict=True)) == [(0, 0), (0, 2), (2, 1)]
    assert given.of_votes.tolist() == [1, 0, 1, 2]
    assert given.counts.tolist() == [1, 2, 1]
    assert given.items[given.starts].tolist() == [0, 2]


def test_scores_that_differ_by_rounding_alone_are_tied():
    votes = anonymous([["good", "bad"], ["good", "bad"]])
    found = decided(votes, tallied(votes), np.array([0.5, 0.5 + 5e-10, 0.5, 0.5 + 5e-9]), "first")
    assert found.tied.tolist() == [True, False]
    assert chosen(found) == ["bad", "good"]


@pytest.mark.parametrize(
    ("evidence", "labels", "expected"),
    [
        ([-1e4, -1e4], 2, [0.5, 0.5]),
        ([-1e4, -1e4], 3, [0, 0]),
        ([1e4, -1e4], 3, [1, 0]),
        ([0, 0], 4, [0.25, 0.25]),
        ([np.log(3), 0], 3, [0.6, 0.2]),
    ],
)
def test_answers_that_nobody_gave_take_their_part(evidence, labels, expected):
    given = tallied(anonymous([["a", "b"]], ("a", "b", "c", "d")[:labels]))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_allclose(posteriors(given, np.array(evidence, dtype=float), labels), expected, atol=1e-10)
