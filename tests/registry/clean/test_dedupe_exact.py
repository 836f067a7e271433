"""One row per text: which one stays, and what becomes of labels that disagree."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.clean.dedupe_exact import DedupeExact
from registry.errors import UserError
from registry.op import staying
from registry.split import SPLITS
from tests.strategies import words

SCHEMA = {"id": pl.String, "text": pl.String, "label": pl.String, "_split": pl.String}


def table(*rows, votes=None, reasons=None):
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
        _reason=pl.Series(reasons or [None] * len(rows), dtype=pl.String),
        _op=pl.lit(None, dtype=pl.String),
        _duplicate_of=pl.lit(None, dtype=pl.String),
        _similarity=pl.lit(None, dtype=pl.Float64),
    )
    return frame if votes is None else frame.with_columns(votes=pl.Series(votes, dtype=pl.List(pl.Int64)))


def settled(frame, conflict="drop"):
    """The rows after the op's three steps."""
    op = DedupeExact(conflict=conflict)
    return op.settle(frame, op.links(op.keys(frame)))


def outcome(frame, conflict="drop"):
    """id -> what became of it: its label, or the reason it left with."""
    after = settled(frame, conflict)
    assert after.columns == frame.columns
    assert after["id"].to_list() == frame["id"].to_list(), "no row is deleted or moved"
    return {row["id"]: row["_reason"] or row["label"] for row in after.iter_rows(named=True)}


def test_the_row_of_the_strictest_split_stays():
    frame = table(("1", "a", "x", "train"), ("2", "a", "x", "test"), ("3", "a", "x", "validation"))
    assert outcome(frame) == {"1": "duplicate", "2": "x", "3": "duplicate"}
    assert settled(frame)["_duplicate_of"].to_list() == ["2", None, "2"]


def test_of_rows_in_one_split_the_smallest_id_stays():
    frame = table(("c", "a", "x", "train"), ("b", "a", "x", "train"), ("d", "a", "x", "train"))
    assert outcome(frame) == {"c": "duplicate", "b": "x", "d": "duplicate"}


@pytest.mark.parametrize("twin", ["HELLO  World", " hello world\n", "ｈｅｌｌｏ world", "hello\u3000world"])
def test_texts_are_equal_after_folding(twin):
    assert outcome(table(("1", "hello world", "x", "train"), ("2", twin, "x", "train")))["2"] == "duplicate"


def test_texts_that_differ_by_an_accent_or_a_point_are_different():
    frame = table(("1", "cafe", "x", "train"), ("2", "café", "x", "train"), ("3", "cafe.", "x", "train"))
    assert outcome(frame) == {"1": "x", "2": "x", "3": "x"}


CONFLICT = (
    ("1", "a", "x", "train"),
    ("2", "a", "y", "test"),
    ("3", "a", "x", "train"),
    ("4", "b", "y", "train"),
)


def test_drop_lets_all_rows_of_a_conflict_leave():
    assert outcome(table(*CONFLICT)) == {
        "1": "label conflict",
        "2": "label conflict",
        "3": "label conflict",
        "4": "y",
    }


def test_pool_without_votes_gives_the_most_frequent_label():
    assert outcome(table(*CONFLICT), "pool") == {"1": "duplicate", "2": "x", "3": "duplicate", "4": "y"}


def test_rows_that_leave_keep_the_labels_that_they_came_with():
    after = settled(table(CONFLICT[0], ("2", "A", "x", "test"), ("3", "a", "y", "train")), "pool")
    assert after.filter(~staying()).select("id", "label").rows() == [("1", "x"), ("3", "y")]


def test_pool_without_votes_lets_a_tie_leave():
    assert outcome(table(*CONFLICT[:2]), "pool") == {"1": "label conflict", "2": "label conflict"}


def test_pool_with_votes_puts_them_together_in_order_of_id():
    frame = table(*CONFLICT, votes=[[1], [2, 3], [4], [9]])
    after = settled(frame, "pool")
    assert after.filter(staying()).select("id", "votes").rows() == [("2", [1, 2, 3, 4]), ("4", [9])]


def test_pool_with_votes_of_which_some_are_none():
    frame = table(*CONFLICT[:3], votes=[None, [2], []])
    after = settled(frame, "pool").filter(staying())
    assert after["votes"].list.drop_nulls().to_list() == [[2]]


def test_refuse_names_the_rows():
    with pytest.raises(UserError, match=r"3 rows with equal text bear different labels \(ids 1, 2, 3"):
        outcome(table(*CONFLICT), "refuse")
    assert outcome(table(CONFLICT[0], CONFLICT[2], CONFLICT[3]), "refuse") == {
        "1": "x",
        "3": "duplicate",
        "4": "y",
    }


def test_rows_that_left_before_neither_stay_nor_conflict():
    frame = table(*CONFLICT, reasons=[None, "too short", None, None])
    assert outcome(frame) == {"1": "x", "2": "too short", "3": "duplicate", "4": "y"}


rows = st.lists(
    st.tuples(words, st.sampled_from(["x", "y", None]), st.sampled_from(SPLITS)),
    min_size=1,
    max_size=14,
).map(lambda found: [(f"{n:02}", *row) for n, row in enumerate(found)])


@given(found=rows, conflict=st.sampled_from(["drop", "pool"]), data=st.data())
def test_row_order_does_not_matter_and_one_row_a_text_stays(found, conflict, data):
    shuffled = data.draw(st.permutations(found))
    assert outcome(table(*found), conflict) == outcome(table(*shuffled), conflict)
    kept = settled(table(*found), conflict).filter(staying())
    assert kept["text"].str.to_lowercase().is_unique().all()


@given(found=rows)
def test_what_leaves_as_a_duplicate_names_a_row_that_stays_with_the_same_text(found):
    after = settled(table(*found), "pool")
    texts = dict(after.filter(staying()).select("id", "text").rows())
    left = after.filter(pl.col("_reason") == "duplicate")
    assert all(texts[kept].lower() == text.lower() for kept, text in left.select("_duplicate_of", "text").iter_rows())
