"""Queries over real database files, and what a query must never be able to do."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest
from pydantic import ValidationError

from registry import fetching
from registry.errors import UserError
from registry.remote.child import Limits, run
from registry.remote.sqlquery import Order, QueryError, write
from registry.source import FetchContext, Pin
from registry.sources.sql import Sql, rows_digest
from tests.origins import files
from tests.worlds import World, minimal_card

QUERY = "SELECT note AS text, code AS label FROM notes -- all of them"
ROWS = [("fine", "good"), ("poor; very", "bad"), (None, "bad")]


def make_duckdb(path: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE notes (note TEXT, code TEXT)")
        connection.executemany("INSERT INTO notes VALUES (?, ?)", ROWS)
        connection.execute("CREATE VIEW passwords AS SELECT * FROM read_text('/etc/hostname')")


def make_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (note, code)")
    connection.executemany("INSERT INTO notes VALUES (?, ?)", ROWS)
    connection.commit()
    connection.close()


MAKERS = {"duckdb": make_duckdb, "sqlite": make_sqlite}


@pytest.fixture(params=list(MAKERS))
def database(request: pytest.FixtureRequest, context: FetchContext) -> Path:
    """One file after the other; its name says nothing of its kind."""
    path = context.project / "data" / "clinic of mine.db"
    path.parent.mkdir()
    MAKERS[request.param](path)
    return path


def source(database: Path, query: str = QUERY) -> Sql:
    return Sql(database=f"{database.parent.name}/{database.name}", query=query)


def kind_of(database: Path) -> str:
    return "sqlite" if database.read_bytes().startswith(b"SQLite") else "duckdb"


def asked(database: Path, query: str, out: Path) -> pl.DataFrame:
    write(Order(kind_of(database), str(database), query, 60.0), out)
    return pl.read_parquet(out)


def test_rows_come_as_parquet_and_are_kept(database: Path, context: FetchContext) -> None:
    fetched = fetching.fetch("sql", source(database), context)
    (file,) = fetched.files
    assert sorted(pl.read_parquet(file.path).rows(), key=str) == sorted(ROWS, key=str)
    assert file.sha256 == rows_digest(file.path) != file.path.name
    database.unlink()
    with pytest.raises(UserError, match="there is no such file"):
        fetching.fetch("sql", source(database), context)


def test_a_database_of_the_project_is_asked_again_when_it_was_edited_and_else_not(
    database: Path, context: FetchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fetching.fetch("sql", source(database), context)
    kind = duckdb if kind_of(database) == "duckdb" else sqlite3
    connection = kind.connect(database)
    connection.execute("UPDATE notes SET code = CASE code WHEN 'good' THEN 'bad' ELSE 'good' END")
    connection.commit()
    connection.close()
    (now,) = fetching.fetch("sql", source(database), context).files
    assert now.sha256 != first.files[0].sha256
    assert dict(pl.read_parquet(now.path).rows())["fine"] == "bad"
    monkeypatch.setattr(Sql, "_ask", lambda *_: pytest.fail("asked again"))
    assert fetching.fetch("sql", source(database), context).files == (now,)


def test_what_stands_in_the_log_of_a_database_counts(context: FetchContext) -> None:
    make_sqlite(context.project / "a.db")
    connection = sqlite3.connect(context.project / "a.db")
    connection.execute("PRAGMA journal_mode = WAL")
    fetched = fetching.fetch("sql", Sql(database="a.db", query=QUERY), context)
    connection.execute("DELETE FROM notes WHERE note IS NULL")
    connection.commit()
    assert fetching.fetch("sql", Sql(database="a.db", query=QUERY), context) != fetched
    connection.close()


def test_a_database_elsewhere_is_asked_once(
    context: FetchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sqlite(tmp_path / "outside.db")
    monkeypatch.setenv("CLINIC_DATABASE", str(tmp_path / "outside.db"))
    elsewhere = Sql(url_env="CLINIC_DATABASE", query=QUERY)
    fetched = fetching.fetch("sql", elsewhere, context)
    (tmp_path / "outside.db").unlink()
    assert fetching.fetch("sql", elsewhere, replace(context, offline=True)) == fetched
    with pytest.raises(UserError, match="cannot be read"):
        fetching.fetch("sql", elsewhere, replace(context, update=True))


def test_the_order_of_rows_is_no_change_but_another_row_is(database: Path, tmp_path: Path) -> None:
    digests = []
    for end in ("", " DESC", " LIMIT 2"):
        asked(database, f"SELECT * FROM ({QUERY}\n) AS q ORDER BY text{end}", tmp_path / "out")
        digests.append(rows_digest(tmp_path / "out"))
    assert digests[0] == digests[1] != digests[2]


def test_locked_rows_must_be_given_again(context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    make_duckdb(context.project / "a.db")
    monkeypatch.setenv("CLINIC_DATABASE", str(context.project / "a.db"))
    source = Sql(url_env="CLINIC_DATABASE", query=QUERY)
    fetched = fetching.fetch("sql", source, context)
    pin = Pin({file.name: file.sha256 for file in fetched.files})
    elsewhere = replace(context, home=context.project / "elsewhere")
    assert fetching.fetch("sql", source, elsewhere, pin).files[0].sha256 == fetched.files[0].sha256
    with duckdb.connect(context.project / "a.db") as connection:
        connection.execute("DELETE FROM notes WHERE note IS NULL")
    assert fetching.fetch("sql", source, context, pin) == fetched
    with pytest.raises(UserError, match=r"sha256 of rows\.parquet differs"):
        fetching.fetch("sql", source, replace(context, home=context.project / "third"), pin)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO notes VALUES ('a', 'b')",
        "WITH x AS (SELECT 1) DELETE FROM notes",
        "ATTACH 'other.db' AS other",
        "SELECT 1; SELECT 2",
        "SELECT load_extension('x')",
        "SELECT writefile('written.txt', 'x')",
        "COPY notes TO 'written.txt'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM passwords",
        "PRAGMA query_only = OFF",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "CREATE TABLE more (a)",
        "SELECT note, note FROM nothing",
    ],
)
def test_the_database_itself_refuses_all_but_reading(
    database: Path, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = database.read_bytes()
    with pytest.raises(QueryError):
        asked(database, query, tmp_path / "out.parquet")
    assert database.read_bytes() == before
    assert not (tmp_path / "written.txt").exists()
    assert not (tmp_path / "other.db").exists()


def test_what_follows_the_select_never_runs(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with suppress(QueryError):
        asked(database, "SELECT 1) AS a; ATTACH 'other.db' AS other; SELECT * FROM (SELECT 2", tmp_path / "out")
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM t",
        "ATTACH 'a'",
        "SELECT 1; SELECT 2",
        "COPY t TO PROGRAM 'x'",
        "/* SELECT */ DROP TABLE t",
        "",
        "x",
    ],
)
def test_what_is_no_select_is_refused_in_the_card(query: str) -> None:
    with pytest.raises(ValidationError):
        Sql(database="a.db", query=query)


@pytest.mark.parametrize(
    "query",
    [
        "select ';' as a;",
        "-- first\nSELECT 1",
        "(SELECT 1)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "VALUES (1)",
        "SELECT $x$;$x$",
        'SELECT ";" FROM t /* ; */ ; ',
    ],
)
def test_what_a_select_may_look_like(query: str) -> None:
    assert Sql(database="a.db", query=query).query == query


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"database": "a.db", "url_env": "CLINIC"},
        {"database": "/a.db"},
        {"database": "../a.db"},
        {"database": "*.db"},
        {"database": "mysql://host/x"},
        {"database": "postgresql://me:secret@host/x"},
        {"database": "postgresql://host/x?password=secret"},
        {"database": "postgresql://host/x?options=-c"},
        {"url_env": "postgresql://me:secret@host/x"},
    ],
)
def test_where_a_card_may_not_ask(parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        Sql.model_validate({**parameters, "query": "SELECT 1"})
    assert "secret" not in caught.value.errors()[0]["msg"]


def test_a_mistake_in_the_query_is_told_in_the_words_of_the_database(context: FetchContext) -> None:
    make_duckdb(context.project / "a.db")
    with pytest.raises(UserError, match=r"query of a\.db\n  failed: .*nope"):
        files(Sql(database="a.db", query="SELECT nope FROM notes"), context)
    assert not any(context.store.glob("[0-9a-f]*"))


def test_columns_that_have_no_spelling_are_refused(database: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"holds .*binary.* in the column \"a\".* CAST\(a AS text\)"):
        asked(database, "SELECT CAST('x' AS BLOB) AS a FROM notes", tmp_path / "out.parquet")


def test_duckdb_is_not_given_a_second_statement(tmp_path: Path) -> None:
    make_duckdb(tmp_path / "a.db")
    hidden = r"SELECT E'\'' AS one) AS a; SELECT * FROM (SELECT 'it''s' AS one"
    assert Sql(database="a.db", query=hidden)
    with pytest.raises(QueryError, match="more than one statement"):
        asked(tmp_path / "a.db", hidden, tmp_path / "out.parquet")


def test_structs_are_refused(tmp_path: Path) -> None:
    make_duckdb(tmp_path / "a.db")
    with pytest.raises(QueryError, match="holds struct"):
        asked(tmp_path / "a.db", "SELECT {'b': 1} AS a", tmp_path / "out.parquet")


def test_plain_types_come_as_they_are(tmp_path: Path) -> None:
    make_duckdb(tmp_path / "a.db")
    query = "SELECT 1::DECIMAL(9, 2) AS a, [1.5::DOUBLE, 2] AS b, DATE '2020-01-02' AS c, true AS d"
    others = "'x'::ENUM('x', 'y') AS e, NULL AS f, 1::UTINYINT AS g"
    frame = asked(tmp_path / "a.db", f"{query}, {others}", tmp_path / "out.parquet")
    assert [str(value) for value in frame.row(0)] == ["1.00", "[1.5, 2.0]", "2020-01-02", "True", "x", "None", "1"]
    assert rows_digest(tmp_path / "out.parquet") == rows_digest(tmp_path / "out.parquet")


def test_a_column_of_sqlite_may_begin_with_many_missing_values(tmp_path: Path) -> None:
    make_sqlite(tmp_path / "a.db")
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT "
    frame = asked(tmp_path / "a.db", f"{query} CASE WHEN i > 4000 THEN 'x' END AS a FROM n", tmp_path / "out.parquet")
    assert frame["a"].null_count() == 4000


def test_a_file_that_is_no_database(context: FetchContext) -> None:
    (context.project / "a.db").write_text("text,label\n")
    with pytest.raises(UserError, match="is neither a DuckDB nor a SQLite file"):
        files(Sql(database="a.db", query="SELECT 1"), context)


def test_a_damaged_database_is_told(database: Path, tmp_path: Path) -> None:
    data = bytearray(database.read_bytes())
    data[100:] = b"\xff" * (len(data) - 100)
    database.write_bytes(data)
    with pytest.raises(QueryError, match="failed: "):
        asked(database, QUERY, tmp_path / "out.parquet")


def test_a_variable_may_name_a_file_outside_the_project(
    context: FetchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Sql(url_env="CLINIC_DATABASE", query=QUERY)
    with pytest.raises(UserError, match="the variable CLINIC_DATABASE is not set"):
        files(source, context)
    make_sqlite(tmp_path / "outside.db")
    monkeypatch.setenv("CLINIC_DATABASE", str(tmp_path / "outside.db"))
    assert pl.read_parquet(files(source, context)[0].path).height == len(ROWS)
    monkeypatch.setenv("CLINIC_DATABASE", "mysql://me:secret@host/x")
    with pytest.raises(UserError, match="is no kind of database that is known here") as caught:
        files(source, replace(context, update=True))
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_told_without_its_password(
    context: FetchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_DATABASE", "postgresql://me:s3cret@127.0.0.1:1/x")
    with pytest.raises(UserError, match="cannot be reached: nothing listens there") as caught:
        files(Sql(url_env="CLINIC_DATABASE", query="SELECT 1"), context)
    assert "s3c" not in str(caught.value)
    assert not any(b"s3c" in path.read_bytes() for path in context.home.rglob("*") if path.is_file())
    unquoted = Order("postgresql", "postgresql://me:s3c/ret@host:5/s3cret?s3cret=1", "SELECT 1", 60.0)
    with pytest.raises(QueryError, match=r"^cannot be connected to$"):
        write(unquoted, tmp_path / "out.parquet")


def test_without_the_drivers(context: FetchContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_sqlite(context.project / "a.db")
    blocked = tmp_path / "blocked" / "adbc_driver_sqlite"
    blocked.mkdir(parents=True)
    (blocked / "__init__.py").write_text("raise ImportError('gone', name='adbc_driver_sqlite')")
    monkeypatch.setenv("PYTHONPATH", str(blocked.parent))
    with pytest.raises(UserError, match=r"needs adbc_driver_sqlite, .*\n  Run `pip install 'cardbench\[sql\]'`"):
        files(Sql(database="a.db", query="SELECT 1"), context)


def test_modules_of_the_present_folder_are_not_imported(context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    make_duckdb(context.project / "a.db")
    (context.project / "json.py").write_text("open('touched', 'w')")
    monkeypatch.chdir(context.project)
    assert files(Sql(database="a.db", query=QUERY), context)
    assert not (context.project / "touched").exists()


def test_a_query_without_end_is_stopped(context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    make_sqlite(context.project / "a.db")
    monkeypatch.setattr("registry.sources.sql.SECONDS", 1.0)
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS a FROM n"
    with pytest.raises(UserError, match="was stopped after 1 seconds"):
        files(Sql(database="a.db", query=query), context)


def test_a_process_that_fills_the_disk_is_stopped(tmp_path: Path) -> None:
    command = ["sh", "-c", f"while :; do cat /etc/passwd >> {tmp_path}/out; done"]
    with pytest.raises(UserError, match="it is larger than 1,000 bytes"):
        run(command, tmp_path, Limits(60.0, 1000), {})


def test_it_tells_what_it_is() -> None:
    assert Sql(database="data/a.db", query="SELECT 1").describe() == "query of data/a.db"
    described = Sql(url_env="CLINIC", query="SELECT 1").describe()
    assert described == "query of the database that CLINIC names"


def test_labels_that_were_mended_in_a_database_of_the_project_reach_the_next_build(world: World) -> None:
    source = f'sql: {{database: a.db, query: "{QUERY.partition(" --")[0]} WHERE note IS NOT NULL"}}'
    world.write({"cards/datasets/task/mine.yaml": minimal_card().replace("local: data/mine.csv", source)})
    make_duckdb(world.root / "a.db")
    first = world.build()
    assert not world.build().changes
    with duckdb.connect(world.root / "a.db") as connection:
        connection.execute("UPDATE notes SET code = CASE code WHEN 'good' THEN 'bad' ELSE 'good' END")
    second = world.build()
    assert second.fresh
    assert second.published.digest != first.published.digest
    assert [change.part for change in second.changes] == ["source rows > rows.parquet"]
