"""Cross-validation, as a card author meets it."""

import polars as pl
import pytest

from registry.errors import UserError
from registry.splits.k_fold import KFold
from tests.worlds import plenty, table


def rows(count, units=None):
    columns = {"id": [f"{n:03}" for n in range(count)], "_unit": units or range(count), "label": ["a", "b"] * count}
    return pl.DataFrame({**columns, "label": columns["label"][:count]}, schema_overrides={"_unit": pl.UInt32})


def test_a_version_has_train_rows_with_a_fold_for_each_repeat(world):
    built = world.card(plenty(60), "split: {method: k-fold, folds: 3, repeats: 2}\n").build().published
    train = built.read("train")
    assert (train.height, built.read("test").height) == (60, 0)
    assert built.manifest["folds"] == {"folds": 3, "repeats": 2}
    for repeat in (1, 2):
        sizes = train.group_by(f"fold_{repeat}", "label").len()
        assert sizes["len"].to_list() == [10] * 6
    assert not train["fold_1"].equals(train["fold_2"])


def test_a_share_can_be_held_out_of_every_fold(world):
    built = world.card(plenty(50), "split: {method: k-fold, test: 0.2}\n").build().published
    assert built.manifest["splits"]["test"]["labels"] == {"bad": 5, "good": 5}
    assert sorted(built.read("train")["fold_1"].value_counts()["count"]) == [8] * 5
    assert built.read("test")["fold_1"].null_count() == 10


def test_a_group_is_in_one_fold(world):
    lines = [(f"text {n}", ("bad", "good")[n % 2], f"author {n // 6}") for n in range(120)]
    world.card(table(*lines, header="text,label,author"), "split: {method: k-fold, group: author}\n")
    train = world.build().published.read("train")
    assert train.select("group", "fold_1").unique()["group"].is_unique().all()


def test_too_few_groups_for_the_folds_are_told():
    with pytest.raises(UserError, match="3 sets of rows that belong together cannot fill 5 folds"):
        KFold().fold(rows(30, [n % 3 for n in range(30)]))


def test_sizes_differ_by_one_row_at_most():
    sizes = KFold(folds=4).fold(rows(46))["fold_1"].value_counts()["count"].to_list()
    assert sorted(sizes) == [11, 11, 12, 12]
