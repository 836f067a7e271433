"""The one SELECT of a card: what is refused before it runs."""

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import CardProblems, UserError
from registry.select import BARE, ORDERED, UNORDERED, UNSTABLE, objections, rule_objection, run
from registry.sqltree import order_shows, parsed
from tests.worlds import plenty

T = {
    "t": pl.DataFrame({"a": [1, 2, 3], "s": ["x", "y", "z"], "g": ["p", "p", "q"]}),
    "u": pl.DataFrame({"a": [1, 2], "w": ["m", "n"]}),
}

OTHER_STATEMENTS = """
COPY t TO 'out/x'
ATTACH 'out/x.db'
INSTALL httpfs
LOAD httpfs
PRAGMA version
SET threads = 1
RESET threads
CREATE TABLE x AS SELECT 1
CREATE MACRO f(x) AS x
CREATE MACRO f() AS TABLE SELECT 1
INSERT INTO t SELECT * FROM t
DELETE FROM t
UPDATE t SET a = 1
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE
DROP TABLE t
EXPLAIN SELECT 1
EXPLAIN ANALYZE SELECT 1
CALL pragma_version()
PREPARE p AS SELECT 1
EXECUTE p
EXPORT DATABASE 'out/x'
CHECKPOINT
VACUUM
BEGIN
USE memory
DESCRIBE t
SHOW TABLES
SUMMARIZE t
FROM (SUMMARIZE t)
SELECT * FROM (DESCRIBE t)
SELECT * FROM (SHOW TABLES)
SELECT 1; SELECT 2
SELECT 1; COPY t TO 'out/x'
WITH x AS (COPY t TO 'out/x') SELECT 1
WITH x AS (COPY (SELECT 1) TO 'out/x' (FORMAT parquet)) SELECT * FROM x
WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x
WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x
WITH x AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM x
SELECT * FROM (WITH x AS (COPY t TO 'out/x') SELECT 1)
SELECT (WITH x AS (COPY t TO 'out/x') SELECT 1)
WITH RECURSIVE x AS (SELECT 1 UNION ALL (WITH y AS (COPY t TO 'out/x') SELECT 1)) FROM x
SELECT * FROM t WHERE a IN (WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x)
COPY (SELECT 1) TO 'out/x'
COPY t FROM '/etc/passwd'
COPY FROM DATABASE memory TO other
ATTACH ':memory:' AS other
ATTACH 'host=localhost' AS p (TYPE postgres)
DETACH memory
IMPORT DATABASE 'out/x'
FORCE INSTALL httpfs
INSTALL httpfs FROM 'https://example.org'
LOAD 'out/x.duckdb_extension'
UPDATE EXTENSIONS
PRAGMA enable_external_access = true
SET GLOBAL threads = 1
SET VARIABLE x = 1
SET lock_configuration = false
CREATE TEMP TABLE x AS FROM t
CREATE VIEW v AS SELECT 1
CREATE SCHEMA x
CREATE SEQUENCE s
CREATE TYPE x AS ENUM ('y')
CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')
CREATE OR REPLACE MACRO random() AS 4
CREATE TEMP MACRO f(x) AS TABLE FROM read_text(x)
CREATE FUNCTION f(x) AS getenv(x)
ALTER TABLE t ADD COLUMN x INT
TRUNCATE t
COMMENT ON TABLE t IS 'x'
FORCE CHECKPOINT
ROLLBACK
DEALLOCATE p
SHOW ALL TABLES
SHOW DATABASES
FROM (SHOW ALL TABLES)
FROM (DESCRIBE SELECT 1)
PIVOT t ON a
/* SELECT */ COPY t TO 'out/x'
SELECT 1 /* ; */; COPY t TO 'out/x'
SELECT 1 -- ;\\n; COPY t TO 'out/x'
SELECT ';'; ATTACH 'out/x.db'
SELECT $$;$$; DROP TABLE t
SELECT 1;; COPY t TO 'out/x';
"""

OTHER_TABLES = """
SELECT * FROM '/etc/passwd'
SELECT * FROM "/etc/passwd"
SELECT * FROM 'x.parquet'
SELECT * FROM 'https://example.org/x.csv'
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM READ_CSV('/etc/passwd')
SELECT * FROM read_csv_auto('https://example.org/x.csv')
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/passwd')
SELECT * FROM read_json('/etc/passwd')
SELECT * FROM read_parquet('s3://bucket/x')
SELECT * FROM parquet_metadata('x')
SELECT * FROM sniff_csv('/etc/passwd')
SELECT * FROM glob('/etc/*')
SELECT * FROM query('SELECT 1')
SELECT * FROM query_table('t')
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_secrets()
SELECT * FROM pragma_table_info('t')
SELECT * FROM seq_scan('t')
SELECT * FROM arrow_scan(1, 2, 3)
SELECT * FROM summary((SELECT * FROM t))
SELECT * FROM repeat_row(1, num_rows = 3)
SELECT * FROM sqlite_master
SELECT * FROM duckdb_tables
SELECT * FROM information_schema.tables
SELECT * FROM pg_catalog.pg_tables
SELECT * FROM memory.main.t
SELECT * FROM T.a
SELECT * FROM (SELECT * FROM read_csv('/etc/passwd'))
WITH x AS (SELECT * FROM read_csv('/etc/passwd')) SELECT * FROM x
SELECT (SELECT count(*) FROM read_csv('/etc/passwd'))
SELECT * FROM t, LATERAL (SELECT * FROM read_text('/etc/passwd'))
SELECT * FROM t WHERE EXISTS (SELECT 1 FROM read_text('/etc/passwd'))
SELECT * FROM t WHERE a IN (SELECT 1 FROM read_text('/etc/passwd'))
SELECT * FROM t ORDER BY (SELECT content FROM read_text('/etc/passwd'))
SELECT * FROM t JOIN u ON (SELECT true FROM read_text('/etc/passwd'))
SELECT [x for x in (SELECT content FROM read_text('/etc/passwd'))]
SELECT CASE WHEN (SELECT true FROM '/etc/passwd') THEN 1 END
SELECT a FROM t UNION ALL SELECT 1 FROM '/etc/passwd'
FROM '/etc/passwd' SELECT *
TABLE '/etc/passwd'
SELECT * FROM (WITH "/etc/passwd" AS (SELECT 1) SELECT * FROM "/etc/passwd"), '/etc/passwd'
WITH sqlite_master AS (SELECT * FROM sqlite_master) SELECT * FROM sqlite_master
WITH x AS (SELECT * FROM sqlite_master), sqlite_master AS (SELECT 1) SELECT * FROM x
WITH RECURSIVE sqlite_master AS (SELECT name FROM sqlite_master UNION ALL SELECT 'x') SELECT * FROM sqlite_master
WITH read_csv AS (SELECT 1) FROM read_csv('/etc/passwd')
WITH t AS MATERIALIZED (FROM '/etc/passwd') FROM t
WITH x AS (WITH y AS (FROM glob('*')) FROM y) FROM x
FROM "/etc/passwd" AS t
FROM '/etc/passwd' t(a)
FROM t SEMI JOIN '/etc/passwd' ON true
FROM 's3://bucket/x.parquet'
FROM/**/read_csv('/etc/passwd')
FROM read_csv /* x */ ('/etc/passwd')
FROM "read_csv"('/etc/passwd')
FROM read_csv(['/etc/passwd'])
FROM read_ndjson('/etc/passwd')
FROM read_duckdb('x.db')
FROM parquet_schema('x')
FROM sqlite_scan('x.db', 't')
FROM postgres_scan('host=localhost', 'public', 't')
FROM query('FROM read_text(''/etc/passwd'')')
FROM query_table(['t', 'u'])
FROM duckdb_functions()
FROM duckdb_extensions()
FROM duckdb_logs()
FROM pragma_database_size()
FROM which_secret('x', 's3')
FROM checkpoint()
FROM enable_logging()
FROM main.t
FROM temp.t
FROM system.main.duckdb_settings
FROM system.main.duckdb_settings()
FROM system.main.read_csv('/etc/passwd')
FROM range(1) r(x), LATERAL (FROM read_text(x::VARCHAR))
UNPIVOT '/etc/passwd' ON a
SELECT COLUMNS(*) FROM '/etc/passwd'
SELECT list_transform([1], lambda x: (SELECT content FROM read_text('/etc/passwd')))
SELECT a FROM t EXCEPT SELECT 1 FROM '/etc/passwd'
SELECT a FROM t GROUP BY a HAVING EXISTS (FROM '/etc/passwd')
SELECT count(*) FILTER (EXISTS (FROM '/etc/passwd')) FROM t
SELECT sum(a) OVER (ORDER BY (SELECT 1 FROM '/etc/passwd')) FROM t
SELECT a FROM t ORDER BY a LIMIT (SELECT count(*) FROM '/etc/passwd')
SELECT a FROM t QUALIFY EXISTS (FROM '/etc/passwd')
SELECT (FROM (FROM (FROM '/etc/passwd')))
SELECT {'x': (SELECT 1 FROM '/etc/passwd')}
VALUES ((SELECT content FROM read_text('/etc/passwd')))
"""

ANOTHER_ANSWER_NEXT_TIME = """
SELECT random()
SELECT "RaNdom"()
SELECT system.main.random()
SELECT UUID()
SELECT [random() for x in [1, 2]]
SELECT list_transform([1], lambda x: random())
SELECT * REPLACE (random() AS a) FROM t
SELECT a FROM t ORDER BY random()
SELECT min(a) FILTER (random() > 0.5) FROM t
SELECT row_number() OVER (ORDER BY random()) FROM t
SELECT string_agg(s ORDER BY random()) FROM t
SELECT now()
SELECT CURRENT_TIMESTAMP
SELECT date_diff('day', DATE '2020-01-01', current_date)
SELECT age(TIMESTAMP '2001-01-01')
SELECT ago(INTERVAL 1 day)
SELECT getenv('HOME')
SELECT "getenv"('HOME')
SELECT GETENV /* x */ ('HOME')
SELECT system.main.getenv('HOME')
SELECT 'HOME'.getenv()
SELECT [getenv(x) FOR x IN ['HOME']]
SELECT list_transform(['HOME'], x -> getenv(x))
SELECT list_reduce([1, 2], lambda x, y: x + y + random())
SELECT * REPLACE (getenv('HOME') AS s) FROM t
SELECT TRY(getenv('HOME'))
FROM t WHERE s = getenv('HOME')
SELECT duckdb_secrets()
SELECT current_setting('threads')
SELECT getvariable('x')
SELECT version()
SELECT user
SELECT session_user
SELECT current_catalog
SELECT txid_current()
SELECT current_query_id()
SELECT pg_typeof(a) FROM t
SELECT stats(a) FROM t
SELECT write_log('x')
SELECT sleep_ms(100000)
SELECT hash(s) FROM t
SELECT first(a) FROM t
SELECT FIRST(a) FILTER (a > 1) FROM t
SELECT any_value(a) OVER () FROM t
SELECT arg_max(a, g) FROM t
SELECT max_by(a, g, 2) FROM t
SELECT approx_quantile(a, 0.5) FROM t
SELECT reservoir_quantile(a, 0.5) FROM t
SELECT approx_top_k(a, 2) FROM t
SELECT list(a) FROM t
SELECT list_sort(list(a)) FROM t
SELECT string_agg(DISTINCT s, ',') FROM t
SELECT list(a) OVER () FROM t
SELECT json_group_array(a) FROM t
SELECT mode(a) FROM t
SELECT ARRAY(SELECT a FROM t)
SELECT row_number() OVER (PARTITION BY g) FROM t
SELECT row_number() OVER w FROM t WINDOW w AS (PARTITION BY g)
SELECT nth_value(a, 2) OVER () FROM t
SELECT lag(a) OVER (PARTITION BY g) FROM t
SELECT sum(a) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t
SELECT a FROM t QUALIFY row_number() OVER () = 1
SELECT rowid FROM t
SELECT t."ROWID" FROM t
SELECT * FROM t POSITIONAL JOIN u
SELECT * FROM t USING SAMPLE 1
SELECT * FROM t TABLESAMPLE 10%
SELECT * FROM (SELECT * FROM t TABLESAMPLE reservoir(1)) x
SELECT DISTINCT ON (g) a, g FROM t
SELECT a FROM t LIMIT 1
SELECT a FROM t OFFSET 1
SELECT a FROM t LIMIT 50%
SELECT a FROM t FETCH FIRST 1 ROW ONLY
SELECT a FROM t UNION ALL SELECT a FROM u LIMIT 1
SELECT * FROM (SELECT a FROM t ORDER BY a) LIMIT 1
SELECT ?
SELECT $name
"""

HARMLESS = """
FROM t
FROM t SELECT a
TABLE t
SELECT a AS text, s AS label FROM t
SELECT t.user FROM (SELECT a AS user FROM t) t
SELECT first, last, version, hash FROM (SELECT 1 AS first, 2 AS last, 3 AS version, 4 AS hash)
SELECT now, today, list, "mode" FROM (SELECT 1 AS now, 2 AS today, 3 AS list, 4 AS "mode")
SELECT count(*), sum(a), avg(a), median(a), min(s), max(s) FROM t GROUP BY g
SELECT list(a ORDER BY a), string_agg(s, ',' ORDER BY s), arg_max(a, g ORDER BY a) FROM t
SELECT row_number() OVER (PARTITION BY g ORDER BY a) FROM t
SELECT row_number() OVER w FROM t WINDOW w AS (ORDER BY a)
SELECT rank() OVER (), count(*) OVER () FROM t
SELECT DISTINCT ON (g) a, g FROM t ORDER BY a
SELECT a FROM t ORDER BY a LIMIT 1
SELECT * FROM t JOIN u USING (a)
SELECT * FROM t ASOF JOIN u ON t.a >= u.a
SELECT * FROM T WHERE A IN (SELECT a FROM U)
SELECT a FROM t UNION ALL BY NAME SELECT a FROM u
WITH x AS (SELECT a FROM t), y AS (SELECT * FROM x) SELECT * FROM y
WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r WHERE a < 3) SELECT * FROM r
SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT * FROM x) JOIN t USING (a)
SELECT unnest([1, 2])
SELECT * FROM range(3)
SELECT * FROM (VALUES ('random()'), ('/etc/passwd')) v(s)
SELECT regexp_replace(s, 'x', 'y'), md5(s), sha256(s), lower(s), s.upper() FROM t
SELECT CAST('random()' AS VARCHAR)
SELECT * EXCLUDE (a) FROM t
SELECT CASE WHEN a > 1 THEN 'good' ELSE 'bad' END AS label FROM t
SELECT '["x"]'::JSON->>0
UNPIVOT t ON a
"""


def lines(text):
    return [line.replace("\\n", "\n") for line in text.strip().splitlines()]


@pytest.mark.parametrize("query", lines(OTHER_STATEMENTS))
def test_nothing_but_one_select_is_run(query):
    assert objections(query, T) == ("must be one SELECT statement; nothing else is run",)


@pytest.mark.parametrize("query", lines(OTHER_TABLES))
def test_nothing_but_the_cards_own_sources_is_read(query):
    found = objections(query, T)
    assert any(what.startswith(("there is no source", "reads from", 'write "t" alone')) for what in found), found


@pytest.mark.parametrize("query", lines(ANOTHER_ANSWER_NEXT_TIME))
def test_what_could_answer_otherwise_next_time_is_refused(query):
    assert objections(query, T)


@pytest.mark.parametrize("query", lines(HARMLESS))
def test_harmless_queries_run(query):
    assert objections(query, T) == ()
    run(query, T, "card.yaml")


PLACES = """
COPY: COPY rows TO 'out/x'
ATTACH: ATTACH 'out/x.db'
INSTALL: INSTALL httpfs
LOAD: LOAD httpfs
PRAGMA: PRAGMA version
SET: SET threads = 1
CALL: CALL pragma_version()
EXPORT: EXPORT DATABASE 'out/x'
CREATE: CREATE MACRO f() AS TABLE SELECT 1
read_csv: SELECT * FROM read_csv('/etc/passwd')
read_text: SELECT * FROM read_text('/etc/passwd')
glob: SELECT * FROM glob('/etc/*')
query: SELECT * FROM query('SELECT 1')
duckdb_settings: SELECT * FROM duckdb_settings()
/etc/passwd: SELECT * FROM "/etc/passwd"
https://example.org/x.csv: SELECT * FROM 'https://example.org/x.csv'
getenv: SELECT getenv('HOME') AS text FROM rows
INSERT: SELECT 1; INSERT INTO rows VALUES (1)
DROP: SELECT 1; DROP TABLE rows
copy: WITH x AS (copy rows TO 'out/x') SELECT * FROM x
"""


@pytest.mark.parametrize(("word", "query"), [line.split(": ", 1) for line in lines(PLACES)])
def test_an_escape_is_refused_at_its_place_in_the_card(world, word, query):
    world.card(more=f"select: |\n  -- one comment\n  {query}\n")
    with pytest.raises(CardProblems) as refused:
        world.catalog.dataset("mine")
    found = [(one.line, one.source[one.column - 1 :][: one.length]) for one in refused.value.problems]
    assert (10, word) in found
    assert {line for line, _ in found} == {10}


def test_every_function_that_duckdb_itself_calls_unstable_is_refused():
    query = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT'"
    with duckdb.connect() as connection:
        unstable = {name for (name,) in connection.sql(query).fetchall()}
    assert unstable - UNSTABLE - {"error"} == set(), "a new DuckDB has new functions: add them to select.py"
    assert BARE <= UNSTABLE
    assert not UNSTABLE & UNORDERED | UNORDERED & ORDERED


def test_the_nearest_source_is_named_and_all_that_there_are():
    assert objections("SELECT * FROM texs", ["texts", "ratings"]) == (
        'there is no source "texs"; nearest: "texts". Sources: ratings, texts.',
    )


def test_a_very_deep_query_is_answered_not_crashed_on():
    assert objections("SELECT " + "(" * 500 + "random()" + ")" * 500, T)
    objections("SELECT " + "(" * 20_000 + "1" + ")" * 20_000, T)


def test_a_refused_query_is_not_run():
    with pytest.raises(UserError, match="random"):
        run("SELECT random() FROM t", T, "card.yaml")


@pytest.mark.parametrize(
    "rule",
    [
        "aggregate > 0.5",
        "aggregate BETWEEN -1 AND 1",
        "abs(aggregate) < 1 OR aggregate = 3",
        "aggregate > 0 -- well",
        "NOT (aggregate > 0)",
    ],
)
def test_a_label_rule_is_a_condition_on_aggregate(rule):
    assert rule_objection(rule) is None


@pytest.mark.parametrize(
    "rule",
    [
        "aggregate",
        "aggregate + 1",
        "'yes'",
        "agregate > 0",
        "text = 'x'",
        "",
        "aggregate >",
        "true AS verdict --",
        "true) AS verdict, (true",
        "avg(aggregate) > 0",
        "aggregate > avg(aggregate) OVER ()",
        "aggregate > (SELECT avg(aggregate) FROM items)",
        "EXISTS (SELECT 1 FROM items)",
        "aggregate > random()",
        "aggregate > 0 FROM '/etc/passwd'",
        "unnest([true, false])",
        "true; DROP TABLE items",
    ],
)
def test_anything_else_is_no_label_rule(rule):
    assert rule_objection(rule)


ORDERED_QUERIES = """
SELECT s, g FROM t ORDER BY g LIMIT 4
SELECT s, g FROM t ORDER BY g OFFSET 3
SELECT s, g, row_number() OVER (PARTITION BY g ORDER BY g) AS n FROM t
SELECT s, lag(s) OVER (ORDER BY g) AS n FROM t
SELECT s, lead(s, 2) OVER (ORDER BY g) AS n FROM t
SELECT s, ntile(3) OVER (ORDER BY g) AS n FROM t
SELECT s, first_value(s) OVER (PARTITION BY g ORDER BY g) AS n FROM t
SELECT s, sum(f) OVER (ORDER BY g ROWS 2 PRECEDING) AS n FROM t
SELECT DISTINCT ON (g) s, g FROM t ORDER BY g
SELECT g, list(s ORDER BY g) AS n FROM t GROUP BY g
SELECT g, arg_max(s, g ORDER BY g) AS n FROM t GROUP BY g
SELECT sum(f) AS n, avg(f) AS m FROM t
SELECT DISTINCT g COLLATE NOCASE AS n FROM t
SELECT g COLLATE NOCASE AS n, count(*) FROM t GROUP BY 1
SELECT g COLLATE NOCASE AS n FROM t UNION SELECT 'z'
WITH x AS (SELECT s, g FROM t ORDER BY g LIMIT 5) SELECT x.s, t.s AS o FROM x JOIN t USING (g)
SELECT s FROM t WHERE s IN (SELECT s FROM t ORDER BY g LIMIT 3)
SELECT t.s, o.s AS n FROM t ASOF JOIN t AS o ON t.f >= o.f
"""
MANY = pl.DataFrame(
    [(f"text {n % 90:02}", "pqPQ"[n % 4], (n % 7) / 10 + 1e9 * (n % 3)) for n in range(100)],
    schema=["s", "g", "f"],
    orient="row",
)


@pytest.mark.parametrize("query", lines(ORDERED_QUERIES))
@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_the_result_depends_on_the_rows_not_on_their_order(query, seed):
    assert order_shows(parsed(query))
    found, shuffled = (
        run(query, {"t": table}, "card.yaml") for table in (MANY, MANY.sample(fraction=1, shuffle=True, seed=seed))
    )
    assert shuffled.left_out == found.left_out
    assert shuffled.rows.sort(pl.all()).rows() == found.rows.sort(pl.all()).rows()


def test_where_order_cannot_show_tables_are_not_sorted():
    for query in ("SELECT a FROM t WHERE a > 1", "SELECT a FROM t JOIN u USING (a) UNION ALL SELECT a FROM u"):
        assert not order_shows(parsed(query))


@pytest.mark.parametrize(
    "select",
    [
        "SELECT text, label FROM rows ORDER BY label LIMIT 71",
        "SELECT text, label FROM rows QUALIFY row_number() OVER (PARTITION BY label ORDER BY label) <= 9",
    ],
)
def test_a_version_is_the_same_when_the_lines_of_its_file_are_shuffled(fresh_world, select):
    header, *rows = plenty().splitlines()
    mixed = "\n".join([header, *rows[::-3], *rows[::-3][::-1], *rows]) + "\n"
    again = "\n".join([header, *sorted(mixed.splitlines()[1:])]) + "\n"
    worlds = [fresh_world().card(csv, f'select: "{select}"\n') for csv in (mixed, again)]
    assert len({world.build().published.digest for world in worlds}) == 1
