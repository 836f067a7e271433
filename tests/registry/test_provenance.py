"""How many source rows a SELECT left out, and when that cannot be told."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.select import run

T = {
    "t": pl.DataFrame({"a": [1, 2, 3, 4], "s": ["x", "y", "z", "z"]}),
    "u": pl.DataFrame({"a": [1, 1, 2, 9], "w": ["m", "n", "o", "p"]}),
}

COUNTED = [
    ("SELECT * FROM t", {"t": 0, "u": 4}),
    ("FROM t", {"t": 0, "u": 4}),
    ("SELECT a FROM t WHERE a > 2", {"t": 2, "u": 4}),
    ("SELECT * EXCLUDE (s) FROM t WHERE a > 2", {"t": 2, "u": 4}),
    ("SELECT t.s, u.w FROM t JOIN u ON t.a = u.a", {"t": 2, "u": 1}),
    ("SELECT s, w FROM t JOIN u USING (a)", {"t": 2, "u": 1}),
    ("SELECT * FROM t JOIN u USING (a)", {"t": 2, "u": 1}),
    ("SELECT s, w FROM t LEFT JOIN u USING (a)", {"t": 0, "u": 1}),
    ("SELECT s, w FROM t FULL JOIN u USING (a)", {"t": 0, "u": 0}),
    ("SELECT s, w FROM t NATURAL JOIN u", {"t": 2, "u": 1}),
    ("SELECT x.s, y.w FROM t AS x, u y WHERE x.a = y.a AND y.w <> 'n'", {"t": 2, "u": 2}),
    ("SELECT X.s FROM T AS X JOIN U AS Y ON X.a = Y.a", {"t": 2, "u": 1}),
    ("SELECT s FROM t UNION ALL SELECT w FROM u WHERE a = 9", {"t": 0, "u": 3}),
    ("SELECT s FROM t WHERE a = 1 UNION ALL SELECT s FROM t WHERE a > 2", {"t": 1, "u": 4}),
    ("SELECT a FROM t ORDER BY a LIMIT 3", {"t": 1, "u": 4}),
    ("SELECT unnest([1, 2]) AS n, s FROM t", {"t": 0, "u": 4}),
    ("SELECT row_number() OVER (ORDER BY a) AS n FROM t", {"t": 0, "u": 4}),
]


@pytest.mark.parametrize(("query", "left_out"), COUNTED)
def test_rows_that_stand_behind_no_result_are_counted(query, left_out):
    assert run(query, T, "card.yaml").left_out == left_out


UNTRACED = """
SELECT count(*) FROM t
SELECT s, count(*) FROM t GROUP BY s
SELECT s FROM t GROUP BY ALL
SELECT "MAX"(a) FROM t
SELECT DISTINCT s FROM t
SELECT s FROM t UNION SELECT w FROM u
SELECT s FROM t EXCEPT SELECT w FROM u
SELECT x.a FROM t x JOIN t y ON x.a = y.a
SELECT * FROM (SELECT * FROM t WHERE a > 1)
WITH x AS (SELECT * FROM t) SELECT * FROM x
SELECT a FROM t WHERE a IN (SELECT a FROM u)
SELECT (SELECT max(a) FROM u) AS m FROM t
SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1
SELECT t.* FROM t JOIN u USING (a)
SELECT COLUMNS('a') FROM t
SELECT s FROM t SEMI JOIN u USING (a)
SELECT s FROM t UNION ALL SELECT * FROM (VALUES ('x'))
"""


@pytest.mark.parametrize("query", UNTRACED.strip().splitlines())
def test_where_rows_cannot_be_told_apart_no_number_is_made_up(query):
    selected = run(query, T, "card.yaml")
    assert selected.rows.height
    assert selected.left_out is None


def test_tracing_leaves_the_result_as_it_is():
    assert run("SELECT * FROM t JOIN u USING (a)", T, "card.yaml").rows.columns == ["a", "s", "w"]


@settings(max_examples=12)
@given(
    left=st.lists(st.integers(0, 6), max_size=12),
    right=st.lists(st.integers(0, 6), max_size=12),
    least=st.integers(0, 6),
)
def test_counts_equal_those_of_plain_python(left, right, least):
    tables = {name: pl.DataFrame({"k": keys}, schema={"k": pl.Int64}) for name, keys in (("l", left), ("r", right))}
    found = run(f"SELECT l.k AS k FROM l JOIN r ON l.k = r.k WHERE r.k >= {least}", tables, "card.yaml")
    expected = {
        "l": sum(not (key in right and key >= least) for key in left),
        "r": sum(not (key in left and key >= least) for key in right),
    }
    assert found.left_out == expected
