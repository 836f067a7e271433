"""The default split: a row goes where its own key sends it, whatever else there is."""

import hashlib

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.placing.ratios import Ratios
from registry.splits.all_test import AllTest
from registry.splits.hash import Hash
from tests.strategies import texts

keys = st.lists(texts, min_size=1, max_size=20)
seeds = st.integers(0, 1000)


def in_plain_python(key: str, seed: int, ratios: Ratios) -> str:
    """The same rule, written a second time."""
    fraction = int(hashlib.sha256(f"split:{seed}\x1f{key}".encode()).hexdigest()[:15], 16) / 16**15
    if fraction < ratios.test:
        return "test"
    return "validation" if fraction < ratios.test + ratios.validation else "train"


def assigned(values, **parameters):
    return Hash(**parameters).assign(pl.DataFrame({"_key": values}, schema={"_key": pl.String})).to_list()


@given(values=keys, seed=seeds)
def test_it_is_what_the_documentation_says(values, seed):
    assert assigned(values, seed=seed) == [in_plain_python(key, seed, Ratios()) for key in values]


@given(values=keys, others=keys, seed=seeds, data=st.data())
def test_neither_order_nor_other_rows_move_a_key(values, others, seed, data):
    expected = dict(zip(values, assigned(values, seed=seed), strict=True))
    crowd = data.draw(st.permutations([*values, *others]))
    found = assigned(crowd, seed=seed)
    assert {key: split for key, split in zip(crowd, found, strict=True) if key in expected} == expected


def test_the_ratios_hold_on_average():
    found = pl.Series(
        assigned(
            [f"row {number}" for number in range(100_000)],
            ratios={"train": 0.7, "validation": 0.2, "test": 0.1},
        )
    )
    shares = dict(found.value_counts(normalize=True).rows())
    assert shares == pytest.approx({"train": 0.7, "validation": 0.2, "test": 0.1}, abs=0.006)


def test_another_seed_is_another_split():
    values = [f"row {number}" for number in range(1000)]
    assert assigned(values, seed=1) != assigned(values, seed=2)


def test_more_test_rows_only_come_from_their_neighbours():
    """Growing the test share takes rows into test and never out of it."""
    values = [f"row {number}" for number in range(2000)]
    small = assigned(values, ratios={"train": 0.8, "validation": 0.1, "test": 0.1})
    large = assigned(values, ratios={"train": 0.7, "validation": 0.1, "test": 0.2})
    assert all(after == "test" for before, after in zip(small, large, strict=True) if before == "test")


def test_a_share_of_zero_gets_no_row_and_is_not_promised():
    split = Hash(ratios=Ratios(train=0.9, validation=0, test=0.1))
    assert split.promised == ("train", "test")
    assert set(assigned([str(number) for number in range(5000)], ratios=split.ratios)) == {"train", "test"}


def test_no_keys_is_no_problem():
    assert assigned([]) == []


@pytest.mark.parametrize(
    "ratios",
    [
        {"train": 0.8},
        {"train": 1, "validation": 0.1, "test": -0.1},
        {"train": 0.5, "validation": 0.5, "test": 0.1},
    ],
)
def test_ratios_that_do_not_add_up_are_refused(ratios):
    if ratios == {"train": 0.8}:
        assert Ratios(**ratios).test == 0.1, "the other two have defaults that fit"
        return
    with pytest.raises(ValidationError):
        Ratios(**ratios)


def test_a_default_that_makes_ratios_too_large_is_named():
    with pytest.raises(ValidationError, match=r"up to 1\.1 with validation 0\.1, the default of what is not written;"):
        Ratios(train=0.5, test=0.5)


@given(values=keys)
def test_all_test_puts_every_row_into_test(values):
    assert AllTest().assign(pl.DataFrame({"_key": values})).to_list() == ["test"] * len(values)
    assert AllTest().promised == ("test",)
