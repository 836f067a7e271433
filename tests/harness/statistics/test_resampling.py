"""The bootstrap engine: same seed same bits, the right spread, groups, seeds, bounded memory."""

import numpy as np
import pytest
import scipy.stats

from harness.metrics.accuracy import Accuracy
from harness.metrics.macro_f1 import MacroF1
from harness.statistics import resampling
from harness.statistics.resampling import mean_over_seeds, resampled, resampled_together

ACCURACY = Accuracy().value


def right(values):
    """Contributions to accuracy of examples that are right (1) or wrong (0)."""
    values = np.asarray(values, dtype=float)
    return np.column_stack([values, np.ones(len(values))])


def coin(seed, n=200, share=0.7):
    return right(np.random.default_rng(seed).random(n) < share)


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    first, again = resampled([coin(1)], ACCURACY), resampled([coin(1)], ACCURACY)
    assert first.tobytes() == again.tobytes()
    assert first.shape == (2000,)
    assert not np.array_equal(first, resampled([coin(1)], ACCURACY, seed=5))


@pytest.mark.parametrize("limit", ["CELLS_AT_A_TIME", "COLUMNS_AT_A_TIME"])
@pytest.mark.parametrize("by_kind", [True, False])
def test_memory_per_step_changes_nothing(monkeypatch, limit, by_kind):
    if not by_kind:
        monkeypatch.setattr(resampling, "UNITS_PER_KIND", 1000)
    models = [[coin(1), coin(2)], [coin(3)]]
    whole = resampled_together(models, ACCURACY, resamples=101)
    monkeypatch.setattr(resampling, limit, 1)
    assert whole.tobytes() == resampled_together(models, ACCURACY, resamples=101).tobytes()


def test_draws_by_kind_do_not_depend_on_the_order_of_rows():
    array = coin(3)
    assert resampled([array], ACCURACY).tobytes() == resampled([array[::-1]], ACCURACY).tobytes()


def test_counting_kinds_has_the_distribution_of_counting_rows(monkeypatch):
    metric, generator = MacroF1(), np.random.default_rng(8)
    gold, guess = generator.integers(3, size=300), generator.integers(3, size=300)
    models = [[metric.contributions(gold, gold, 3)], [metric.contributions(gold, guess, 3)]]
    by_kind = resampled_together(models, metric.value, resamples=20_000)
    monkeypatch.setattr(resampling, "UNITS_PER_KIND", 1000)
    by_row = resampled_together(models, metric.value, resamples=20_000)
    assert not np.array_equal(by_kind, by_row)
    assert scipy.stats.ks_2samp(by_kind[1] - by_kind[0], by_row[1] - by_row[0]).pvalue > 0.01


def test_draws_by_row_depend_on_their_order_but_the_distribution_does_not(monkeypatch):
    monkeypatch.setattr(resampling, "UNITS_PER_KIND", 1000)
    array = coin(3)
    turned = array[::-1]
    assert not np.array_equal(resampled([array], ACCURACY), resampled([turned], ACCURACY))
    assert resampled([array], ACCURACY).std() == pytest.approx(resampled([turned], ACCURACY).std(), rel=0.1)


def test_the_spread_is_that_of_theory():
    array = coin(4)
    share = array[:, 0].mean()
    assert resampled([array], ACCURACY).std() == pytest.approx((share * (1 - share) / 200) ** 0.5, rel=0.05)
    assert resampled([array], ACCURACY).mean() == pytest.approx(share, abs=0.005)


def test_models_together_are_paired():
    one, other = coin(1), coin(2)
    same = resampled_together([[one], [other], [one, one]], ACCURACY)
    np.testing.assert_allclose(same[0], same[2], atol=1e-12)
    # A model and its mirror image: what one gains in a resample the other loses.
    mirrored = resampled_together([[one], [right(1 - one[:, 0])]], ACCURACY)
    np.testing.assert_allclose(mirrored.sum(axis=0), 1, atol=1e-12)


def test_groups_are_drawn_whole():
    values = np.repeat([1.0, 0.0, 1.0, 1.0], [5, 3, 4, 8])
    groups = np.repeat([7, 3, 9, 1], [5, 3, 4, 8])
    drawn = resampled([right(values)], ACCURACY, groups, resamples=500)
    # Group 3 holds all wrong answers: the share is that of the rows of other groups.
    whole = resampled([np.array([[8.0, 8], [0, 3], [5, 5], [4, 4]])], ACCURACY, resamples=500)
    np.testing.assert_array_equal(drawn, whole)


def test_copies_of_a_row_in_one_group_add_no_certainty():
    array, groups = coin(6), np.arange(200)
    copied = np.repeat(array, 10, axis=0)
    honest = resampled([copied], ACCURACY, np.repeat(groups, 10))
    np.testing.assert_allclose(honest, resampled([array], ACCURACY), atol=1e-12)
    assert resampled([copied], ACCURACY).std() < 0.4 * honest.std()


def test_seeds_are_drawn_too_and_few_understate_the_spread():
    seeds = [right(np.repeat([1, 0], [count, 1000 - count])) for count in (500, 600, 700)]
    drawn = resampled(seeds, ACCURACY)
    rows_alone = 0.6 * 0.4 / 1000
    between = np.var([0.5, 0.6, 0.7]) / 3
    assert drawn.var() == pytest.approx(between + rows_alone, rel=0.15)
    assert mean_over_seeds(seeds, ACCURACY) == pytest.approx(0.6)


def test_an_undefined_resample_is_nan_and_only_where_its_seed_was_drawn():
    metric = MacroF1()

    def fragile(totals):
        return np.where(totals[..., 0] == 0, np.nan, metric.value(totals))

    gold = np.array([0, 1])
    array = metric.contributions(gold, gold, 2)
    undefined = np.isnan(resampled([array], fragile)).mean()
    assert undefined == pytest.approx(1 / 4, abs=0.03)
    both = np.isnan(resampled([array, array], fragile)).mean()
    assert both == pytest.approx(undefined, abs=0.01)


def test_counted_rows_have_the_distribution_of_repeated_rows():
    generator = np.random.default_rng(9)
    sizes = generator.integers(1, 60, size=12)
    models = [[right(generator.random(12) < 0.6)], [right(generator.random(12) < 0.4)]]
    repeated = [[np.repeat(array, sizes, axis=0) for array in model] for model in models]
    counted = resampled_together(models, ACCURACY, resamples=20_000, sizes=sizes)
    whole = resampled_together(repeated, ACCURACY, resamples=20_000, seed=2)
    assert scipy.stats.ks_2samp(counted[0] - counted[1], whole[0] - whole[1]).pvalue > 0.01
    assert mean_over_seeds(models[0], ACCURACY, sizes) == mean_over_seeds(repeated[0], ACCURACY)


def test_few_rows_of_each_kind_are_drawn_by_row():
    generator = np.random.default_rng(10)
    sizes, array = generator.integers(1, 4, size=200), coin(7)
    counted = resampled([array], ACCURACY, resamples=20_000, sizes=sizes)
    whole = resampled([np.repeat(array, sizes, axis=0)], ACCURACY, resamples=20_000, seed=2)
    assert scipy.stats.ks_2samp(counted, whole).pvalue > 0.01


@pytest.mark.parametrize(("sizes", "groups"), [([1], None), ([1, 0], None), ([1, 1], np.array([0, 1]))])
def test_sizes_that_do_not_match_are_refused(sizes, groups):
    with pytest.raises(ValueError, match="sizes"):
        resampled([right([1, 0])], ACCURACY, groups, sizes=np.array(sizes))


@pytest.mark.parametrize(
    ("contributions", "groups"),
    [
        ([], None),
        ([right([])], None),
        ([right([1, 0]), right([1])], None),
        ([right([1, 0])], np.array([1])),
    ],
)
def test_rows_that_do_not_match_are_refused(contributions, groups):
    with pytest.raises(ValueError, match="rows"):
        resampled(contributions, ACCURACY, groups)


def test_a_value_that_is_undefined_is_refused():
    with pytest.raises(ValueError, match="obstacle"):
        mean_over_seeds([np.zeros((3, 2))], ACCURACY)
