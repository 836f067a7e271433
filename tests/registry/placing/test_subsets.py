"""Smaller training sets, as runs with limits draw them."""

import hashlib

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from registry.placing.subsets import few_shot, first, lacking

labels = st.lists(st.sampled_from("abc"), max_size=40)


def table(found):
    return pl.DataFrame(
        {"id": [f"{number:03}" for number in range(len(found))], "label": found},
        schema={"id": pl.String, "label": pl.String},
    )


@given(found=labels, count=st.integers(0, 50))
def test_the_first_rows_are_those_with_the_smallest_hash(found, count):
    rows = table(found)
    order = sorted(rows["id"], key=lambda row: hashlib.sha256(f"subset\x1f{row}".encode()).hexdigest())
    assert first(rows, count)["id"].to_list() == sorted(order[:count])
    assert first(rows, count).columns == rows.columns


@given(found=labels, fewer=st.integers(1, 8), more=st.integers(0, 8), seed=st.integers(0, 99), data=st.data())
def test_few_shots_are_inside_more_shots_whatever_the_order_of_rows(found, fewer, more, seed, data):
    rows = table(found)
    small, large = few_shot(rows, fewer, seed), few_shot(rows, fewer + more, seed)
    assert set(small["id"]) <= set(large["id"])
    assert few_shot(rows[data.draw(st.permutations(range(rows.height)))], fewer, seed).equals(small)


@given(found=labels, per_class=st.integers(1, 20))
def test_each_label_gives_its_share_and_who_has_less_is_told(found, per_class):
    drawn = few_shot(table(found), per_class, 1)["label"].to_list()
    assert {label: drawn.count(label) for label in set(found)} == {
        label: min(per_class, found.count(label)) for label in set(found)
    }
    assert lacking(table(found), per_class) == {
        label: found.count(label) for label in sorted(set(found)) if found.count(label) < per_class
    }


def test_another_seed_draws_others():
    rows = table(["a", "b"] * 200)
    draws = {tuple(few_shot(rows, 8, seed)["id"]) for seed in range(5)}
    assert len(draws) == 5


@given(before=st.sampled_from("abc"), found=labels)
def test_rows_of_other_labels_change_no_draw(before, found):
    rows = table(found)
    alone = rows.filter(pl.col("label") == before)
    drawn = few_shot(rows, 4, 7).filter(pl.col("label") == before)
    assert few_shot(alone, 4, 7).equals(drawn)


def test_a_row_with_several_labels_counts_for_each():
    rows = pl.DataFrame({"id": ["1", "2", "3"], "label": [["a", "b"], ["a"], []]})
    assert few_shot(rows, 5, 0)["id"].to_list() == ["1", "2"]
    assert lacking(rows, 2) == {"b": 1}
