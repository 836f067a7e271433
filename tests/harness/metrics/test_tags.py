"""Scores of tagged sentences: against seqeval, scikit-learn, and all ways to match entities."""

import warnings
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import f1_score
from sklearn.metrics import accuracy_score
from sklearn.metrics import f1_score as f1_of_labels

from harness.metrics.entity_f1 import EntityF1
from harness.metrics.entity_f1_partial import EntityF1Partial
from harness.metrics.tag_accuracy import TagAccuracy
from harness.metrics.tag_macro_f1 import TagMacroF1
from harness.statistics.resampling import resampled_together
from harness.texts.entities import entities

TAGS = ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-LOC", "I-LOC", "B", "I"]
SENTENCE = st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), max_size=8)
SENTENCES = st.lists(SENTENCE, min_size=1, max_size=6).filter(any)


def score(metric, gold, predicted):
    return float(metric.value(metric.contributions(gold, predicted, 0).sum(axis=0)))


def sides(rows):
    return [[right for right, _ in row] for row in rows], [[said for _, said in row] for row in rows]


@settings(deadline=None, max_examples=200)
@given(rows=SENTENCES)
def test_entity_f1_is_that_of_seqeval(rows):
    gold, predicted = sides(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that nothing was predicted
        expected = f1_score(gold, predicted)
    found = score(EntityF1(), gold, predicted)
    if not any(map(entities, gold + predicted)):
        assert np.isnan(found)  # seqeval says 0
        assert EntityF1().obstacle(gold, TAGS) == "no row of the evaluated split has an entity"
    else:
        assert found == pytest.approx(expected, abs=1e-9)


def best_credit(there, given):
    """The most that any pairing of entities is worth."""
    if not there:
        return 0.0
    first, rest = there[0], there[1:]
    worth = [best_credit(rest, given)]
    for place, other in enumerate(given):
        shared = min(first.end, other.end) - max(first.start, other.start)
        if first.type == other.type and shared > 0:
            credit = 1.0 if first == other else 0.5
            worth.append(credit + best_credit(rest, given[:place] + given[place + 1 :]))
    return max(worth)


@settings(deadline=None, max_examples=200)
@given(row=SENTENCE)
def test_partial_credit_is_the_most_that_any_pairing_gives(row):
    (gold,), (predicted,) = sides([row])
    there, given = entities(gold), entities(predicted)
    found = EntityF1Partial().contributions([gold], [predicted], 0)
    assert found.tolist() == [[best_credit(there, given), len(there), len(given)]]


@settings(deadline=None, max_examples=100)
@given(rows=SENTENCES)
def test_tags_score_as_scikit_learn_scores_their_tokens(rows):
    gold, predicted = sides(rows)
    flat = list(chain.from_iterable(gold)), list(chain.from_iterable(predicted))
    assert score(TagAccuracy(), gold, predicted) == pytest.approx(accuracy_score(*flat), abs=1e-9)
    assert score(TagMacroF1(), gold, predicted) == pytest.approx(f1_of_labels(*flat, average="macro"), abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(rows=SENTENCES)
def test_partial_is_never_below_strict_and_both_are_best_for_the_truth(rows):
    gold, predicted = sides(rows)
    strict, partial = score(EntityF1(), gold, predicted), score(EntityF1Partial(), gold, predicted)
    assert np.isnan(strict) or 0 <= strict <= partial <= 1
    if any(map(entities, gold)):
        assert score(EntityF1(), gold, gold) == score(EntityF1Partial(), gold, gold) == 1


@pytest.mark.parametrize("metric", [EntityF1(), EntityF1Partial(), TagAccuracy(), TagMacroF1()])
def test_more_or_fewer_tags_than_tokens_are_refused(metric):
    for predicted in ([["O"]], [["O", "O"], ["O"]]):
        with pytest.raises(ValueError, match=r"tags|argument"):
            metric.contributions([["O", "B-PER"]], predicted, 0)


def test_a_tag_that_no_token_has_is_an_obstacle():
    metric = TagMacroF1()
    assert metric.obstacle([["NN"], ["VB"]], ("NN", "VB")) is None
    assert metric.obstacle([["NN"]], ("NN", "VB")) == 'no row of the evaluated split has the label "VB"'
    assert metric.contributions([[], []], [[], []], 0).shape == (2, 0)
    assert TagAccuracy().obstacle([[]], ("NN",)) == "no row of the evaluated split has a token"


def test_models_that_give_different_tags_are_resampled_together():
    metric, gold = TagMacroF1(), [["NN", "VB"], ["IN"], ["NN"]]
    sums = [[metric.contributions(gold, said, 4)] for said in (gold, [["NN", "X"], ["IN"], ["NN"]])]
    first, second = resampled_together(sums, metric.value, resamples=20)
    assert (first == 1).all()
    assert second.min() < 1
