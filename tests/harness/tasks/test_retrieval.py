"""Queries, candidates and rankings."""

import polars as pl
import pytest

from harness import lines, scoring
from harness.examples import Collection, Labels, Query, Rankings, Relevance
from harness.kinds import METRICS
from harness.tasks.retrieval import Retrieval

ROWS = pl.DataFrame(
    {
        "id": ["q2", "q1"],
        "text": ["who", "what"],
        "relevant": [[{"document": "a", "grade": 2}], [{"document": "b", "grade": 1}, {"document": "c", "grade": 1}]],
    }
)
NARROWED = ROWS.with_columns(candidates=pl.Series([["c", "a"], None]))
KNOWN = Collection(("a", "b", "c"), ("A", "B", "C"))


def test_rows_become_queries_with_grades():
    found = Retrieval().examples(ROWS, ())
    assert found.inputs == (Query("who"), Query("what"))
    assert found.told(Relevance).grades == ({"a": 2}, {"b": 1, "c": 1})
    assert Retrieval().inputs(NARROWED, ROWS) == (Query("who", ("c", "a")), Query("what"))


def test_rankings_become_lines_that_every_metric_reads():
    told = Retrieval().predictions(ROWS, Rankings((("b", "a"), ("b",))), ())
    assert told["id"].to_list() == ["q1", "q2"]
    values = {name: scoring.computed(METRICS.get(name)(), told, ()).value for name in ("mrr", "recall_at_10")}
    assert values == {"mrr": (1 / 2 + 1) / 2, "recall_at_10": (1 + 1 / 2) / 2}


@pytest.mark.parametrize(
    ("rows", "found", "why"),
    [
        (ROWS, Rankings((("a",),)), "1 of 2 rows"),
        (ROWS, Rankings((("a", "a"), ())), "twice"),
        (ROWS, Labels([0, 1]), "Rankings"),
        (NARROWED, Rankings((("a", "b"), ())), "no candidate"),
    ],
)
def test_what_is_no_ranking_of_the_rows_is_refused(rows, found, why):
    with pytest.raises(ValueError, match=why):
        Retrieval().predictions(rows, found, ())


def test_lines_tell_how_many_documents_there_were_and_hold_no_others():
    told = Retrieval().predictions(ROWS, Rankings((("b", "a"), ())), ())
    assert lines.within(told, KNOWN)["known"].to_list() == [3, 3]
    assert lines.within(told, None) is told
    strange = Retrieval().predictions(ROWS, Rankings((("b", "x"), ())), ())
    with pytest.raises(ValueError, match=r"'x', which the collection does not have \(row q2\)"):
        lines.within(strange, KNOWN)
