"""What learns whom to trust, against slow implementations that follow the definitions."""

import math
from collections import Counter

import numpy as np
import pytest

from registry.annotation.aggregates.dawid_skene import DawidSkene
from registry.annotation.aggregates.mace import Mace, digamma
from registry.annotation.aggregates.one_coin import OneCoin
from registry.annotation.aggregates.weighted_majority import WeightedMajority
from registry.annotation.raters import confusion
from registry.errors import UserError
from tests.registry.annotation.aggregates.crowds import LABELS, anonymous, chosen, crowd, named

LEARNERS = [DawidSkene(), Mace(), OneCoin(), WeightedMajority()]
K = range(len(LABELS))
ALL = "all together"
every_learner = pytest.mark.parametrize("aggregate", LEARNERS, ids=lambda one: type(one).__name__)


def dawid_skene(items, posterior):
    """Prior and P(given | true) of each annotator; each row has one vote more, spread as those of all together."""
    seen = Counter()
    for item, row in zip(items, posterior, strict=True):
        for who, given in item:
            for true in K:
                seen.update({(who, true, given): row[true], (ALL, true, given): row[true]})

    def share(who, true, given, more):
        return (seen[who, true, given] + more) / (sum(seen[who, true, other] for other in K) + 1)

    def likelihood(who, true, given):
        thought = 0.8 if true == given else 0.1
        return share(who, true, given, share(ALL, true, given, thought))

    return [(sum(row[true] for row in posterior) + 1 / 3) / (len(posterior) + 1) for true in K], likelihood


def one_coin(items, posterior):
    right, cast = Counter(), Counter()
    for item, row in zip(items, posterior, strict=True):
        for who, given in item:
            right.update({who: row[given], ALL: row[given]})
            cast.update([who, ALL])

    def likelihood(who, true, given):
        overall = (right[ALL] + 0.8) / (cast[ALL] + 1)
        accuracy = (right[who] + overall) / (cast[who] + 1)
        return accuracy if true == given else (1 - accuracy) / 2

    return [1 / 3] * 3, likelihood


def by_definition(items, estimate):
    """Posteriors (items, labels) of expectation maximisation from the shares of the votes on."""
    posterior = [[sum(given == true for _, given in item) / len(item) for true in K] for item in items]
    for _ in range(300):
        prior, likelihood = estimate(items, posterior)
        scores = [
            [prior[true] * math.prod(likelihood(*_at(vote, true)) for vote in item) for true in K] for item in items
        ]
        before, posterior = posterior, [[one / sum(row) for one in row] for row in scores]
        if np.abs(np.subtract(before, posterior)).max() <= 1e-6:
            break
    return np.array(posterior)


def _at(vote, true):
    return vote[0], true, vote[1]


def some_votes(seed):
    """A small crowd of which everybody skipped about a third of the items."""
    votes = crowd(seed, [0.9, 0.8, 0.7, 0.6, 0.4], items=25).votes
    return votes.where(np.random.default_rng(seed).random(len(votes.values)) < 0.65)


@pytest.mark.parametrize(("aggregate", "estimate"), [(DawidSkene(), dawid_skene), (OneCoin(), one_coin)])
@pytest.mark.parametrize("seed", range(4))
def test_expectation_maximisation_follows_the_definition(aggregate, estimate, seed):
    votes = some_votes(seed)
    flat = list(zip(votes.annotators.tolist(), votes.values.astype(int).tolist(), strict=True))
    items = [flat[start:end] for start, end in zip(votes.offsets, votes.offsets[1:], strict=False) if start < end]
    posterior = by_definition(items, estimate)
    found = aggregate.combine(votes, "first")
    values, certainty = found.values[votes.counts > 0].astype(int), found.certainty[votes.counts > 0]
    np.testing.assert_allclose(certainty, posterior[np.arange(len(items)), values], atol=1e-4)
    np.testing.assert_allclose(
        certainty, [row[[g for _, g in item]].max() for row, item in zip(posterior, items, strict=True)], atol=1e-4
    )


def psi(x):
    return (np.vectorize(math.lgamma)(x + 1e-5) - np.vectorize(math.lgamma)(x - 1e-5)) / 2e-5


def test_mace_follows_the_definition():
    votes = crowd(5, [0.9, 0.9, 0.6, 0.35, 0.35], items=80).votes
    given = votes.values.reshape(80, 5).astype(int)
    told = np.eye(3)[given]
    seen = told.sum(axis=0)
    meant = (told * told.mean(axis=1, keepdims=True)).sum(axis=0) * 3 / 4
    for _ in range(300):
        spam = seen - meant
        copies, spams = (np.exp(psi(part.sum(axis=1) + 0.5) - psi(seen.sum(axis=1) + 1)) for part in (meant, spam))
        by_chance = spams[:, None] * np.exp(psi(spam + 10) - psi(spam.sum(axis=1) + 30)[:, None])
        chances = by_chance[np.arange(5), given][:, :, None] + copies[:, None] * told
        likelihood = chances.prod(axis=1)
        posterior = likelihood / likelihood.sum(axis=1, keepdims=True)
        honest = copies[:, None] / (copies[:, None] + by_chance)
        meant = (told * posterior[:, None, :]).sum(axis=0) * honest
    found = Mace().combine(votes, "first")
    np.testing.assert_array_equal(found.values, posterior.argmax(axis=1))
    np.testing.assert_allclose(found.certainty, posterior.max(axis=1), atol=1e-4)


def test_digamma_has_its_known_values():
    euler = 0.57721566490153286
    known = [-euler - 2 * math.log(2), -euler, 1 - euler, 1 + 1 / 2 + 1 / 3 - euler]
    np.testing.assert_allclose(digamma(np.array([0.5, 1, 2, 4])), known, atol=1e-12)
    assert digamma(np.array([1e6]))[0] == pytest.approx(math.log(1e6) - 0.5e-6, abs=1e-12)


def test_weights_settle_on_how_often_each_is_right():
    votes = crowd(3, [0.9, 0.8, 0.4, 0.4, 0.3], items=60).votes
    found = WeightedMajority().combine(votes, "first")
    given = votes.values.reshape(60, 5)
    right = (given == found.values[:, None]).sum(axis=0)
    weights = (right + right.sum() / 300) / 61
    sums = np.stack([((given == label) * weights).sum(axis=1) for label in K], axis=1)
    np.testing.assert_array_equal(found.values, sums.argmax(axis=1))
    np.testing.assert_allclose(found.certainty, sums.max(axis=1) / weights.sum(), atol=1e-9)


def test_who_takes_one_label_for_another_is_read_as_meant():
    """One annotator calls everything good that is fair; a matrix knows that, a single accuracy does not."""
    generator = np.random.default_rng(0)
    truth = generator.integers(3, size=300)
    noisy = [np.where(generator.random(300) < 0.6, truth, generator.integers(3, size=300)) for _ in range(3)]
    given = np.stack([np.where(truth == 1, 2, truth), *noisy], axis=1)
    votes = crowd(0, [1] * 4, items=300).votes._replace(values=given.ravel().astype(float))
    found, coin = DawidSkene().combine(votes, "first"), OneCoin().combine(votes, "first")
    assert np.mean(found.values == truth) > np.mean(coin.values == truth) + 0.05
    matrix = confusion(votes, found.values, np.array([0]))[0]
    assert matrix[1, 2] > 0.8
    assert matrix[0, 0] > 0.95


KNOWN = [[("ann", "good"), ("bob", "good"), ("cid", "bad")], [("ann", "bad"), ("bob", "bad"), ("cid", "fair")]] * 10


@every_learner
@pytest.mark.parametrize("other", ["cid", None])
def test_a_split_vote_goes_to_whom_the_others_bear_out(aggregate, other):
    """An anonymous vote weighs as much as the average, and so less than that of somebody who is known to be good."""
    assert chosen(aggregate.combine(named([*KNOWN, [("ann", "good"), (other, "bad")]]), "drop"))[-1] == "good"


@every_learner
def test_annotators_who_cannot_be_told_apart_tie(aggregate):
    votes = named(
        [[("ann", "good"), ("bob", "bad")], [("ann", "bad"), ("bob", "good")], [("ann", "fair"), ("bob", "fair")]]
    )
    found = aggregate.combine(votes, "drop")
    assert found.tied.tolist() == [True, True, False]
    assert chosen(found) == [None, None, "fair"]
    assert chosen(aggregate.combine(votes, "first")) == ["bad", "bad", "fair"]


@every_learner
def test_votes_without_names_are_refused_with_what_to_do(aggregate):
    for votes in (anonymous([["good", "bad"]]), named([[(None, "good"), (None, "bad")]])):
        with pytest.raises(UserError, match="no vote says whose it is") as told:
            aggregate.combine(votes, "drop")
        assert "aggregate: majority" in told.value.do


@every_learner
def test_one_label_alone_is_certain(aggregate):
    found = aggregate.combine(named([[("ann", "yes")], [("ann", "yes"), ("bob", "yes")]], ("yes",)), "drop")
    assert found.certainty.tolist() == [1, 1]


def test_too_many_labels_for_matrices_are_refused_with_what_to_do():
    labels = tuple(f"label {number:05}" for number in range(6000))
    votes = named([[("ann", labels[0]), ("bob", labels[1])]], labels)
    with pytest.raises(UserError, match="6,000 of them, 2 annotators") as told:
        DawidSkene().combine(votes, "drop")
    assert "one-coin" in told.value.do
    assert OneCoin().combine(votes, "first").values.tolist() == [0]
