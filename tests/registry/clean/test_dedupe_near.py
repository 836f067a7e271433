"""One row per cluster of nearly equal texts, or all of them in one split."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.clean.dedupe_near import DedupeNear
from registry.errors import UserError
from registry.near.shingle import Shingle
from tests.registry.near.reference import clusters, jaccard, like

FOX = "the quick brown fox jumps over the lazy dog"
SCHEMA = {"id": pl.String, "text": pl.String, "label": pl.String, "_split": pl.String}
NARROW = {"_reason": pl.String, "_duplicate_of": pl.String, "_cluster": pl.String, "_similarity": pl.Float64}


def table(*rows: tuple[str, str | None, str | None, str | None], **columns: list[object]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in NARROW.items()
    )
    return frame.with_columns(pl.Series(name, values) for name, values in columns.items())


def settled(frame: pl.DataFrame, **parameters: object) -> pl.DataFrame:
    op = DedupeNear(**parameters)
    return op.settle(frame.drop("text"), op.links(op.keys(frame)))


def test_of_nearly_equal_texts_the_one_in_the_strictest_split_stays() -> None:
    frame = table(("a", FOX, "x", "train"), ("b", FOX + "s", "x", "test"), ("c", "else", "x", "train"))
    after = settled(frame)
    assert after["_reason"].to_list() == ["duplicate", None, None]
    assert after["_duplicate_of"].to_list() == ["b", None, None]
    assert after["_similarity"][0] == jaccard(FOX, FOX + "s", Shingle())
    assert after.columns == frame.drop("text").columns


def test_equal_texts_are_nearly_equal_whatever_their_case() -> None:
    after = settled(table(("a", FOX, "x", "train"), ("b", FOX.upper() + " ", "x", "train")), threshold=1)
    assert after["_duplicate_of"].to_list() == [None, "a"]
    assert after["_similarity"].to_list() == [None, 1.0]


def test_a_row_that_is_linked_through_another_may_lie_below_the_threshold() -> None:
    middle, end = FOX + " and runs", FOX + " and runs away from"
    frame = table(("a", FOX, "x", "train"), ("b", middle, "x", "train"), ("c", end, "x", "train"))
    after = settled(frame, threshold=0.75)
    assert after["_duplicate_of"].to_list() == [None, "a", "a"]
    assert after["_similarity"][2] == jaccard(FOX, end, Shingle()) < 0.75


def test_where_rows_are_placed_later_the_smallest_id_stays() -> None:
    frame = table(("a", FOX, "x", None), ("b", FOX + "s", "x", None))
    assert settled(frame)["_duplicate_of"].to_list() == [None, "a"]


def test_tied_rows_stay_and_name_one_cluster() -> None:
    frame = table(
        ("a", FOX, "x", "train"), ("b", "alone", "x", "train"), ("c", FOX + "s", "x", "test"), ("d", None, "x", "test")
    )
    after = settled(frame, action="tie")
    assert after["_reason"].null_count() == 4
    assert after["_cluster"][0] == after["_cluster"][2] is not None
    assert after["_cluster"][1] is after["_cluster"][3] is None


def test_rows_that_were_tied_before_stay_tied_and_tie_others() -> None:
    rows = [
        ("a", FOX, "x", "train"),
        ("b", FOX + "s", "x", "train"),
        ("c", "else", "x", "train"),
        ("d", "d", "x", "train"),
    ]
    after = settled(table(*rows, _cluster=[None, "7", "7", None]), action="tie")
    assert after["_cluster"].n_unique() == 2
    assert after["_cluster"].to_list()[3] is None


@pytest.mark.parametrize("action", ["remove", "tie"])
def test_labels_that_differ_in_a_cluster_drop_it_or_stop_the_build(action: str) -> None:
    frame = table(("a", FOX, "x", "train"), ("b", FOX + "s", "y", "train"), ("c", "else", "y", "train"))
    after = settled(frame, action=action)
    assert after["_reason"].to_list() == ["label conflict", "label conflict", None]
    assert after["_cluster"].null_count() == 3
    with pytest.raises(UserError, match=r"dedupe_near: 2 rows with nearly equal text bear different labels \(ids a, b"):
        settled(frame, action=action, conflict="refuse")


def test_pooling_puts_votes_together_or_takes_the_most_frequent_label() -> None:
    rows = [("a", FOX, "x", "train"), ("b", FOX + "s", "y", "train"), ("c", FOX + "es", "y", "train")]
    assert settled(table(*rows), conflict="pool").row(0, named=True)["label"] == "y"
    voted = settled(table(*rows).with_columns(votes=pl.Series([[1], [2], [3]])), conflict="pool")
    assert voted["votes"][0].to_list() == [1, 2, 3]
    assert voted["_reason"].to_list() == [None, "pooled into the kept row", "pooled into the kept row"]


def test_what_left_before_stands_for_nobody() -> None:
    frame = table(("a", FOX, "x", "train"), ("b", FOX + "s", "x", "train"), _reason=["too long", None])
    assert settled(frame)["_reason"].to_list() == ["too long", None]
    keyed = table(("a", FOX, "x", "train"), ("b", FOX + "s", "x", "train"))
    op = DedupeNear()
    later = keyed.drop("text").with_columns(_reason=pl.Series(["neutral", None]))
    assert op.settle(later, op.links(op.keys(keyed)))["_reason"].to_list() == ["neutral", None]


def test_a_card_may_choose_the_length_of_n_grams() -> None:
    frame = table(("a", "abcdefghij", "x", "train"), ("b", "abcdefghiz", "x", "train"))
    assert settled(frame)["_reason"].null_count() == 2
    assert settled(frame, ngram=1)["_duplicate_of"].to_list() == [None, "a"]


def test_tied_rows_cannot_be_pooled() -> None:
    with pytest.raises(ValidationError, match="keeps them all; choose one"):
        DedupeNear(action="tie", conflict="pool")


TEXTS = st.lists(st.text(alphabet="abc ", max_size=9), min_size=1, max_size=14)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from([0.5, 0.8]))
def test_one_row_of_each_cluster_stays_and_every_other_one_says_how_like_it_is(
    texts: list[str], threshold: float
) -> None:
    texts = [" ".join(text.split()) for text in texts]
    ids = [f"{number:02}" for number in range(len(texts))]
    after = settled(
        table(*((one, text, "x", "train") for one, text in zip(ids, texts, strict=True))), threshold=threshold
    )
    names = clusters(len(texts), like(texts, threshold, Shingle()))
    assert after["_duplicate_of"].to_list() == [
        None if name == place else ids[name] for place, name in enumerate(names)
    ]
    assert after["_similarity"].to_list() == [
        None if name == place else jaccard(texts[place], texts[name], Shingle()) for place, name in enumerate(names)
    ]
