"""Two of five annotators are worse than chance: majority loses, and what learns whom to trust does not."""

import numpy as np
import pytest

from registry.annotation.raters import skill
from registry.kinds import AGGREGATES
from tests.registry.annotation.aggregates.crowds import accuracy, crowd, planted

SEEDS = range(10)
LEARNERS = ("dawid-skene", "mace", "one-coin", "weighted-majority")


def mean_accuracy(name, crowds):
    return np.mean([accuracy(AGGREGATES.get(name)().combine(one.votes, "first"), one.truth) for one in crowds])


def test_majority_is_about_as_right_as_it_is_said_to_be():
    assert mean_accuracy("majority", map(planted, SEEDS)) == pytest.approx(0.935, abs=0.015)


@pytest.mark.parametrize(("name", "floor"), [("dawid-skene", 0.97), ("mace", 0.98), ("one-coin", 0.98)])
def test_those_who_learn_whom_to_trust_are_clearly_better(name, floor):
    crowds = [planted(seed) for seed in SEEDS]
    assert mean_accuracy(name, crowds) >= 0.99
    for one in crowds:
        learned = accuracy(AGGREGATES.get(name)().combine(one.votes, "first"), one.truth)
        assert learned >= floor
        assert learned >= accuracy(AGGREGATES.get("majority")().combine(one.votes, "first"), one.truth) + 0.02


@pytest.mark.parametrize("name", LEARNERS)
def test_nobody_is_worse_than_majority_where_all_are_alike(name):
    crowds = [crowd(seed, [0.8] * 5) for seed in SEEDS]
    assert mean_accuracy(name, crowds) >= mean_accuracy("majority", crowds) - 0.005


@pytest.mark.parametrize("name", ["majority", *LEARNERS])
def test_skill_tells_the_good_from_the_bad(name):
    votes = planted(1).votes
    found = skill(votes, AGGREGATES.get(name)().combine(votes, "drop").values)
    assert found[:3].min() > 0.85
    assert found[3:].max() < 0.25


@pytest.mark.parametrize("name", LEARNERS[:3])
def test_the_certainty_is_how_often_the_answer_is_right(name):
    crowds = [crowd(seed, [0.9, 0.8, 0.7, 0.6, 0.4], items=500) for seed in range(4)]
    found = [AGGREGATES.get(name)().combine(one.votes, "first") for one in crowds]
    certainty = np.concatenate([one.certainty for one in found])
    right = np.concatenate([one.values == known.truth for one, known in zip(found, crowds, strict=True)])
    assert right.mean() == pytest.approx(certainty.mean(), abs=0.03)
    doubtful = certainty < 0.8
    assert right[doubtful].mean() == pytest.approx(certainty[doubtful].mean(), abs=0.08)
