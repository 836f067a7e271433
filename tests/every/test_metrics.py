"""What every metric in `harness/metrics` must do, found by file name: a new metric is tested at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kinds import Kinds

METRICS = Kinds("harness.metrics", "metric", "bench list metrics")
CASES = [(name, number) for name in METRICS.names() for number in range(len(METRICS.get(name).examples))]

NAMES = ("bad", "good", "neutral", "mixed", "none", "other")


LABELS = [name for name in METRICS.names() if METRICS.get(name).reads == "labels"]
DISTRIBUTIONS = [name for name in METRICS.names() if METRICS.get(name).reads == "distributions"]


@st.composite
def shares(draw, rows, classes):
    """Distributions, some of which exclude a class."""
    counts = st.lists(st.integers(0, 9), min_size=classes, max_size=classes).filter(any)
    drawn = np.array(draw(st.lists(counts, min_size=rows, max_size=rows)), dtype=float)
    return drawn / drawn.sum(axis=1, keepdims=True)


@st.composite
def answers(draw, name):
    """Gold with every class present, predictions of anything, -1 (no answer) among them; and the classes.

    Distributions over the classes for a metric that reads them.
    """
    classes = draw(st.integers(2, 5))
    if name in DISTRIBUTIONS:
        rows = draw(st.integers(1, 20))
        return draw(shares(rows, classes)), draw(shares(rows, classes)), classes
    size = draw(st.integers(classes, 40))
    gold = [*range(classes), *draw(st.lists(st.integers(0, classes - 1), min_size=size, max_size=size))]
    predicted = draw(st.lists(st.integers(-1, classes - 1), min_size=len(gold), max_size=len(gold)))
    return np.array(gold), np.array(predicted), classes


def rounding(name):
    """Sums of counts are exact in any order; those of logarithms are not."""
    return 0 if name in LABELS else 1e-12


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
@given(data=st.data())
def test_the_order_of_examples_does_not_matter(name, data):
    gold, predicted, classes = data.draw(answers(name))
    order = np.array(data.draw(st.permutations(range(len(gold)))))
    metric = METRICS.get(name)()
    shuffled = score(metric, gold[order], predicted[order], classes)
    assert score(metric, gold, predicted, classes) == pytest.approx(shuffled, rel=rounding(name), abs=0)


@pytest.mark.parametrize("name", METRICS.names())
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_the_value_stays_within_its_declared_range(name, data):
    case, metric = data.draw(answers(name)), METRICS.get(name)()
    assert metric.obstacle(case[0], NAMES[: case[2]]) is None
    assert metric.lowest <= score(metric, *case) <= metric.highest


@pytest.mark.parametrize("name", METRICS.names())
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_perfect_prediction_has_the_best_value_exactly(name, data):
    gold, _, classes = data.draw(answers(name))
    metric = METRICS.get(name)()
    if name in DISTRIBUTIONS:  # all annotators agree
        gold = np.eye(classes)[gold.argmax(axis=1)]
    best = metric.highest if metric.higher_is_better else metric.lowest
    assert score(metric, gold, gold, classes) == best


@pytest.mark.parametrize("name", METRICS.names())
@settings(deadline=None, max_examples=40)
@given(data=st.data(), copies=st.integers(2, 4))
def test_many_resamples_at_once_are_each_as_one_alone(name, data, copies):
    case, metric = data.draw(answers(name)), METRICS.get(name)()
    contributions = metric.contributions(*case)
    assert contributions.shape[0] == len(case[0])
    assert contributions.dtype == np.float64
    counts = np.random.default_rng(copies).multinomial(len(case[0]), np.full(len(case[0]), 1 / len(case[0])), 5)
    together = metric.value(counts @ contributions)
    alone = [metric.value(contributions[np.repeat(np.arange(len(row)), row)].sum(axis=0)) for row in counts]
    np.testing.assert_allclose(together, alone, rtol=rounding(name), atol=0)
    # Doubling every example changes no metric: none may depend on the number of examples alone.
    gold, predicted = (np.concatenate([part] * copies) for part in case[:2])
    assert score(metric, gold, predicted, case[2]) == pytest.approx(score(metric, *case), abs=1e-12)


@pytest.mark.parametrize("name", METRICS.names())
def test_an_empty_split_is_an_obstacle(name):
    assert METRICS.get(name)().obstacle(np.array([], dtype=np.int64), NAMES[:2]) == "the evaluated split has no rows"


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize(
    ("gold", "predicted"),
    [([0, 2], [0, 1]), ([-1, 0], [0, 1]), ([0, 1], [0, 2]), ([0, 1], [0, -2]), ([0, 1], [0])],
)
def test_labels_that_are_no_class_are_refused(name, gold, predicted):
    with pytest.raises(ValueError, match=r"label|predictions"):
        METRICS.get(name)().contributions(np.array(gold), np.array(predicted), 2)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ([[0.5, 0.5]], [[0.5, 0.6]]),
        ([[0.5, 0.4]], [[0.5, 0.5]]),
        ([[1.5, -0.5]], [[0.5, 0.5]]),
        ([[1.0, 0.0]], [[float("nan"), 1.0]]),
        ([[1.0, 0.0]], [[0.5, 0.25, 0.25]]),
        ([[0.5, 0.25, 0.25]], [[0.5, 0.25, 0.25]]),
        ([[1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]]),
    ],
)
def test_what_is_no_distribution_over_the_classes_is_refused(name, gold, predicted):
    with pytest.raises(ValueError, match="shares"):
        METRICS.get(name)().contributions(np.array(gold), np.array(predicted), 2)
