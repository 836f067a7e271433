"""A part of the rows, drawn by their ids."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.clean.sample import Sample
from tests.worlds import plenty

labels = st.lists(st.sampled_from(["a", "b", None]), max_size=30)


def table(found, reasons=None):
    columns = {"id": [f"{n:03}" for n in range(len(found))], "label": found, "_reason": reasons or [None] * len(found)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def stay(op, rows):
    return op.settle(rows, {}).filter(pl.col("_reason").is_null())


@settings(max_examples=20)
@given(found=labels, fewer=st.integers(1, 10), more=st.integers(0, 20), per_class=st.booleans())
def test_a_smaller_sample_is_a_part_of_a_larger_one(found, fewer, more, per_class):
    small, large = (stay(Sample(rows=n, per_class=per_class), table(found)) for n in (fewer, fewer + more))
    assert set(small["id"]) <= set(large["id"])
    for label in {"a", "b"} & set(found) if per_class else ():
        assert small.filter(label=label).height == min(fewer, found.count(label))
    if per_class:
        assert small["label"].null_count() == found.count(None)
    else:
        assert small.height == min(fewer, len(found))


@settings(max_examples=20)
@given(found=labels, size=st.integers(0, 30))
def test_a_share_takes_each_row_by_itself(found, size):
    whole = stay(Sample(share=0.4), table(found))["id"].to_list()
    assert stay(Sample(share=0.4), table(found[:size]))["id"].to_list() == [row for row in whole if int(row) < size]


def test_a_share_holds_on_average_and_grows_by_adding():
    rows = table(["a"] * 20_000)
    small, large = (set(stay(Sample(share=share), rows)["id"]) for share in (0.1, 0.2))
    assert len(small) == pytest.approx(2000, rel=0.1)
    assert small < large


def test_rows_that_left_before_count_for_nothing():
    rows = table(["a"] * 4, ["earlier", "earlier", None, None])
    assert stay(Sample(rows=2), rows)["id"].to_list() == ["002", "003"]


def test_the_ledger_says_who_is_not_in_the_sample(world):
    built = world.card(plenty(60), "clean: [{sample: {rows: 40}}]\n").build().published
    assert built.manifest["ledger"] == [["sample", "not in the sample", 20]]


@pytest.mark.parametrize("parameters", [{}, {"rows": 1, "share": 0.5}, {"share": 0.5, "per_class": True}])
def test_one_size_is_needed(parameters):
    with pytest.raises(ValidationError):
        Sample(**parameters)
