"""As many rows of each class, where it does no harm."""

import pytest

from registry.clean.balance import Balance
from registry.errors import UserError
from tests.worlds import table

LINES = [(f"text {n}", "rare" if n % 5 == 0 else "usual") for n in range(200)]
HASH = "split: {method: hash}\n"


def labels(built, split):
    return built.published.manifest["splits"][split]["labels"]


def test_the_train_split_is_balanced_and_no_other(world):
    plain = world.card(table(*LINES), HASH).build()
    balanced = world.card(table(*LINES), f"clean: [balance]\n{HASH}").build()
    rare = labels(plain, "train")["rare"]
    assert labels(balanced, "train") == {"rare": rare, "usual": rare}
    assert [labels(balanced, name) for name in ("validation", "test")] == [
        labels(plain, name) for name in ("validation", "test")
    ]
    left = labels(plain, "train")["usual"] - rare
    assert balanced.published.manifest["ledger"] == [["balance", "more than its class may have", left]]


def test_a_class_may_have_so_many_rows_at_most(world):
    built = world.card(table(*LINES), f"clean: [{{balance: {{most: 40, splits: [train, test]}}}}]\n{HASH}").build()
    assert labels(built, "train")["usual"] == 40
    assert labels(built, "train")["rare"] < 40


def test_more_rows_of_a_class_are_those_that_fewer_were(world):
    def kept(most):
        more = f"clean: [{{balance: {{most: {most}, splits: [test]}}}}]\n"
        return set(world.card(table(*LINES), more).build().published.read("test")["text"])

    assert kept(5) < kept(20)


def test_a_split_that_is_made_later_cannot_be_balanced_alone(world):
    world.card(table(*LINES), "clean: [balance]\nsplit: {method: stratified}\n")
    with pytest.raises(UserError, match="cannot know the train rows"):
        world.build()


def test_all_splits_may_be_balanced_before_they_are_made(world):
    more = "clean: [{balance: {splits: [train, validation, test]}}]\nsplit: {method: stratified}\n"
    built = world.card(table(*LINES), more).build()
    assert [labels(built, name) for name in ("train", "test")] == [{"rare": 32, "usual": 32}, {"rare": 4, "usual": 4}]


def test_no_rows_are_no_problem():
    import polars as pl

    empty = pl.DataFrame(schema=dict.fromkeys(("id", "label", "_split", "_reason"), pl.String))
    assert Balance().settle(empty, {}).height == 0
