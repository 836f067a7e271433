"""What learns whom to trust, against slow implementations that follow the definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.annotation.aggregates.dawid_skene import DawidSkene
from registry.annotation.aggregates.mace import Mace, digamma
from registry.annotation.aggregates.one_coin import OneCoin
from registry.annotation.aggregates.weighted_majority import WeightedMajority
from registry.errors import UserError
from tests.registry.annotation.aggregates.crowds import LABELS, anonymous, chosen, crowd, named

K = range(len(LABELS))
vote = st.tuples(st.sampled_from("abcd"), st.sampled_from(LABELS))
crowds = st.lists(st.lists(vote, max_size=5, unique_by=lambda one: one[0]), min_size=1, max_size=12)


def turns(items, estimate, likelihood, priors):
    """Posteriors (items, labels) of expectation maximisation from vote shares on."""
    posterior = [[sum(label == k for _, label in item) / len(item) for k in K] for item in items]
    for _ in range(300):
        model = estimate(items, posterior)
        frequent = priors(posterior)
        scores = [
            [frequent[k] * math.prod(likelihood(model, who, k, label) for who, label in item) for k in K]
            for item in items
        ]
        before, posterior = posterior, [[one / sum(row) for one in row] for row in scores]
        if max(abs(a - b) for one, two in zip(before, posterior, strict=True) for a, b in zip(one, two, strict=True)) <= 1e-6:
            break
    return posterior


def estimated_priors(posterior):
    return [(sum(row[k] for row in posterior) + 1 / 3) / (len(posterior) + 1) for k in K]


def matrices(items, posterior):
    """By annotator, true label and given label, each with one vote more that is spread as those of all."""
    seen = {}
    for item, row in zip(items, posterior, strict=True):
        for who, label in item:
            for k in K:
                for one in (who, "all"):
                    seen[one, k, label] = seen.get((one, k, label), 0) + row[k]

    def total(who, k):
        return sum(seen.get((who, k, label), 0) for label in K)

    every = {(k, label): (seen.get(("all", k, label), 0) + 1 / 3) / (total("all", k) + 1) for k in K for label in K}
    return lambda who, k, label: (seen.get((who, k, label), 0) + every[k, label]) / (total(who, k) + 1)


def accuracies(items, posterior):
    right, cast = {"all": 0}, {"all": 0}
    for item, row in zip(items, posterior, strict=True):
        for who, label in item:
            for one in (who, "all"):
                right[one] = right.get(one, 0) + row[label]
                cast[one] = cast.get(one, 0) + 1
    overall = (right["all"] + 1 / 3) / (cast["all"] + 1)
    return {who: (right[who] + overall) / (cast[who] + 1) for who in cast}


def coin(model, who, k, label):
    return model[who] if label == k else (1 - model[who]) / 2


def coded(items):
    return [[(who, LABELS.index(label)) for who, label in item] for item in items if item]


@pytest.mark.parametrize(
    ("aggregate", "estimate", "likelihood"),
    [
        (DawidSkene(), matrices, lambda model, *vote: model(*vote)),
        (OneCoin(), accuracies, coin),
    ],
    ids=["dawid-skene", "one-coin"],
)
@settings(deadline=None, max_examples=30)
@given(items=crowds)
def test_equal_to_the_definition(aggregate, estimate, likelihood, items):
    found = aggregate.combine(named(items), "first")
    posterior = turns(coded(items), estimate, likelihood, estimated_priors) if coded(items) else []
    voted = [place for place, item in enumerate(items) if item]
    for place, item, row in zip(voted, coded(items), posterior, strict=True):
        best = max(row[label] for _, label in item)
        assert found.certainty[place] == pytest.approx(row[int(found.values[place])], abs=1e-4)
        assert found.certainty[place] == pytest.approx(best, abs=1e-4)


def test_weights_settle_on_how_often_each_is_right():
    truth, votes = crowd(3, [0.9, 0.8, 0.4, 0.4, 0.3], items=60)
    found = WeightedMajority().combine(votes, "first")
    given = votes.values.reshape(60, 5)
    right = (given == found.values[:, None]).sum(axis=0)
    weights = (right + right.sum() / 300) / 61
    sums = np.stack([((given == label) * weights).sum(axis=1) for label in K], axis=1)
    np.testing.assert_array_equal(found.values, sums.argmax(axis=1))
    np.testing.assert_allclose(found.certainty, sums.max(axis=1) / weights.sum(), atol=1e-9)


def test_mace_is_at_rest_where_its_equations_hold():
    """The answers are the posterior of the spam model whose expected counts follow from them (variational Bayes)."""
    _, votes = crowd(5, [0.9, 0.9, 0.6, 0.35, 0.35], items=80)
    found = Mace().combine(votes, "first")
    given = votes.values.reshape(80, 5).astype(int)
    meant = np.tile(found.certainty[:, None] * (given == found.values[:, None]), 1)
    psi = np.vectorize(lambda x: (math.lgamma(x + 1e-5) - math.lgamma(x - 1e-5)) / 2e-5)
    honest = np.zeros((5, 3))
    posterior = np.full((80, 3), 1 / 3)
    posterior[np.arange(80), found.values.astype(int)] = found.certainty
    seen = np.stack([(given == label).sum(axis=0) for label in K], axis=1)
    copies = seen * 0.5
    for _ in range(600):
        spam = seen - copies
        theta = np.exp(psi(copies.sum(axis=1) + 0.5) - psi(seen.sum(axis=1) + 1))
        gamma = np.exp(psi(spam.sum(axis=1) + 0.5) - psi(seen.sum(axis=1) + 1))
        xi = np.exp(psi(spam + 10) - psi(spam.sum(axis=1) + 30)[:, None])
        chance = gamma[:, None] * xi
        like = np.ones((80, 3))
        for person in range(5):
            each = chance[person, given[:, person]][:, None] * np.ones(3)
            each[np.arange(80), given[:, person]] += theta[person]
            like *= each
        posterior = like / like.sum(axis=1, keepdims=True)
        share = theta[:, None] / (theta[:, None] + chance)
        copies = np.zeros((5, 3))
        for person in range(5):
            own = posterior[np.arange(80), given[:, person]] * share[person, given[:, person]]
            np.add.at(copies[person], given[:, person], own)
    np.testing.assert_array_equal(found.values, posterior.argmax(axis=1))
    np.testing.assert_allclose(found.certainty, posterior.max(axis=1), atol=1e-4)
    assert honest.shape == (5, 3)
    assert meant.shape == (80, 5)


def test_digamma_has_its_known_values():
    euler = 0.57721566490153286
    known = [-euler - 2 * math.log(2), -euler, 1 - euler, 1 + 1 / 2 + 1 / 3 - euler]
    np.testing.assert_allclose(digamma(np.array([0.5, 1, 2, 4])), known, atol=1e-12)
    assert digamma(np.array([1e6]))[0] == pytest.approx(math.log(1e6) - 0.5e-6, abs=1e-12)


def test_a_mislabeller_who_is_known_says_what_is_meant():
    """Who always takes good for fair is right where the confusion is known, and wrong for a single accuracy."""
    generator = np.random.default_rng(0)
    truth = generator.integers(3, size=300)
    swapped = np.where(truth == 2, 1, truth)
    noisy = [np.where(generator.random(300) < 0.75, truth, generator.integers(3, size=300)) for _ in range(3)]
    items = [
        [("swap", LABELS[swapped[place]]), *((f"n{who}", LABELS[one[place]]) for who, one in enumerate(noisy))]
        for place in range(300)
    ]
    found = DawidSkene().combine(named(items), "first")
    swap = found.confusion[3]
    assert swap[2, 1] > 0.95
    assert swap[0, 0] > 0.95
    assert np.mean(found.values == truth) > np.mean(OneCoin().combine(named(items), "first").values == truth)


@pytest.mark.parametrize("aggregate", [DawidSkene(), Mace(), OneCoin(), WeightedMajority()])
def test_a_split_vote_goes_to_whom_the_others_bear_out(aggregate):
    known = [[("ann", "good"), ("bob", "good"), ("cid", "bad")], [("ann", "bad"), ("bob", "bad"), ("cid", "fair")]] * 10
    assert chosen(aggregate.combine(named([*known, [("ann", "good"), ("cid", "bad")]]), "drop"))[-1] == "good"


@pytest.mark.parametrize("aggregate", [DawidSkene(), Mace(), OneCoin(), WeightedMajority()])
def test_an_anonymous_vote_weighs_like_that_of_an_average_annotator(aggregate):
    known = [[("ann", "good"), ("bob", "good"), ("cid", "bad")], [("ann", "bad"), ("bob", "bad"), ("cid", "fair")]] * 10
    found = aggregate.combine(named([*known, [(None, "bad"), ("ann", "good")], [(None, "bad"), ("cid", "good")]]), "drop")
    assert chosen(found)[-2:] == ["good", "bad"]
    assert len(found.skill) == 3


def test_too_many_labels_for_matrices_are_refused_with_what_to_do():
    labels = tuple(f"label {number:05}" for number in range(6000))
    votes = named([[("ann", labels[0]), ("bob", labels[1])]], labels)
    with pytest.raises(UserError, match="one-coin"):
        DawidSkene().combine(votes, "drop")
    assert OneCoin().combine(votes, "first").values.tolist() == [0]


def test_votes_without_names_are_refused_with_what_to_do():
    for votes in (anonymous([["good", "bad"]]), named([[(None, "good"), (None, "bad")]])):
        with pytest.raises(UserError, match="no vote says whose it is") as told:
            OneCoin().combine(votes, "drop")
        assert "aggregate: majority" in told.value.do
