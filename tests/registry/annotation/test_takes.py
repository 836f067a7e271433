"""What a take is about, and in which order."""

from typing import Any

import polars as pl
import pytest

from registry.annotation.takes import lacking, role_of, taken
from registry.errors import UserError


def rows(**votes: list[Any] | None) -> pl.DataFrame:
    kind = pl.String if any(isinstance(one, str) for mine in votes.values() for one in mine or []) else pl.Float64
    return pl.DataFrame({"id": list(votes), "votes": list(votes.values())}, schema_overrides={"votes": pl.List(kind)})


def ids(
    frame: pl.DataFrame, take: Any, role: Any = "vote", ranks: pl.DataFrame | None = None, **more: int
) -> list[str]:
    settings = {"per_item": 1, "seed": 0, **more}
    found = taken(frame, take, role, ranked=lambda: ranks if ranks is not None else pl.DataFrame(), **settings)
    return found["id"].to_list()


def test_random_order_is_the_same_whatever_other_rows_there_are() -> None:
    all_of_them = pl.DataFrame({"id": [str(number) for number in range(50)]})
    order = ids(all_of_them, "random")
    assert sorted(order) == sorted(all_of_them["id"])
    assert order != all_of_them["id"].to_list()
    some = all_of_them.filter(pl.col("id").str.ends_with("3")).reverse()
    assert ids(some, "random") == [one for one in order if one.endswith("3")]
    assert ids(all_of_them, "random", seed=1) != order


def test_votes_are_asked_of_items_that_lack_some() -> None:
    frame = rows(a=["x", "y"], b=["x"], c=None, d=[], e=["x", "x", "y"])
    assert set(ids(frame, "random", per_item=2)) == {"b", "c", "d"}
    assert set(ids(frame, "random", "adjudication", per_item=2)) == set("abcde")
    assert lacking(frame, 1)["id"].to_list() == ["c", "d"]


def test_where_none_lacks_votes_that_is_said() -> None:
    frame = rows(a=list("xyx"), b=list("xx"))
    with pytest.raises(UserError, match=r"every item has its 2 votes\n .*`--take disagreement --as adjudication`"):
        ids(frame, "random", per_item=2)
    assert ids(frame, "disagreement", "vote", per_item=2) == ["a"]


def test_disputed_items_ties_first_and_unanimous_ones_not_at_all() -> None:
    frame = rows(a=list("xxxy"), b=list("xy"), c=list("xxx"), d=list("x"), e=list("xxyz"), f=list("xxyy"), g=None)
    assert ids(frame, "disagreement") == ["b", "f", "e", "a"]


def test_on_a_scale_the_widest_spread_comes_first() -> None:
    frame = rows(a=[1.0, 2.0], b=[0.0, 4.0], c=[2.0, 2.0], d=[1.0])
    assert ids(frame, "disagreement") == ["b", "a"]


@pytest.mark.parametrize("frame", [pl.DataFrame({"id": ["a"]}), rows(a=["x"], b=None)])
def test_without_two_votes_nothing_is_disputed(frame: pl.DataFrame) -> None:
    with pytest.raises(UserError, match="no item has two votes"):
        ids(frame, "disagreement")


def test_what_a_model_ranks_comes_in_its_order_with_the_answer_it_doubts() -> None:
    frame = pl.DataFrame({"id": ["a", "b", "c"], "label": ["x", None, "y"]})
    ranks = pl.DataFrame({"id": ["c", "a", "gone"], "score": [0.9, 0.8, 0.7], "label": ["z", "x", "x"]})
    found = taken(frame, "suspects", "adjudication", per_item=1, seed=0, ranked=lambda: ranks)
    assert found.select("id", "label").rows() == [("c", "z"), ("a", "x")]
    assert ids(frame, "uncertain", ranks=ranks.drop("label")) == ["c", "a"]


def test_what_was_adjudicated_is_not_adjudicated_again() -> None:
    frame = rows(a=list("xy"), b=list("xy")).with_columns(adjudicated=pl.Series([None, "x"]))
    assert ids(frame, "disagreement", "adjudication") == ["a"]
    assert sorted(ids(frame, "random", "vote", per_item=3)) == ["a", "b"]


def test_only_a_card_with_a_question_gives_out_votes() -> None:
    assert [role_of(take, asked=True) for take in ("random", "uncertain", "disagreement", "suspects")] == [
        "vote",
        "vote",
        "adjudication",
        "adjudication",
    ]
    assert role_of("random", asked=False) == "adjudication"
