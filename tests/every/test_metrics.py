"""What every metric in `harness/metrics` must do, found by file name: a new metric is tested at once."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.metric import WholeMetric
from harness.statistics.intervals import paired_difference, score_interval, tied_with_best
from harness.texts.answer_words import words
from registry.kinds import Kinds

METRICS = Kinds("harness.metrics", "metric", "bench list metrics")
CASES = [(name, number) for name in METRICS.names() for number in range(len(METRICS.get(name).examples))]

NAMES = ("bad", "good", "neutral", "mixed", "none", "other")


class Case(NamedTuple):
    """What a metric of one kind is given: `gold` without any obstacle, `predicted` with every mistake."""

    gold: Any
    predicted: Any
    classes: int


@st.composite
def shares(draw, rows, classes):
    """Distributions, some of which exclude a class."""
    counts = st.lists(st.integers(0, 9), min_size=classes, max_size=classes).filter(any)
    drawn = np.array(draw(st.lists(counts, min_size=rows, max_size=rows)), dtype=float)
    return drawn / drawn.sum(axis=1, keepdims=True)


@st.composite
def labels(draw):
    """Every class is present in gold; predictions are anything, -1 (no answer) among them."""
    classes = draw(st.integers(2, 5))
    size = draw(st.integers(classes, 40))
    gold = [*range(classes), *draw(st.lists(st.integers(0, classes - 1), min_size=size, max_size=size))]
    predicted = draw(st.lists(st.integers(-1, classes - 1), min_size=len(gold), max_size=len(gold)))
    return Case(np.array(gold), np.array(predicted), classes)


@st.composite
def distributions(draw):
    classes, rows = draw(st.integers(2, 5)), draw(st.integers(1, 20))
    return Case(draw(shares(rows, classes)), draw(shares(rows, classes)), classes)


@st.composite
def probabilities(draw):
    gold, _, classes = draw(labels())
    return Case(gold, draw(shares(len(gold), classes)), classes)


@st.composite
def sets(draw):
    """Every label is somewhere in gold; rows without any are on both sides."""
    classes, rows = draw(st.integers(1, 4)), draw(st.integers(1, 20))
    chosen = st.lists(st.lists(st.booleans(), min_size=classes, max_size=classes), min_size=rows, max_size=rows)
    gold, predicted = (np.array(draw(chosen)) for _ in range(2))
    every, none = np.eye(classes, dtype=bool), np.zeros((classes, classes), dtype=bool)
    return Case(np.vstack([every, gold]), np.vstack([none, predicted]), classes)


@st.composite
def numbers(draw):
    """With ties, and not constant on either side."""
    drawn = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=30)
    gold, predicted = np.array([(0, 1), (1, 0), *draw(drawn)]).T / 4
    return Case(gold, predicted, 0)


@st.composite
def tags(draw):
    """An entity first; sentences without a token, and tags that no scheme allows, are among the others."""
    names = st.sampled_from(("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "E-LOC", "S", "NN", "B-"))
    gold = [["B-PER", "O"], *draw(st.lists(st.lists(names, max_size=6), max_size=8))]
    return Case(gold, [draw(st.lists(names, min_size=len(one), max_size=len(one))) for one in gold], 0)


WORDS = (
    "cat",
    "Mat",
    "7",
    "don't",
    "e\u0301t\u00e9",
    "שלום",
    "今天",
    "好",
    "ありがとう",
    "한국어",
    "{name}",
    "ab\u200dc",
)
MARKS = ("", " ", "...", "👩\u200d👧", "\u0000", "\u202e", "\n", "%s", "\u3000")


@st.composite
def texts(draw):
    """Four words or more and a placeholder to compare with, or to start from; any text or none is the answer."""
    words = st.lists(st.sampled_from(WORDS), min_size=4, max_size=12).map(" ".join)
    gold = ["%s " + text for text in draw(st.lists(words, min_size=1, max_size=6))]
    said = st.one_of(st.lists(st.sampled_from(WORDS + MARKS), max_size=12).map(" ".join), st.sampled_from(gold))
    return Case(gold, ["a cat sat there", *(draw(said) for _ in gold[1:])], 0)


@st.composite
def answers(draw):
    """Right answers of which some have no word, and questions without an answer."""
    one = st.lists(st.sampled_from(WORDS + MARKS), max_size=5).map(" ".join)
    gold = draw(st.lists(st.lists(one, max_size=3), min_size=1, max_size=8))
    return Case(gold, [draw(one) for _ in gold], 0)


@st.composite
def rankings(draw):
    """One to ten relevant documents a query; rankings may lack all of them."""
    known = st.sampled_from([f"d{number}" for number in range(30)])
    judged = st.dictionaries(known, st.integers(1, 3), min_size=1, max_size=10)
    gold = draw(st.lists(judged, min_size=1, max_size=8))
    return Case(gold, [draw(st.lists(known, max_size=30, unique=True)) for _ in gold], 0)


@st.composite
def shown(draw):
    found = draw(st.lists(st.lists(st.sampled_from("abcdefghijklmnopqrst"), unique=True), min_size=1, max_size=8))
    return Case(np.full(len(found), 20), found, 0)


@st.composite
def amounts(draw):
    """Something to divide by first; then nothing is an amount, too."""
    drawn = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 400)), max_size=20)
    gold, predicted = np.array([(8, 3), *draw(drawn)], dtype=float).T
    return Case(gold, predicted, 0)


@st.composite
def measured(draw):
    values = draw(st.lists(st.integers(0, 64), min_size=1, max_size=20))
    return Case(np.zeros(len(values)), np.array(values) / 64, 0)


ARRAYS = {
    "labels": labels(),
    "distributions": distributions(),
    "probabilities": probabilities(),
    "sets": sets(),
    "numbers": numbers(),
    "surprise": amounts(),
    "speed": amounts(),
    "durations": amounts(),
    "measured": measured(),
}
LISTS = {
    "tags": tags(),
    "texts": texts(),
    "sources": texts(),
    "answers": answers(),
    "rankings": rankings(),
    "shown": shown(),
}
DRAWN = ARRAYS | LISTS
"""By what a metric reads: all that there is."""

PERFECT = {
    "distributions": lambda gold, classes: (np.eye(classes)[gold.argmax(axis=1)],) * 2,  # all annotators agree
    "probabilities": lambda gold, classes: (gold, np.eye(classes)[gold]),
    "answers": lambda gold, _: (gold, [(*filter(words, right), "")[0] for right in gold]),
    "rankings": lambda gold, _: (gold, [sorted(grades, key=lambda one: -grades[one]) for grades in gold]),
    "shown": lambda gold, _: (np.full(2, 20), [list("abcdefghij"), list("klmnopqrst")]),
    "surprise": lambda gold, _: (gold, np.zeros(len(gold))),
    "speed": lambda gold, _: (gold, np.zeros(len(gold))),
    "measured": lambda gold, _: (gold, np.ones(len(gold))),
}
"""Gold and the best answers to it, where these are not gold itself."""

DESCRIBING = {"distinct_1", "distinct_2", "repetition", "novelty"}
"""What tells how texts are, not whether they are right: the right ones are not the best."""
SMOOTHED = {"bleu"}
"""What no prediction gets right is smoothed by how many there are, so that twice the rows are not the same."""

EMPTY = {"sets": np.zeros((0, 2), dtype=bool)}

DRAWABLE = METRICS.names()
JUDGING = [name for name in METRICS.names() if name not in DESCRIBING]
LABELS = [name for name in METRICS.names() if METRICS.get(name).reads == "labels"]
DISTRIBUTIONS = [name for name in METRICS.names() if METRICS.get(name).reads == "distributions"]
SUMS = [name for name in DRAWABLE if not isinstance(METRICS.get(name)(), WholeMetric)]


def near(name, value):
    """Sums of counts are exact in any order; those of fractions are not."""
    return value if name in LABELS else pytest.approx(value, rel=1e-9, abs=1e-9)


def score(metric, gold, predicted, classes):
    if isinstance(metric, WholeMetric):
        return metric.of_all(gold, predicted, classes)
    return float(metric.value(metric.contributions(gold, predicted, classes).sum(axis=0)))


def side(reads, given):
    """A side of a worked example in the shape in which metrics of its kind get it."""
    return np.array(given) if reads in ARRAYS else given


def reordered(given, order):
    return given[order] if isinstance(given, np.ndarray) else [given[place] for place in order]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_the_worked_examples_hold(name, number):
    metric, example = METRICS.get(name)(), METRICS.get(name).examples[number]
    gold, predicted = (side(metric.reads, example[part]) for part in ("gold", "predicted"))
    classes = example.get("classes", 0)
    assert metric.obstacle(gold, NAMES[:classes]) is None
    assert score(metric, gold, predicted, classes) == pytest.approx(example["value"], abs=1e-12)


@pytest.mark.parametrize("name", METRICS.names())
def test_the_declaration_is_complete(name):
    metric = METRICS.get(name)
    assert metric.examples
    assert metric.lowest < metric.highest
    assert metric.version >= 1
    assert METRICS.get(name).__doc__


@pytest.mark.parametrize("name", DRAWABLE)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_the_order_of_examples_does_not_matter(name, data):
    metric = METRICS.get(name)()
    gold, predicted, classes = data.draw(DRAWN[metric.reads])
    order = np.array(data.draw(st.permutations(range(len(gold)))))
    shuffled = score(metric, reordered(gold, order), reordered(predicted, order), classes)
    assert score(metric, gold, predicted, classes) == near(name, shuffled)


@pytest.mark.parametrize("name", DRAWABLE)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_the_value_stays_within_its_declared_range(name, data):
    metric = METRICS.get(name)()
    case = data.draw(DRAWN[metric.reads])
    assert metric.obstacle(case.gold, NAMES[: case.classes]) is None
    assert metric.lowest <= score(metric, *case) <= metric.highest


@pytest.mark.parametrize("name", JUDGING)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_perfect_prediction_has_the_best_value_exactly(name, data):
    metric = METRICS.get(name)()
    gold, _, classes = data.draw(DRAWN[metric.reads])
    gold, perfect = PERFECT.get(metric.reads, lambda gold, _: (gold, gold))(gold, classes)
    best = metric.highest if metric.higher_is_better else metric.lowest
    assert score(metric, gold, perfect, classes) == best


@pytest.mark.parametrize("name", SUMS)
@settings(deadline=None, max_examples=25)
@given(data=st.data(), copies=st.integers(2, 4))
def test_many_resamples_at_once_are_each_as_one_alone(name, data, copies):
    metric = METRICS.get(name)()
    case = data.draw(DRAWN[metric.reads])
    contributions = metric.contributions(*case)
    assert contributions.shape[0] == len(case.gold)
    assert contributions.dtype == np.float64
    counts = np.random.default_rng(copies).multinomial(len(case.gold), np.full(len(case.gold), 1 / len(case.gold)), 5)
    together = metric.value(counts @ contributions)
    alone = [metric.value(contributions[np.repeat(np.arange(len(row)), row)].sum(axis=0)) for row in counts]
    exact = {"rtol": 0, "atol": 0} if name in LABELS else {"rtol": 1e-9, "atol": 1e-9}
    np.testing.assert_allclose(together, alone, **exact)
    if name in SMOOTHED:
        return
    # Doubling every example changes no metric: none may depend on the number of examples alone.
    order = np.tile(np.arange(len(case.gold)), copies)
    several = score(metric, reordered(case.gold, order), reordered(case.predicted, order), case.classes)
    assert several == pytest.approx(score(metric, *case), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", SUMS)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_every_metric_has_an_interval_or_none_and_a_best_model(name, data):
    metric = METRICS.get(name)()
    gold, predicted, classes = data.draw(DRAWN[metric.reads])
    rows = metric.contributions(gold, predicted, classes)
    groups = np.arange(len(rows)) // 2
    for grouped, sizes in ((None, None), (groups, None), (None, 1 + np.arange(len(rows)) % 3)):
        found = score_interval(metric, [rows], grouped, resamples=40, sizes=sizes)
        assert metric.lowest <= found.value <= metric.highest
        if found.low is not None:
            assert found.high is not None
            assert metric.lowest <= found.low <= found.high <= metric.highest
    value = metric.value if metric.higher_is_better else lambda totals: -metric.value(totals)
    assert tied_with_best([[rows], [rows]], value, groups, resamples=40) == [True, True]
    assert paired_difference([rows], [rows], metric.value, resamples=40).value == 0


@pytest.mark.parametrize("name", METRICS.names())
def test_an_empty_split_is_an_obstacle(name):
    empty = EMPTY.get(METRICS.get(name).reads, np.array([], dtype=np.int64))
    assert METRICS.get(name)().obstacle(empty, NAMES[:2]) == "the evaluated split has no rows"


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize(
    ("gold", "predicted"),
    [([0, 2], [0, 1]), ([-1, 0], [0, 1]), ([0, 1], [0, 2]), ([0, 1], [0, -2]), ([0, 1], [0])],
)
def test_labels_that_are_no_class_are_refused(name, gold, predicted):
    with pytest.raises(ValueError, match=r"label|predictions"):
        score(METRICS.get(name)(), np.array(gold), np.array(predicted), 2)


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
        score(METRICS.get(name)(), np.array(gold), np.array(predicted), 2)
