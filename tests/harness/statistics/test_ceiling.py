"""One vote left out at a time, against the same counted slowly."""

from collections import Counter
from collections.abc import Callable
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.metrics.accuracy import Accuracy
from harness.metrics.macro_f1 import MacroF1
from harness.statistics.ceiling import (
    NONE,
    contributions,
    held_out,
    majority_of_others,
    mean_of_others,
    median_of_others,
)
from registry.annotation.votes import Votes

voted = st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=9), min_size=1, max_size=12)


def votes(rows: list[list[int]]) -> Votes:
    values = np.array([vote for row in rows for vote in row], dtype=float)
    offsets = np.cumsum([0, *map(len, rows)])
    return Votes(values, offsets, answers=("a", "b", "c", "d"))


def without(row: list[int], place: int) -> list[int]:
    return row[:place] + row[place + 1 :]


def slowly(rows: list[list[int]], of_others: Callable[[list[int]], float]) -> list[float]:
    return [of_others(without(row, place)) for row in rows for place in range(len(row))]


def majority(first: bool) -> Callable[[list[int]], int]:
    def of(others: list[int]) -> int:
        counts = Counter(others)
        best = [answer for answer, count in counts.items() if count == max(counts.values())]
        return min(best) if first or len(best) == 1 else NONE

    return of


@settings(deadline=None, max_examples=60)
@given(rows=voted)
def test_the_others_of_each_vote_are_all_but_that_vote(rows: list[list[int]]) -> None:
    assert mean_of_others(votes(rows)).tolist() == slowly(rows, mean)
    assert median_of_others(votes(rows)).tolist() == slowly(rows, median)
    for first in (False, True):
        assert majority_of_others(votes(rows), first=first).tolist() == slowly(rows, majority(first))


@settings(deadline=None, max_examples=60)
@given(rows=voted)
def test_each_row_weighs_what_its_votes_do_together(rows: list[list[int]]) -> None:
    given = votes(rows).values.astype(int)
    given = np.where(given == 3, NONE, given)
    others = np.array(slowly(rows, majority(False)))
    others = np.where(others == 3, NONE, others)
    if (others == NONE).all():
        return
    found = held_out(votes(rows), given, others)
    weights = np.repeat([1 / len(row) for row in rows], [len(row) for row in rows])
    scored = others != NONE
    sums = contributions(Accuracy(), found, 3)
    assert len(sums) == len(found.different_rows)
    assert float(Accuracy().value(sums.sum(axis=0))) == pytest.approx(
        weights[scored & (given == others)].sum() / weights[scored].sum()
    )
    assert found.without_label == pytest.approx(weights[scored & (given == NONE)].sum() / weights[scored].sum())


def test_votes_for_no_label_are_wrong_and_accuse_no_class() -> None:
    found = held_out(votes([[0, 0, 0, 3], [1, 1]]), np.array([0, 0, 0, NONE, 1, 1]), np.array([0, 0, 0, 0, 1, 1]))
    # a: 2 * 3/4 / (1 + 3/4); b: 1
    assert float(MacroF1().value(contributions(MacroF1(), found, 2).sum(axis=0))) == pytest.approx((6 / 7 + 1) / 2)
    assert found.without_label == pytest.approx(1 / 8)


def test_rows_on_which_the_others_decide_nothing_are_left_out() -> None:
    found = held_out(votes([[0, 1], [1, 1]]), np.array([0, 1, 1, 1]), np.array([NONE, NONE, 1, 1]))
    assert found.different_rows.tolist() == [1]
    assert contributions(Accuracy(), found, 2).tolist() == [[1.0, 1.0]]
