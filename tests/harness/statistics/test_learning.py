"""The law of learning curves, found again in scores that follow it."""

import pytest

from harness.statistics.learning import law

SIZES = (100, 200, 500, 1000, 5000)


def scores(limit: float, drop: float, rate: float) -> list[tuple[int, float]]:
    return [(rows, limit - drop * rows**-rate) for rows in SIZES]


@pytest.mark.parametrize(("limit", "drop", "rate"), [(0.9, 2.0, 0.5), (0.7, 0.8, 0.2), (0.95, 9.0, 1.0)])
def test_the_law_that_made_the_scores_is_found_again(limit, drop, rate):
    found = law(scores(limit, drop, rate), best=1.0)
    assert found.limit == pytest.approx(limit, abs=0.01)
    assert found.rate == pytest.approx(rate, rel=0.05)
    assert found.limit - found.drop * 10_000**-found.rate == pytest.approx(limit - drop * 10_000**-rate, abs=0.003)


def test_a_model_that_does_not_learn_has_a_flat_law():
    found = law([(100, 0.6), (200, 0.6), (400, 0.6)], best=1.0)
    assert (found.limit, found.drop) == (pytest.approx(0.6), pytest.approx(0, abs=1e-9))


def test_scores_that_fall_promise_nothing():
    assert law([(100, 0.7), (200, 0.65), (400, 0.6)], best=1.0).drop == 0


def test_no_law_promises_more_than_the_metric_can_have():
    found = law([(100, 0.70), (200, 0.80), (400, 0.90)], best=1.0)
    assert found.limit <= 1.0
    assert found.limit - found.drop * 400**-found.rate == pytest.approx(0.9, abs=0.02)


def test_where_less_is_better_the_law_runs_down():
    found = law([(rows, 0.1 + 3 * rows**-0.5) for rows in SIZES], best=0.0)
    assert found.limit == pytest.approx(0.1, abs=0.01)
    assert found.drop < 0


def test_two_sizes_are_no_curve():
    with pytest.raises(ValueError, match="needs 3 sizes, not 2"):
        law([(100, 0.5), (200, 0.6), (200, 0.61)], best=1.0)
