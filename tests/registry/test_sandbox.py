"""The connection that runs a card's SELECT: even a query that nobody checked reaches nothing."""

import polars as pl
import pytest

from registry import sandbox
from registry.errors import UserError

T = {"t": pl.DataFrame({"a": [1, 2, 3]})}


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.csv"
    file.write_text("word\nxyzzy\n")
    return file


UNCHECKED = """
SELECT * FROM read_csv('{secret}')
SELECT * FROM read_text('{secret}')
SELECT * FROM read_blob('{secret}')
SELECT * FROM '{secret}'
SELECT * FROM glob('{folder}/*')
SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')
SELECT * FROM sniff_csv('{secret}')
SELECT getenv('HOME')
COPY t TO '{folder}/out.csv'
COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)
WITH x AS (COPY t TO '{folder}/out.csv') SELECT 1
EXPORT DATABASE '{folder}/out'
ATTACH '{folder}/out.db'
ATTACH 'host=localhost' AS p (TYPE postgres)
INSTALL httpfs
LOAD httpfs
SET enable_external_access = true
SET lock_configuration = false
SET memory_limit = '1TB'
RESET enable_external_access
SET python_enable_replacements = true
PRAGMA enable_external_access = true
SELECT * FROM some_python_variable
SELECT * FROM frame
SELECT * FROM read_csv('https://127.0.0.1:9/x.csv')
SELECT * FROM 's3://127.0.0.1/x.parquet'
SELECT * FROM read_json('{secret}')
SELECT * FROM read_ndjson('{secret}')
SELECT * FROM read_parquet('{secret}')
SELECT * FROM read_duckdb('{secret}')
SELECT * FROM parquet_schema('{secret}')
SELECT * FROM sqlite_scan('{secret}', 't')
SELECT * FROM system.main.read_csv('{secret}')
SELECT * FROM (WITH read_csv AS (SELECT 1) FROM read_csv('{secret}'))
SELECT list_transform([1], lambda x: (SELECT content FROM read_text('{secret}')))
SELECT * FROM duckdb_extensions()
SELECT * FROM which_secret('x', 's3')
SELECT * FROM enable_logging()
COPY t FROM '{secret}'
COPY t TO '/dev/stdout'
SELECT 1; COPY t TO '{folder}/out.csv'
SELECT 1 /* ; */; COPY t TO '{folder}/out.csv'
IMPORT DATABASE '{folder}'
ATTACH '{secret}' (READ_ONLY)
CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')
CREATE PERSISTENT SECRET s (TYPE http)
CREATE MACRO f() AS TABLE FROM read_text('{secret}'); FROM f()
CREATE VIEW v AS FROM '{secret}'
FORCE INSTALL httpfs
INSTALL httpfs FROM '{folder}'
LOAD '{folder}/x.duckdb_extension'
UPDATE EXTENSIONS
CALL enable_logging()
SET home_directory = '{folder}'
SET temp_directory = '{folder}'
SET allowed_directories = ['{folder}']
SET extension_directory = '{folder}'
SET GLOBAL threads = 100
RESET memory_limit
PRAGMA memory_limit = '1TB'
PRAGMA enable_profiling
"""


@pytest.mark.parametrize("query", UNCHECKED.strip().splitlines())
def test_files_settings_and_programs_are_out_of_reach(query, secret):
    some_python_variable = pl.DataFrame({"word": ["xyzzy"]})  # noqa: F841 - DuckDB would find it by its name
    before = sorted(secret.parent.iterdir())
    with pytest.raises(UserError, match="failed"):
        sandbox.rows(query.format(secret=secret, folder=secret.parent), T, "card.yaml")
    assert sorted(secret.parent.iterdir()) == before


def test_a_query_that_never_ends_is_stopped():
    forever = "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT count(*) FROM r"
    with pytest.raises(UserError, match=r"stopped after 0\.3 seconds"):
        sandbox.rows(forever, T, "card.yaml", seconds=0.3)


def test_a_query_that_wants_all_memory_is_told_so():
    with pytest.raises(UserError, match="failed"):
        sandbox.rows("SELECT repeat('x', 10_000_000_000) FROM t", T, "card.yaml")


def test_a_value_that_has_no_column_type_here_is_a_user_error():
    with pytest.raises(UserError, match="failed"):
        sandbox.rows("SELECT INTERVAL 1 day AS d", T, "card.yaml")


def test_the_time_zone_of_the_machine_does_not_show(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    query = "SELECT strftime(to_timestamp(0), '%Y-%m-%d %H') AS t, TIMESTAMPTZ '2001-01-01 00:00:00'::VARCHAR AS u"
    assert sandbox.rows(query, T, "card.yaml").rows() == [("1970-01-01 00", "2001-01-01 00:00:00+00")]


def test_the_message_says_which_card_and_which_column():
    with pytest.raises(UserError) as failed:
        sandbox.rows("SELECT b FROM t", T, "cards/x.yaml  select")
    assert str(failed.value).startswith("cards/x.yaml  select\n  failed: Binder Error")
    assert '"b"' in str(failed.value)


def test_a_message_holds_no_tabs_that_a_terminal_would_show_as_escapes():
    with pytest.raises(UserError, match="Candidate") as failed:
        sandbox.rows("SELECT 'a' / a FROM (SELECT 'b' AS a)", T, "card.yaml")
    assert "\t" not in failed.value.what
