"""What every metric in `harness/metrics` must do, found by file name: a new metric is tested at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kinds import Kinds

METRICS = Kinds("harness.metrics", "metric", "bench list metrics")
CASES = [(name, number) for name in METRICS.names() for number in range(len(METRICS.get(name).examples))]

NAMES = ("bad", "good", "neutral", "mixed", "none", "other")


@st.composite
def answers(draw):
    """Gold with every class present, predictions of anything, -1 (no answer) among them; and the classes."""
    classes = draw(st.integers(2, 5))
    size = draw(st.integers(classes, 40))
    gold = [*range(classes), *draw(st.lists(st.integers(0, classes - 1), min_size=size, max_size=size))]
    predicted = draw(st.lists(st.integers(-1, classes - 1), min_size=len(gold), max_size=len(gold)))
    return np.array(gold), np.array(predicted), classes


def score(metric, gold, predicted, classes):
    return float(metric.value(metric.contributions(gold, predicted, classes).sum(axis=0)))


@pytest.mark.parametrize(("name", "number"), CASES)
def test_the_worked_examples_hold(name, number):
    metric, example = METRICS.get(name)(), METRICS.get(name).examples[number]
    gold, predicted = np.array(example["gold"]), np.array(example["predicted"])
    assert metric.obstacle(gold, NAMES[: example["classes"]]) is None
    assert score(metric, gold, predicted, example["classes"]) == pytest.approx(example["value"], abs=1e-12)


@pytest.mark.parametrize("name", METRICS.names())
def test_the_declaration_is_complete(name):
    metric = METRICS.get(name)
    assert metric.examples
    assert metric.lowest < metric.highest
    assert metric.version >= 1
    assert METRICS.get(name).__doc__


@pytest.mark.parametrize("name", METRICS.names())
@settings(deadline=None, max_examples=40)
@given(case=answers(), data=st.data())
def test_the_order_of_examples_does_not_matter(name, case, data):
    gold, predicted, classes = case
    order = np.array(data.draw(st.permutations(range(len(gold)))))
    metric = METRICS.get(name)()
    assert score(metric, gold, predicted, classes) == score(metric, gold[order], predicted[order], classes)


@pytest.mark.parametrize("name", METRICS.names())
@settings(deadline=None, max_examples=40)
@given(case=answers())
def test_the_value_stays_within_its_declared_range(name, case):
    metric = METRICS.get(name)()
    assert metric.obstacle(case[0], NAMES[: case[2]]) is None
    assert metric.lowest <= score(metric, *case) <= metric.highest


@pytest.mark.parametrize("name", METRICS.names())
@settings(deadline=None, max_examples=40)
@given(case=answers())
def test_a_perfect_prediction_has_the_best_value_exactly(name, case):
    gold, _, classes = case
    metric = METRICS.get(name)()
    best = metric.highest if metric.higher_is_better else metric.lowest
    assert score(metric, gold, gold, classes) == best


@pytest.mark.parametrize("name", METRICS.names())
@settings(deadline=None, max_examples=40)
@given(case=answers(), copies=st.integers(2, 4))
def test_many_resamples_at_once_are_each_as_one_alone(name, case, copies):
    metric = METRICS.get(name)()
    contributions = metric.contributions(*case)
    assert contributions.shape[0] == len(case[0])
    assert contributions.dtype == np.float64
    counts = np.random.default_rng(copies).multinomial(len(case[0]), np.full(len(case[0]), 1 / len(case[0])), 5)
    together = metric.value(counts @ contributions)
    alone = [metric.value(contributions[np.repeat(np.arange(len(row)), row)].sum(axis=0)) for row in counts]
    np.testing.assert_array_equal(together, alone)
    # Doubling every example changes no metric: none may depend on the number of examples alone.
    assert score(metric, *(np.tile(part, copies) for part in case[:2]), case[2]) == pytest.approx(
        score(metric, *case), abs=1e-12
    )


@pytest.mark.parametrize("name", METRICS.names())
def test_an_empty_split_is_an_obstacle(name):
    assert METRICS.get(name)().obstacle(np.array([], dtype=np.int64), NAMES[:2]) == "the evaluated split has no rows"


@pytest.mark.parametrize("name", METRICS.names())
@pytest.mark.parametrize(
    ("gold", "predicted"),
    [([0, 2], [0, 1]), ([-1, 0], [0, 1]), ([0, 1], [0, 2]), ([0, 1], [0, -2]), ([0, 1], [0])],
)
def test_labels_that_are_no_class_are_refused(name, gold, predicted):
    with pytest.raises(ValueError, match=r"label|predictions"):
        METRICS.get(name)().contributions(np.array(gold), np.array(predicted), 2)
