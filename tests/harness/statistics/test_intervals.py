"""Intervals: known values, coverage by simulation, paired differences, and ties with the best."""

import numpy as np
import pytest
import scipy.stats

from harness.metrics.accuracy import Accuracy
from harness.metrics.macro_f1 import MacroF1
from harness.metrics.mcc import Mcc
from harness.statistics.intervals import (
    Estimate,
    Interval,
    holm,
    paired_difference,
    percentile,
    score_interval,
    tied_with_best,
    wilson,
)

SIMULATIONS = 300


def right(values):
    values = np.asarray(values, dtype=float)
    return np.column_stack([values, np.ones(len(values))])


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (0, 20), (1, 20), (13, 20), (20, 20), (999, 1000)])
def test_wilson_equals_scipy(successes, n):
    expected = scipy.stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson(successes, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_ends_are_exact_and_wrong_input_is_refused():
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0
    for successes, n in [(1, 0), (-1, 5), (6, 5), (float("nan"), 5)]:
        with pytest.raises(ValueError, match="successes"):
            wilson(successes, n)


def test_percentile_leaves_few_undefined_out_and_gives_up_on_many():
    values = np.arange(1001.0)
    assert percentile(values) == pytest.approx(Interval(25.0, 975.0))
    few, many = values.copy(), values.copy()
    few[:50], many[:51] = np.nan, np.nan
    assert percentile(few) == pytest.approx((50 + 950 * 0.025, 50 + 950 * 0.975))
    assert percentile(many) is None
    assert percentile(np.full(3, np.nan)) is None


def test_one_seed_of_a_proportion_has_the_wilson_interval():
    contributions = [right(np.repeat([1, 0], [15, 5]))]
    assert score_interval(Accuracy(), contributions) == Estimate(0.75, *wilson(15, 20))


def test_groups_or_seeds_have_the_bootstrap_interval():
    array = right(np.repeat([1, 0], [150, 50]))
    paired = score_interval(Accuracy(), [array], groups=np.arange(200) // 2)
    assert paired.value == 0.75
    # Twins that are always right or wrong together count for half as many examples.
    assert paired.high - paired.low == pytest.approx(2**0.5 * np.ptp(wilson(150, 200)), rel=0.1)
    two_seeds = score_interval(Accuracy(), [array, right(np.repeat([1, 0], [100, 100]))])
    assert two_seeds.value == pytest.approx(0.625)
    # Drawing one of the two seeds twice is as likely as drawing both: each seed's value lies inside.
    assert two_seeds.low < 0.5
    assert two_seeds.high > 0.75


def test_all_right_never_means_certain():
    gold = np.arange(40) % 2
    perfect = MacroF1().contributions(gold, gold, 2)
    assert score_interval(MacroF1(), [perfect]) == Estimate(1.0, None, None)
    assert score_interval(Accuracy(), [right(np.ones(40))] * 3) == Estimate(1.0, *wilson(40, 40))
    grouped = score_interval(Accuracy(), [right(np.ones(40))], groups=np.arange(40) // 4)
    assert grouped == Estimate(1.0, *wilson(10, 10))


def test_sizes_stand_for_repeated_rows():
    sizes, kinds = np.array([15, 5]), [right([1, 0])]
    assert score_interval(Accuracy(), kinds, sizes=sizes) == Estimate(0.75, *wilson(15, 20))
    same = [right([1, 1])]
    assert tied_with_best([kinds, same], Accuracy().value, sizes=np.array([60, 40])) == [False, True]
    assert paired_difference(kinds, same, Accuracy().value, sizes=sizes).value == pytest.approx(-0.25)


def test_one_group_has_no_interval():
    assert score_interval(Accuracy(), [right([1, 0, 1])], groups=np.zeros(3, dtype=int)).low is None


def test_a_constant_answer_has_a_value_and_a_small_class_no_interval():
    gold = np.array([0] * 20 + [1])
    mcc = Mcc()
    estimate = score_interval(mcc, [mcc.contributions(gold, np.zeros(21, dtype=int), 2)])
    # The single row of class 1 is missing from a third of the resamples.
    assert estimate == Estimate(0.0, None, None)


def coverage(simulate, truth):
    """The share of simulated datasets whose interval contains the truth."""
    estimates = [simulate(np.random.default_rng(seed)) for seed in range(SIMULATIONS)]
    return np.mean([estimate.low <= truth <= estimate.high for estimate in estimates])


def classify(generator, gold, hit_rates):
    """Predictions that are right with the rate of their class, else another class at random."""
    wrong = (gold + generator.integers(1, 3, len(gold))) % 3
    return np.where(generator.random(len(gold)) < np.array(hit_rates)[gold], gold, wrong)


def test_coverage_of_wilson():
    def simulate(generator):
        return score_interval(Accuracy(), [right(generator.random(60) < 0.9)])

    assert 0.9 <= coverage(simulate, 0.9) <= 0.98


def test_coverage_of_the_bootstrap_of_macro_f1():
    metric, rates = MacroF1(), [0.9, 0.7, 0.5]
    gold = np.random.default_rng(0).choice(3, 1_000_000, p=[0.5, 0.3, 0.2])
    predicted = classify(np.random.default_rng(1), gold, rates)
    truth = float(metric.value(metric.contributions(gold, predicted, 3).sum(axis=0)))

    def simulate(generator):
        gold = generator.choice(3, 250, p=[0.5, 0.3, 0.2])
        array = metric.contributions(gold, classify(generator, gold, rates), 3)
        return score_interval(metric, [array], resamples=400)

    assert 0.9 <= coverage(simulate, truth) <= 0.98


def test_coverage_with_groups_and_the_lack_of_it_without():
    groups = np.arange(400) // 8

    def answers(generator):
        return right(np.repeat(generator.random(50) < 0.7, 8))

    def grouped(generator):
        return score_interval(Accuracy(), [answers(generator)], groups, resamples=400)

    assert 0.9 <= coverage(grouped, 0.7) <= 0.98
    # An interval too narrow by the root of 8 covers about half.
    assert coverage(lambda generator: score_interval(Accuracy(), [answers(generator)]), 0.7) < 0.7


def test_coverage_of_the_paired_difference():
    def simulate(generator):
        easy = generator.random(200)
        first, second = right(easy < 0.8), right((easy < 0.75) ^ (generator.random(200) < 0.05))
        return paired_difference([first], [second], Accuracy().value, resamples=400)

    assert 0.9 <= coverage(simulate, 0.8 - (0.75 * 0.95 + 0.25 * 0.05)) <= 0.98


def test_pairing_narrows_the_interval_of_a_difference():
    easy = np.random.default_rng(3).random(500)
    first, second = right(easy < 0.80), right(easy < 0.76)
    paired = paired_difference([first], [second], Accuracy().value)
    apart = paired_difference([first], [second[::-1]], Accuracy().value)
    assert paired.low > 0
    assert apart.low < 0
    assert paired.value == pytest.approx(apart.value)


def test_a_paired_difference_agrees_with_scipy():
    generator = np.random.default_rng(4)
    first, second = generator.random(300) < 0.8, generator.random(300) < 0.7
    ours = paired_difference([right(first)], [right(second)], Accuracy().value, resamples=5000)
    theirs = scipy.stats.bootstrap(
        (first.astype(float) - second,), np.mean, n_resamples=5000, method="percentile", rng=generator
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_a_model_does_not_differ_from_itself():
    array = right([1, 0, 1, 1])
    assert paired_difference([array], [array], Accuracy().value) == Estimate(0.0, 0.0, 0.0)


def test_models_with_different_numbers_of_seeds_can_be_compared():
    array = right(np.repeat([1, 0], [30, 10]))
    estimate = paired_difference([array, array, array], [array], Accuracy().value)
    assert estimate == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)


def test_who_is_tied_with_the_best():
    easy = np.random.default_rng(5).random(1000)
    models = [[right(easy < share)] for share in (0.80, 0.50, 0.799, 0.75)]
    assert tied_with_best(models, Accuracy().value) == [True, False, True, False]
    assert tied_with_best(models, lambda totals: -Accuracy().value(totals)) == [False, True, False, False]
    assert tied_with_best(models[:1], Accuracy().value) == [True]


def test_many_models_do_not_make_all_tied():
    generator = np.random.default_rng(6)
    models = [[right(generator.random(100) < share)] for share in [0.95] + [0.3] * 60]
    assert tied_with_best(models, Accuracy().value) == [True] + [False] * 60


def test_the_truly_best_model_is_among_the_tied():
    def kept(seed):
        generator = np.random.default_rng(seed)
        models = [[right(generator.random(60) < 0.7)] for _ in range(4)]
        return tied_with_best(models, Accuracy().value, resamples=400)[0]

    assert np.mean([kept(seed) for seed in range(SIMULATIONS)]) >= 0.94


def test_holm_by_hand():
    # 0.01 <= 0.05/4, 0.015 <= 0.05/3, 0.03 > 0.05/2: the rest is kept, though 0.04 <= 0.05.
    assert holm([0.03, 0.01, 0.04, 0.015]) == [False, True, False, True]
    assert holm([]) == []
