"""Votes as they are read from list columns."""

import numpy as np
import polars as pl
import pytest

from registry.annotation.votes import Votes
from registry.errors import UserError


def votes(items, dtype=pl.Float64):
    return Votes.from_list_column(pl.Series("votes", items, dtype=pl.List(dtype)))


def test_votes_from_a_list_column():
    read = votes([[1, None, 2], None, [], [None], [3]], pl.Int8)
    assert read.values.tolist() == [1, 2, 3]
    assert read.offsets.tolist() == [0, 2, 2, 2, 2, 3]
    assert read.counts.tolist() == [2, 0, 0, 0, 1]
    assert (read.values.dtype, read.offsets.dtype) == (np.float64, np.int64)


@pytest.mark.parametrize(
    "series",
    [
        pl.Series("v", [[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)),
        pl.Series("v", [["1.0", "2.0"], ["3.0", "4.0"]]).cast(pl.List(pl.Decimal(5, 2))),
        pl.Series("v", [[1, 2], [3, 4]]),
    ],
)
def test_other_kinds_of_number_lists_are_read_too(series):
    assert Votes.from_list_column(series).values.tolist() == [1, 2, 3, 4]


def test_empty_columns_are_columns_without_votes():
    assert Votes.from_list_column(pl.Series("v", [[], []])).counts.tolist() == [0, 0]
    assert Votes.from_list_column(pl.Series("v", [], dtype=pl.List(pl.Float64))).offsets.tolist() == [0]


@pytest.mark.parametrize(
    "series",
    [
        pl.Series("v", [["1", "2"]]),
        pl.Series("v", [1, 2]),
        pl.Series("v", [[True]]),
        pl.Series("v", ["[1, 2]"]),
    ],
)
def test_votes_that_are_not_numbers_are_refused(series):
    with pytest.raises(UserError, match='column "v" holds'):
        Votes.from_list_column(series)


def test_votes_that_are_not_finite_are_refused_with_their_row():
    with pytest.raises(UserError, match=r'2 of 3 votes in column "votes" .* nan, a vote on row 3'):
        votes([[1.0], [], [float("nan"), float("inf")]])
