"""Cross-validation in numbers and in words."""

import pytest

from harness.folds import Fold, Folds, evaluated, folds_of

TWICE = {"folds": {"folds": 3, "repeats": 2}}


def test_every_fold_of_every_repeat_comes_once_and_in_order() -> None:
    found = folds_of(TWICE)
    assert found is not None
    assert found.each() == tuple(Fold(repeat, number) for repeat in (1, 2) for number in (0, 1, 2))
    assert [fold.column for fold in found.each()] == ["fold_1"] * 3 + ["fold_2"] * 3


def test_a_version_without_folds_is_evaluated_on_its_test_split() -> None:
    assert (folds_of({}), evaluated({}), evaluated(TWICE)) == (None, "test", "train")


@pytest.mark.parametrize(
    ("folds", "told"),
    [(Folds(5, 1), "5-fold cross-validation"), (Folds(10, 2), "10-fold cross-validation, 2 repeats")],
)
def test_words(folds: Folds, told: str) -> None:
    assert str(folds) == told
