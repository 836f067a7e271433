"""Rows that belong together, by text, group and cluster."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from registry.placing.units import TIES, units

few = st.one_of(st.none(), st.integers(0, 6))
rows = st.lists(st.tuples(few, few, few), max_size=30)


def table(found, ties=TIES):
    return pl.DataFrame(found, schema=dict.fromkeys(TIES, pl.Int64), orient="row").select(ties)


def in_plain_python(found):
    """The same, by merging sets until none overlap, written a second time."""
    units = []
    for number, values in enumerate(found):
        ties = {(place, value) for place, value in enumerate(values) if value is not None}
        touched = [unit for unit in units if unit[1] & ties]
        members = {number}.union(*(unit[0] for unit in touched))
        units = [unit for unit in units if unit not in touched]
        units.append((members, ties.union(*(unit[1] for unit in touched))))
    order = sorted(units, key=lambda unit: min(unit[0]))
    return [next(place for place, unit in enumerate(order) if number in unit[0]) for number in range(len(found))]


@given(found=rows)
def test_they_are_the_connected_components(found):
    assert units(table(found)).to_list() == in_plain_python(found)


@given(found=rows)
def test_without_groups_equal_texts_are_together(found):
    alone = [(value, None, None) for value, _, _ in found]
    assert units(table(alone, ["_example", "_cluster"])).to_list() == in_plain_python(alone)


def test_what_is_together_through_others_is_together():
    chain = pl.DataFrame({"_example": [1, 1, 2, 3], "group": ["a", "b", "b", "c"], "_cluster": [None, None, 8, 8]})
    assert units(chain).to_list() == [0, 0, 0, 0]


def test_a_long_chain_takes_no_time():
    count = 200_000
    chain = pl.DataFrame({"_example": [n // 2 for n in range(count)], "group": [(n + 1) // 2 for n in range(count)]})
    assert units(chain).max() == 0


def test_no_rows_are_no_problem():
    assert units(table([])).to_list() == []
