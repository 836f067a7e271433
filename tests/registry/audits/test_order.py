"""Torn groups, repeated ids and texts, and a train row from after the test began: what a version must never hold."""

import pytest

from registry.audits.checks.order import Order
from tests.registry.audits.planted import many, prose, row, rows


def told(*given):
    return Order().find(rows(*given)).found.select("id", "split", "other", "other_split", "why").rows()


def test_sound_rows_pass_and_what_was_not_there_to_check_is_said():
    finding = Order().find(rows(*many(20)))
    assert finding.found.is_empty()
    assert finding.notes == ("no column group and time, so nothing to hold together or apart by it",)


def test_a_torn_group_is_told_with_the_row_on_the_other_side():
    rows_ = [row(n, prose(n), group=f"g{n}") for n in range(4)]
    torn = [row(8, prose(8), group="g1", split="test"), row(9, prose(9), group="g9", split="test")]
    assert told(*rows_, *torn) == [("r0001", "train", "r0008", "test", "the same group in test")]


@pytest.mark.parametrize("text", [prose(1), prose(1).upper(), f"  {prose(1)}\n"])
def test_a_text_in_two_splits_is_told_however_it_is_written(text):
    assert told(*many(4), row(9, text, split="test")) == [("r0001", "train", "r0009", "test", "the same text in test")]


def test_an_id_in_two_splits_is_told():
    assert told(row(1, prose(1)), row(1, prose(2), split="test")) == [
        ("r0001", "train", "r0001", "test", "the same id in test")
    ]


@pytest.mark.parametrize("later", ["2024-05-02", "2024-06-30"])
def test_a_row_of_train_that_is_later_than_the_test_begins_is_told(later):
    sound = [row(1, prose(1), time="2024-01-01"), row(2, prose(2), time="2024-05-01", split="test")]
    assert told(*sound) == []
    assert told(*sound, row(3, prose(3), time=later)) == [
        ("r0003", "train", "r0002", "test", "later than the first row of test")
    ]
