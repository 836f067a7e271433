"""Rows dealt out in exact shares."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.placing.strata import carried, place

SHARES = ((0.8, 0.1, 0.1), (0.7, 0.3), (0.2,) * 5, (0.9, 0, 0.1), (1.0,))
shares = st.sampled_from(SHARES)
labels = st.lists(st.sampled_from("aaaaabbc"), max_size=60)


def table(found, units=None):
    count = len(found)
    kind = pl.List(pl.String) if found and isinstance(found[0], list) else pl.String
    columns = {"id": [f"{n:03}" for n in range(count)], "_unit": units or list(range(count)), "label": found}
    return pl.DataFrame(columns, schema={"id": pl.String, "_unit": pl.UInt32, "label": kind})


def counts(rows, places, shares):
    """Rows of each label (lines) in each place (columns)."""
    lines = rows.with_columns(place=places)
    lines = lines.explode("label") if isinstance(lines.schema["label"], pl.List) else lines
    return {
        label: np.array([lines.filter(label=label, place=number).height for number in range(len(shares))])
        for label in lines["label"].unique()
    }


@settings(max_examples=25)
@given(found=labels, shares=shares, salt=st.text("xyz"))
def test_every_class_is_less_than_a_row_away_from_its_shares(found, shares, salt):
    places = place(table(found), ["label"], shares, salt)
    for label, here in counts(table(found), places, shares).items():
        ideal = found.count(label) * np.array(shares)
        assert (np.abs(here - ideal) < 1 - 1e-6).all()


@settings(max_examples=25)
@given(found=labels, shares=shares)
def test_one_class_is_dealt_by_largest_remainders(found, shares):
    rows = table(["a"] * len(found))
    ideal = [round(len(found) * share, 9) for share in shares]
    expected = [math.floor(part) for part in ideal]
    remainders = sorted(range(len(shares)), key=lambda number: (expected[number] - ideal[number], number))
    for number in remainders[: len(found) - sum(expected)]:
        expected[number] += 1
    places = place(rows, ["label"], shares, "")
    assert [int((places == number).sum()) for number in range(len(shares))] == expected


def test_many_small_classes_do_not_empty_a_place():
    """Of each class alone all three rows belong into the first place."""
    rows = table([f"label {n // 3}" for n in range(3000)])
    places = place(rows, ["label"], (0.8, 0.1, 0.1), "salt")
    sizes = [int((places == number).sum()) for number in range(3)]
    assert sizes == pytest.approx([2400, 300, 300], abs=3)


@settings(max_examples=25)
@given(found=labels, shares=shares, data=st.data())
def test_the_order_and_the_numbers_of_units_do_not_matter(found, shares, data):
    units = data.draw(st.lists(st.integers(0, 9), min_size=len(found), max_size=len(found)))
    rows = table(found, units)
    order = data.draw(st.permutations(range(len(found))))
    names = data.draw(st.permutations(range(10)))
    renamed = rows.with_columns(pl.col("_unit").map_elements(lambda unit: names[unit], return_dtype=pl.UInt32))
    places = place(rows, ["label"], shares, "salt")
    assert place(renamed[order], ["label"], shares, "salt").equals(places[order])


@settings(max_examples=25)
@given(found=labels, shares=shares, data=st.data())
def test_a_unit_is_never_torn(found, shares, data):
    units = data.draw(st.lists(st.integers(0, 9), min_size=len(found), max_size=len(found)))
    rows = table(found, units).with_columns(place=place(table(found, units), ["label"], shares, "salt"))
    assert rows["place"].null_count() == 0
    assert rows.select("_unit", "place").unique().height == len(set(units))


def test_another_salt_draws_others_and_sizes_stay():
    rows = table(["a", "b"] * 100)
    one, other = (place(rows, ["label"], (0.5, 0.5), salt) for salt in ("one", "other"))
    assert not one.equals(other)
    assert one.sum() == other.sum() == 100


def test_another_salt_draws_other_groups():
    rows = table(["a", "b", "c", "a"] * 50, [number // 7 for number in range(200)])
    assert len({tuple(place(rows, ["label"], (0.7, 0.3), str(salt))) for salt in range(5)}) == 5


def grouped(seed):
    """Groups of every size, each with a leaning of its own, and a rare class."""
    random = np.random.default_rng(seed)
    units = np.repeat(np.arange(600), random.geometric(0.05, 600))
    leaning = random.choice(5, 600, p=[0.5, 0.3, 0.15, 0.04, 0.01])
    found = np.where(random.random(len(units)) < 0.7, leaning[units], random.integers(0, 5, len(units)))
    return table([f"class {number}" for number in found], units.tolist())


@pytest.mark.parametrize("seed", range(3))
def test_groups_that_lean_each_their_way_still_spread_every_class(seed):
    rows, shares = grouped(seed), (0.8, 0.1, 0.1)
    for here in counts(rows, place(rows, ["label"], shares, "salt"), shares).values():
        assert np.abs(here / here.sum() - shares).max() < 0.01


def test_single_rows_make_up_for_a_group_that_cannot_be_divided():
    units = [0] * 30 + list(range(1, 171))
    rows = table(["a"] * 200, units)
    places = place(rows, ["label"], (0.8, 0.1, 0.1), "salt")
    assert [int((places == number).sum()) for number in range(3)] == [160, 20, 20]


@pytest.mark.parametrize(("groups", "shares"), [(5, (0.1, 0.1, 0.8)), (8, (0.1, 0.1, 0.8)), (4, (0.6, 0.2, 0.2))])
def test_few_groups_leave_no_place_empty_that_has_a_share(groups, shares):
    rows = table(["a", "b"] * 10 * groups, [number // 20 for number in range(20 * groups)])
    places = place(rows, ["label"], shares, "salt")
    assert set(places) == {0, 1, 2}
    assert (places == int(np.argmax(shares))).sum() == max(places.value_counts()["count"])


@settings(max_examples=25)
@given(found=labels, shares=shares, data=st.data())
def test_no_place_is_empty_where_there_are_enough_groups(found, shares, data):
    found, units = [*found, *"ab" * 5], data.draw(st.lists(st.integers(0, 4), min_size=len(found), max_size=len(found)))
    places = place(table(found, [*units, *list(range(5)) * 2]), ["label"], shares, "salt")
    assert set(places) == {number for number, share in enumerate(shares) if share}


@pytest.mark.parametrize("seed", range(3))
def test_several_labels_are_spread_each(seed):
    random = np.random.default_rng(seed)
    often = 0.5 / np.arange(1, 21)
    found = [[f"label {n:02}" for n in np.flatnonzero(random.random(20) < often)] for _ in range(2000)]
    rows, shares = table(found), (0.8, 0.1, 0.1)
    places = place(rows, ["label"], shares, "salt")
    for here in counts(rows, places, shares).values():
        assert np.abs(here - here.sum() * np.array(shares)).max() < 3
    assert int((places == 2).sum()) == pytest.approx(200, abs=5)


def test_two_columns_are_spread_together():
    rows = table(["a", "b"] * 200).with_columns(_by_day=pl.Series([1, 1, None, None] * 100))
    placed = rows.with_columns(place=place(rows, carried(["label", "day"]), (0.9, 0.1), "salt"))
    sizes = placed.filter(place=1).group_by("label", "_by_day").len()
    assert sizes["len"].to_list() == [10] * 4


def test_nothing_to_spread_gives_exact_shares_and_no_more():
    rows = table(["a", "b", "c"] * 10)
    assert int((place(rows, [], (0.7, 0.3), "salt") == 0).sum()) == 21


def test_no_rows_are_no_problem():
    assert place(table([]), ["label"], (0.5, 0.5), "salt").to_list() == []
