"""Users, what they chose before, and what they chose next."""

import polars as pl
import pytest

from harness import lines, scoring
from harness.examples import Collection, History, Nothing, Rankings
from harness.kinds import METRICS
from harness.tasks.recommendation import Recommendation

PAST = pl.DataFrame(
    {
        "id": ["1", "2", "3", "4"],
        "user": ["ann", "ben", "ann", "cy"],
        "item": ["tea", "tea", "cake", "milk"],
        "rating": [5, 1, 4, 3],
        "time": [30, 10, 20, 5],
    }
)
NEXT = pl.DataFrame(
    {"id": ["5", "6", "7", "8"], "user": ["dan", "ann", "ann", "ann"], "item": ["tea", "milk", "ham", "milk"]}
)
RANKED = Rankings((("ham", "milk", "pie"), ("cake", "milk", "tea")))


def test_a_history_is_in_order_of_time_and_empty_for_who_is_new():
    found = Recommendation().inputs(NEXT, PAST)
    assert found == (History("ann", ("cake", "tea"), (4.0, 5.0)), History("dan", (), ()))


def test_without_times_and_ratings_rows_stay_in_order_and_weigh_one():
    found = Recommendation().inputs(NEXT, PAST.drop("time", "rating"))
    assert found[0] == History("ann", ("tea", "cake"), (1.0, 1.0))


def test_what_is_learnt_from_is_the_histories_of_the_train_split():
    found = Recommendation().examples(PAST, ())
    assert [one.user for one in found.inputs] == ["ann", "ben", "cy"]
    assert found.told(Nothing).rows == len(found) == 3


def test_a_line_is_a_user_with_what_he_chose_next():
    told = Recommendation().predictions(NEXT, RANKED, ())
    assert told["id"].to_list() == ["ann", "dan"]
    assert [[one["document"] for one in gold] for gold in told["gold"]] == [["ham", "milk"], ["tea"]]
    assert told["ranking_auc"].to_list() == [1.0, 0.0]


def test_every_metric_reads_the_lines():
    told = lines.within(
        Recommendation().predictions(NEXT, RANKED, ()),
        Collection(("cake", "ham", "milk", "pie", "tea"), ("",) * 5),
    )
    values = {
        name: scoring.computed(METRICS.get(name)(), told, ()).value for name in ("mrr", "coverage_at_10", "ranking_auc")
    }
    assert values == {"mrr": (1 + 1 / 3) / 2, "coverage_at_10": 1.0, "ranking_auc": 0.5}


def test_an_area_is_absent_where_a_ranking_was_cut():
    told = Recommendation().predictions(NEXT, Rankings((("ham",), ("tea", "cake"))), ())
    assert told["ranking_auc"].to_list() == [None, 1.0]
    why = scoring.computed(METRICS.get("ranking_auc")(), told, ())
    assert why == "it was not measured when the model ran (on 1 of 2 rows)"


def test_a_ranking_for_each_user_and_not_for_each_row():
    with pytest.raises(ValueError, match="4 of 2 rows"):
        Recommendation().predictions(NEXT, Rankings(((), (), (), ())), ())
