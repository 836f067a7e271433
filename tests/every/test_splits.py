"""What every split method in `registry/splits` must do, found by file name: a new method is tested at once."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kinds import SPLITS as METHODS
from registry.split import SPLITS, Folding, Timed
from tests.strategies import words

PARAMETERS = {
    "given": [{"column": "split"}],
    "hash": [{}, {"group": "author"}],
    "all-test": [{}],
    "stratified": [{}, {"by": ["label", "split"]}, {"by": []}],
    "temporal": [
        {"column": "day", "test": "2020-01-20", "validation": "2020-01-10", "gap": "1d"},
        {"column": "day", "ratios": {"train": 0.5, "validation": 0.2, "test": 0.3}},
    ],
    "k-fold": [{"folds": 2, "repeats": 2}, {"folds": 2, "test": 0.3}],
    "hold-out": [{"column": "split", "train": ["train"], "test": ["test"], "others": "drop"}],
}
"""A few ways to write each method in a card."""

methods = [METHODS.get(name)(**given) for name in METHODS.names() for given in PARAMETERS[name]]
every_method = pytest.mark.parametrize("method", methods, ids=lambda method: type(method).__name__)
row = st.tuples(words, st.sampled_from(SPLITS), st.integers(1, 31), st.integers(0, 9))
AT_LEAST = [("first", "train", 1, 20), ("second", "validation", 15, 21), ("third", "test", 31, 22)]
rows = st.lists(row, min_size=5, max_size=20).map(lambda found: [*AT_LEAST, *found])


def table(found):
    """Rows as the build hands them to a method, of either kind."""
    frame = pl.DataFrame(
        [(f"{n:03}", *row) for n, row in enumerate(found)],
        schema={"id": pl.String, "_key": pl.String, "_by_split": pl.String, "_day": pl.Int64, "_unit": pl.UInt32},
        orient="row",
    )
    day = pl.format("2020-01-{}", pl.col("_day").cast(pl.String).str.zfill(2))
    labels = [("bad", "good")[number % 2] for number in range(len(found))]
    return frame.select(pl.exclude("_day"), _by_day=day, label=pl.Series(labels, dtype=pl.String))


@pytest.mark.parametrize("name", METHODS.names())
def test_the_declaration_is_complete(name):
    assert METHODS.module_doc(name).strip()
    assert METHODS.get(name).version >= 1
    assert name in PARAMETERS


@every_method
def test_what_it_promises_and_leaves_out_is_told(method):
    assert set(method.promised) <= set(SPLITS)
    assert isinstance(method.outside, str)
    assert isinstance(method.afterwards, bool)
    assert method.group is None or isinstance(method.group, str)
    assert not isinstance(method, Timed) or method.time in method.columns


@every_method
@settings(max_examples=10)
@given(found=rows)
def test_every_row_goes_into_a_split_or_leaves_for_its_reason(method, found):
    assigned = method.assign(table(found))
    assert len(assigned) == len(found)
    assert set(assigned.drop_nulls()) <= set(SPLITS)
    assert assigned.null_count() == 0 or method.outside


@every_method
@settings(max_examples=10)
@given(found=rows, data=st.data())
def test_the_order_of_rows_does_not_matter(method, found, data):
    order = data.draw(st.permutations(range(len(found))))
    frame = table(found)
    assert method.assign(frame[order]).equals(method.assign(frame)[order])


@every_method
@settings(max_examples=10)
@given(found=rows, size=st.integers(1, 8))
def test_what_is_placed_row_by_row_needs_no_other_rows(method, found, size):
    frame = table(found)
    if method.afterwards:
        units = frame.with_columns(split=method.assign(frame)).drop_nulls("split")
        assert units.select("_unit", "split").unique()["_unit"].is_unique().all(), "what belongs together was torn"
    else:
        assert method.assign(frame[:size]).equals(method.assign(frame)[:size])


@pytest.mark.parametrize("method", [method for method in methods if isinstance(method, Folding)], ids=str)
@settings(max_examples=10)
@given(found=rows)
def test_folds_are_of_train_rows_and_tear_nothing(method, found):
    frame = table(found).with_columns(_unit=pl.int_range(pl.len(), dtype=pl.UInt32) // 2)
    folds = method.fold(frame)
    assert folds.columns == [f"fold_{repeat}" for repeat in range(1, method.repeats + 1)]
    train = method.assign(frame) == "train"
    for column in folds:
        assert column.is_not_null().equals(train)
        assert set(column.drop_nulls()) == set(range(method.folds))
        assert frame.select("_unit", column).unique()["_unit"].is_unique().all()


@every_method
def test_no_rows_are_no_problem(method):
    assert method.assign(table([])).to_list() == []
