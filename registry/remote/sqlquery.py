"""One SELECT over a database, as Arrow into a Parquet file: `python -m registry.remote.sqlquery`, a process of its own.

Owns how each kind of database is held to reading: DuckDB and SQLite files are opened read-only, PostgreSQL in a
read-only transaction, and the query runs as a subquery, so that the database's own parser refuses all but a SELECT.
No message repeats what a driver says of a connection: that can hold parts of the URL.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    import pyarrow as pa

HEADS = {"duckdb": (8, b"DUCK"), "sqlite": (0, b"SQLite format 3\0")}
"""What tells a database file, and at which byte."""
TOLD = "told.json"
"""The file beside the rows that says why there are none."""
BATCH = 1 << 20
"""Rows at a time. SQLite's columns have no types: those of the first batch hold for all."""
CAST = "Cast it in the query, for example CAST({name} AS text)."

CONNECTING = (
    ("password authentication failed", "refuses this user or password"),
    ("no password supplied", "wants a password; PGPASSWORD or a .pgpass file can hold it"),
    ("could not translate host name", "names a host that is not known"),
    ("does not exist", "has no such database or user"),
    ("no pg_hba.conf entry", "does not let this user in from here"),
    ("timeout expired", "does not answer"),
    ("refused", "cannot be reached: nothing listens there"),
    ("No such file", "cannot be reached: nothing listens there"),
    ("SSL", "does not agree on encryption; see `sslmode`"),
)
"""What of a driver's words about a connection means what. The first that fits tells."""


class Order(NamedTuple):
    """What to ask where. `target` is the path of a file, or a URL with its password."""

    kind: str
    target: str
    query: str
    seconds: float


class QueryError(Exception):
    """The database, or what it holds, cannot be taken as it is; the text is fit to be shown."""


def write(order: Order, path: Path) -> None:
    """The rows as a Parquet file, batch by batch. QueryError where they cannot be had."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with _ASKED[order.kind](order) as reader:
        schema = _storable(reader.schema)
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in reader:
                columns = [column.storage if isinstance(column, pa.ExtensionArray) else column for column in batch]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _storable(schema: "pa.Schema") -> "pa.Schema":
    """The columns without the driver's notes. QueryError for those that have no one spelling as text."""
    import pyarrow as pa

    doubled = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if doubled:
        raise QueryError(f'names the column "{doubled[0]}" more than once. Rename one with AS.')
    fields = []
    for field in schema:
        kind = field.type.storage_type if isinstance(field.type, pa.BaseExtensionType) else field.type
        inner = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else kind
        if not _is_plain(inner):
            what = f'holds {field.type} in the column "{field.name}", which cannot be taken.'
            raise QueryError(f"{what} {CAST.format(name=field.name)}")
        fields.append(pa.field(field.name, kind))
    return pa.schema(fields)


def _is_plain(kind: "pa.DataType") -> bool:
    from pyarrow import types

    plain = (
        *(types.is_boolean, types.is_integer, types.is_floating, types.is_decimal, types.is_null),
        *(types.is_string, types.is_large_string, types.is_date, types.is_timestamp, types.is_time),
    )
    enum = types.is_dictionary(kind) and types.is_string(kind.value_type)
    return enum or any(fits(kind) for fits in plain)


def _within(query: str) -> str:
    """The query as a subquery; the line end closes a comment in it."""
    return f"SELECT * FROM (\n{query}\n) AS selected"  # noqa: S608


@contextmanager
def _duckdb(order: Order) -> Iterator[Any]:
    import duckdb
    import pyarrow as pa

    from registry.sandbox import SETTINGS

    try:
        with duckdb.connect(order.target, read_only=True) as connection:
            for setting in ("temp_directory = ''", *SETTINGS):
                connection.execute(f"SET {setting}")
            query = _within(order.query)
            if len(connection.extract_statements(query)) != 1:  # it would run them all
                raise QueryError("failed: more than one statement; nothing else than one SELECT is run.")
            yield connection.sql(query).to_arrow_reader(BATCH)
    except (duckdb.Error, pa.ArrowException) as error:
        raise QueryError(f"failed: {_first(str(error))}") from None


@contextmanager
def _sqlite(order: Order) -> Iterator[Any]:
    from adbc_driver_sqlite import dbapi

    with _adbc(dbapi.connect, f"file:{quote(order.target)}?mode=ro") as cursor:
        cursor.execute("PRAGMA query_only = ON")
        cursor.execute("PRAGMA trusted_schema = OFF")
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH)})
        cursor.execute(_within(order.query))
        yield cursor.fetch_record_batch()


@contextmanager
def _postgresql(order: Order) -> Iterator[Any]:
    from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]

    with _adbc(dbapi.connect, order.target) as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute(f"SET LOCAL statement_timeout = {int(order.seconds * 1000)}")
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute(_within(order.query))
        yield cursor.fetch_record_batch()


_ASKED = {"duckdb": _duckdb, "sqlite": _sqlite, "postgresql": _postgresql}


@contextmanager
def _adbc(connect: Callable[[str], Any], target: str) -> Iterator[Any]:
    """A cursor of an ADBC driver, whose errors come as QueryError."""
    import pyarrow as pa
    from adbc_driver_manager import Error

    try:
        connection = connect(target)
    except (Error, pa.ArrowException, OSError) as error:
        raise QueryError(_told_of_connection(str(error))) from None
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    except (Error, pa.ArrowException, OSError) as error:
        said = _first(str(error))
        for secret in (target, urlsplit(target).password, unquote(urlsplit(target).password or "")):
            said = said.replace(secret, "***") if secret else said
        raise QueryError(f"failed: {said}") from None


def _told_of_connection(said: str) -> str:
    return next((plain for words, plain in CONNECTING if words in said), "cannot be connected to")


def _first(said: str) -> str:
    """The line of a driver's message that says what is wrong."""
    line = next(iter(said.strip().splitlines()), "no reason was given")
    return re.sub(r"^([A-Z_]+: )?(\[\w+\] )?", "", line.rpartition("ERROR:  ")[2])


def main() -> int:
    """Takes the order on stdin, so that no URL shows in the list of processes. What goes wrong it writes in TOLD."""
    given = json.load(sys.stdin)
    os.chdir(given["here"])  # paths of certificates and passwords mean the folder where the user stands
    path = Path(given["path"])
    try:
        write(Order(**given["order"]), path)
    except (QueryError, ImportError) as error:
        missing = error.name if isinstance(error, ImportError) else ""
        path.with_name(TOLD).write_text(json.dumps({"missing": missing, "error": str(error)}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
