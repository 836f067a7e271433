"""Rankings against ir-measures with ids of its own, against scikit-learn, and where they say nothing."""

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score, roc_auc_score

from harness.metrics.coverage_at_10 import CoverageAt10
from harness.metrics.mean_average_precision import MeanAveragePrecision
from harness.metrics.mrr import Mrr
from harness.metrics.ndcg_at_10 import NdcgAt10
from harness.metrics.ranking_auc import RankingAuc
from harness.metrics.recall_at_10 import RecallAt10
from harness.metrics.recall_at_100 import RecallAt100
from harness.tasks.recommendation import area

METRICS = (NdcgAt10(), Mrr(), RecallAt10(), RecallAt100(), MeanAveragePrecision())
IDS = [f"文{number} {'é' * (number % 3)}" for number in range(130)]
queries = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(IDS), st.integers(1, 4), min_size=1, max_size=25),
        st.lists(st.sampled_from(IDS), unique=True, max_size=130),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.measure)
@settings(deadline=None, max_examples=60)
@given(asked=queries)
def test_equal_to_ir_measures(metric, asked):
    gold, predicted = ([one[side] for one in asked] for side in (0, 1))
    judged = {f"q{number}": grades for number, grades in enumerate(gold)}
    ranked = {
        f"q{number}": {document: 1000.0 - place for place, document in enumerate(ranking)}
        for number, ranking in enumerate(predicted)
    }
    found = metric.contributions(gold, predicted, 0)
    library = {one.query_id: one.value for one in metric_of(metric, judged, ranked)}
    assert found[:, 0] == pytest.approx([library[f"q{number}"] for number in range(len(gold))], abs=1e-9)
    assert (found[:, 1] == 1).all()


def metric_of(metric, judged, ranked):
    return ir_measures.iter_calc([ir_measures.parse_measure(metric.measure)], judged, ranked)


@settings(deadline=None, max_examples=60)
@given(grades=st.lists(st.integers(0, 5), min_size=2, max_size=40).filter(any), data=st.data())
def test_gains_are_grades_as_in_scikit_learn(grades, data):
    order = data.draw(st.permutations(range(len(grades))))
    gold = [{str(place): grade for place, grade in enumerate(grades) if grade}]
    scores = np.zeros(len(grades))
    scores[list(order)] = -np.arange(len(grades))
    found = NdcgAt10().contributions(gold, [[str(place) for place in order]], 0)[0, 0]
    assert found == pytest.approx(ndcg_score([grades], [scores], k=10), abs=1e-9)


def test_ids_may_hold_anything():
    gold, predicted = [{"a\x00b": 1, "": 2, " ": 1}], [["a\x00c", "a\x00b", "", "\n"]]
    assert Mrr().contributions(gold, predicted, 0)[0, 0] == 1 / 2
    assert RecallAt10().contributions(gold, predicted, 0)[0, 0] == 2 / 3


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.measure)
def test_a_query_to_which_nothing_is_relevant_is_an_obstacle_and_not_a_zero(metric):
    told = "nothing is relevant to 2 of 3 queries; leave such rows out in `select:`"
    assert metric.obstacle([{"a": 1}, {}, {}], ()) == told
    assert metric.obstacle([{"a": 1}], ()) is None
    assert metric.obstacle([], ()) == "the evaluated split has no rows"


def test_rankings_that_are_none_are_refused():
    with pytest.raises(ValueError, match="twice"):
        Mrr().contributions([{"a": 1}], [["b", "b"]], 0)
    with pytest.raises(ValueError, match="longer"):
        Mrr().contributions([{"a": 1}], [["a"], ["b"]], 0)


def test_coverage_counts_what_anybody_is_shown_first():
    assert CoverageAt10().of_all(np.array([4, 4]), [["a"], []], 0) == 1 / 4
    assert CoverageAt10().of_all(np.array([3, 3, 3]), [["a", "b"], ["b", "c"], ["c", "a"]], 0) == 1.0


@settings(deadline=None, max_examples=60)
@given(chosen=st.lists(st.booleans(), min_size=2, max_size=40).filter(lambda one: 0 < sum(one) < len(one)))
def test_the_area_is_that_of_scikit_learn(chosen):
    ranking = [str(place) for place in range(len(chosen))]
    items = {item for item, is_chosen in zip(ranking, chosen, strict=True) if is_chosen}
    assert area(items, ranking) == pytest.approx(roc_auc_score(chosen, -np.arange(len(chosen))), abs=1e-9)


@pytest.mark.parametrize(("chosen", "ranking"), [({"a", "z"}, ["a", "b"]), ({"a"}, ["a"]), ({"a"}, []), (set(), ["a"])])
def test_an_area_of_a_ranking_that_is_not_whole_is_not_measured(chosen, ranking):
    assert area(chosen, ranking) is None


def test_areas_are_averaged_over_users():
    metric = RankingAuc()
    assert metric.value(metric.contributions(np.zeros(2), np.array([1.0, 0.25]), 0).sum(axis=0)) == 0.625
    assert metric.obstacle(np.zeros(0), ()) == "the evaluated split has no rows"
