"""One vote left out at a time, against the same counted slowly."""

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.metrics.accuracy import Accuracy
from harness.metrics.macro_f1 import MacroF1
from harness.statistics.ceiling import (
    NONE,
    Beside,
    HeldOut,
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


def ahead(others: list[int], first: bool) -> list[int]:
    counts = Counter(others)
    best = sorted(answer for answer, count in counts.items() if count == max(counts.values()))
    return best[:1] if first else best


def labels(answers: Sequence[int] | np.ndarray) -> np.ndarray:
    """Three answers are labels; the fourth is none."""
    return np.where(np.asarray(answers) == 3, NONE, answers)


def alone(others: list[int]) -> Beside:
    """One label, or NONE, beside each vote."""
    return Beside(np.arange(len(others)), np.array(others))


def by_majority(rows: list[list[int]], first: bool = False) -> HeldOut:
    beside = majority_of_others(votes(rows), first=first)
    return held_out(votes(rows), labels(votes(rows).values.astype(int)), beside._replace(label=labels(beside.label)))


def accuracy(found: HeldOut) -> float:
    return float(Accuracy().value(contributions(Accuracy(), found, 3).sum(axis=0)))


@settings(deadline=None, max_examples=60)
@given(rows=voted)
def test_the_others_of_each_vote_are_all_but_that_vote(rows: list[list[int]]) -> None:
    assert mean_of_others(votes(rows)).tolist() == slowly(rows, mean)
    assert median_of_others(votes(rows)).tolist() == slowly(rows, median)
    others = [without(row, place) for row in rows for place in range(len(row))]
    for first in (False, True):
        found = majority_of_others(votes(rows), first=first)
        expected = [(vote, answer) for vote, rest in enumerate(others) for answer in ahead(rest, first)]
        assert list(zip(found.vote.tolist(), found.label.tolist(), strict=True)) == expected


@settings(deadline=None, max_examples=100)
@given(rows=voted, first=st.booleans())
def test_a_row_is_the_mean_of_its_votes_and_a_vote_of_the_labels_beside_it(rows: list[list[int]], first: bool) -> None:
    right, unlabelled, weight = 0.0, 0.0, 0.0
    scored = set[int]()
    left_out = 0
    for number, row in enumerate(rows):
        for place, own in enumerate(row):
            beside = [answer for answer in ahead(without(row, place), first) if answer != 3]
            if beside:
                right += mean(float(answer == own) for answer in beside) / len(row)
                unlabelled += (own == 3) / len(row)
                weight += 1 / len(row)
                scored.add(number)
            left_out += not beside
    found = by_majority(rows, first)
    assert found.undecided == left_out
    assert found.different_rows.tolist() == sorted(scored)
    if scored:
        assert accuracy(found) == pytest.approx(right / weight)
        assert found.without_label == pytest.approx(unlabelled / weight)


def test_rows_weigh_alike_whether_their_votes_agree_or_not() -> None:
    found = by_majority([[0, 0, 1], [1, 1, 1], [0, 1], [2, 2, 2, 2, 2]])
    scored = contributions(Accuracy(), found, 3)
    assert scored.tolist() == [pytest.approx(row) for row in ([1 / 3, 1], [1, 1], [0, 1], [1, 1])]


def test_a_vote_beside_two_that_tie_is_half_right() -> None:
    found = by_majority([[0, 0, 1]])
    lines = zip(found.others.tolist(), found.given.tolist(), found.weights.tolist(), strict=True)
    # Each 0 is held half against 0 and half against 1; the 1 is held against 0.
    assert list(lines) == [(0, 0, pytest.approx(1 / 3)), (0, 1, pytest.approx(1 / 3)), (1, 0, pytest.approx(1 / 3))]


def test_of_three_annotators_the_careless_one_weighs_no_more_than_each_other() -> None:
    ann, bob, careless = [0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1], [0, 1, 0, 0, 1, 0]
    pairs = [(ann, bob), (ann, careless), (bob, careless)]
    agreement = [mean(float(one == other) for one, other in zip(*pair, strict=True)) for pair in pairs]
    assert agreement == [1, 0.5, 0.5]
    found = by_majority([list(row) for row in zip(ann, bob, careless, strict=True)])
    assert accuracy(found) == pytest.approx(mean(agreement))


def test_votes_for_no_label_are_wrong_and_accuse_no_class() -> None:
    found = by_majority([[0, 0, 0, 3], [1, 1]])
    # a: 2 * 3/4 / (1 + 3/4); b: 1
    assert float(MacroF1().value(contributions(MacroF1(), found, 2).sum(axis=0))) == pytest.approx((6 / 7 + 1) / 2)
    assert found.without_label == pytest.approx(1 / 8)
    assert found.right_of_labelled == 1


def test_rows_on_which_the_others_decide_nothing_are_left_out() -> None:
    found = held_out(votes([[0, 1], [1, 1]]), np.array([0, 1, 1, 1]), alone([NONE, NONE, 1, 1]))
    assert found.different_rows.tolist() == [1]
    assert contributions(Accuracy(), found, 2).tolist() == [[1.0, 1.0]]
    assert found.undecided == 2


def test_a_vote_that_is_left_out_takes_its_share_of_the_row_with_it() -> None:
    found = held_out(votes([[0, 0, 1], [1, 1]]), np.array([0, 0, 1, 1, 1]), alone([NONE, NONE, 0, 1, 1]))
    assert contributions(Accuracy(), found, 2).tolist() == [[0.0, pytest.approx(1 / 3)], [1.0, 1.0]]
    assert found.undecided == 2
