"""The rows of one SELECT over a database: a DuckDB or SQLite file, or a PostgreSQL server.

    sql: {database: data/clinic.duckdb, query: "SELECT note AS text, code AS label FROM notes"}
    sql: {url_env: CLINIC_DATABASE, query: "SELECT note AS text, code AS label FROM notes"}

`database` is a file of the project, whose first bytes tell DuckDB from SQLite, or a URL without a password such as
`postgresql://host:5432/clinic`; what libpq reads (PGUSER, PGPASSWORD, a .pgpass file) supplies the rest. Or `url_env`
names the variable of the environment that holds the whole URL, or the path of a file anywhere.

`query` is one SELECT in the database's own SQL (WITH and VALUES begin one too). It can only read: files are opened
read-only, and a server is asked in a read-only transaction, best as a user who may read no more than this. The query
runs in a process of its own, which is stopped after an hour.

A file of the project is asked by every build in which its bytes are others. The rows of a server, and of a file
elsewhere, are fetched once; `bench build --update` asks again. All are kept as Parquet, and their sha256 is that of the
rows in canonical form, in whatever order they came. Columns of bytes, structs and the like are refused: cast them in
the query. PostgreSQL's numeric comes as text; write `price::float8`. In SQLite a column has the type that its values
have. SQLite and PostgreSQL need `pip install 'cardbench[sql]'`.
"""

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, field_validator, model_validator

from registry.errors import UserError, clipped
from registry.frozen import Frozen, Text
from registry.reading.formats import Guess, is_glob
from registry.source import FetchContext, Fetched, Pin, RawFile
from registry.sources.local import Local, inside

if TYPE_CHECKING:
    from registry.remote.sqlquery import Order

SECONDS = 3600.0
GRACE = 10.0
"""Seconds that a server's own limit comes before ours, so that it can say what happened."""
SERVERS = ("postgresql", "postgres")
PARAMETERS = {"host", "port", "sslmode"}
NAME = "rows.parquet"
ONLY_SELECT = "must be one SELECT statement; nothing else is run"
HIDDEN = re.compile(r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$""", re.DOTALL)
"""Comments, and what stands in quotes."""


class Sql(Frozen):
    """A query, and either a `database` or the variable that holds its URL."""

    database: Annotated[Text, Field(min_length=1)] | None = None
    url_env: Annotated[Text, Field(pattern=r"^[A-Za-z_]\w*$", description="it is the name of a variable")] | None = None
    query: Annotated[Text, Field(min_length=1)]

    @field_validator("database")
    @classmethod
    def _without_password(cls, database: str | None) -> str | None:
        if database is None or "://" in database:
            objection = _url_objection(database) if database else ""
        else:
            objection = "must be one file, not a glob" if is_glob(inside(database)) else ""
        if objection:
            raise ValueError(objection)
        return database

    @field_validator("query")
    @classmethod
    def _one_select(cls, query: str) -> str:
        words = HIDDEN.sub(" ", query).strip()
        if not re.match(r"\(*\s*(select|with|values)\b", words, re.IGNORECASE) or ";" in words.rstrip("; \n\t\r"):
            raise ValueError(ONLY_SELECT)
        return query

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.database is None) == (self.url_env is None):
            raise ValueError("must have exactly one of: database, url_env")
        return self

    @property
    def live(self) -> bool:
        """Whether the database is a file of the project, which people edit as they edit other files."""
        return self.database is not None and "://" not in self.database

    @property
    def file_name(self) -> None:
        """Its file lies under another hash than that of its rows."""

    @property
    def default_format(self) -> Guess:
        return Guess("parquet", {})

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:  # noqa: ARG002 - the rows are compared afterwards
        """The rows that the database gives now, as one Parquet file."""
        order = self._order(context)
        if not self.live:
            return self._rows(order, context)
        from registry.fetching import origin, remember, remembered

        asked = origin("sql", self) | {"state": _state(Path(order.target))}
        kept = remembered(asked, context)
        if kept is None:
            kept = self._rows(order, context)
            remember(asked, kept, context)
        return kept

    def describe(self) -> str:
        return f"query of {self.database or f'the database that {self.url_env} names'}"

    def _rows(self, order: "Order", context: FetchContext) -> Fetched:
        from registry.atomic import move
        from registry.digest import file_digest
        from registry.store import staging

        with staging(context.home) as folder:
            path = folder / NAME
            self._ask(order, path, context)
            sha256 = rows_digest(path)
            target = context.store / file_digest(path)
            move(path, target)
        return Fetched((RawFile(NAME, target, sha256),))

    def _order(self, context: FetchContext) -> "Order":
        from registry.remote.sqlquery import Order

        target = self.database or os.environ.get(self.url_env or "", "").strip()
        if not target:
            do = "Set it to the URL of the database, as in postgresql://user:password@host/name; it is never stored."
            raise UserError(f"the variable {self.url_env} is not set", where=self.describe(), do=do)
        query = self.query.strip().rstrip(";")
        if "://" in target:
            if urlsplit(target).scheme not in SERVERS:
                do = "PostgreSQL servers (postgresql://...) and DuckDB and SQLite files can be asked."
                raise UserError("is no kind of database that is known here", where=self.describe(), do=do)
            return Order("postgresql", target, query, SECONDS - GRACE)
        path = context.project / target
        if self.database and not (path.is_file() and path.resolve().is_relative_to(context.project.resolve())):
            Local(path=target).fetch(context, Pin())  # refuses it, and says what is there instead
        return Order(self._kind(path), str(path), query, SECONDS)

    def _kind(self, path: Path) -> str:
        from registry.remote.sqlquery import HEADS

        try:
            with path.open("rb") as file:
                head = file.read(64)
        except OSError as error:
            raise UserError(f"cannot be read: {error.strerror or error}", where=self.describe()) from None
        kind = next((kind for kind, (at, word) in HEADS.items() if head[at:].startswith(word)), None)
        if kind is None:
            do = "For tables in other files use the source kind local."
            raise UserError("is neither a DuckDB nor a SQLite file", where=self.describe(), do=do)
        return kind

    def _ask(self, order: "Order", path: Path, context: FetchContext) -> None:
        """Have another process write the rows: a driver can crash or hang, and cannot be stopped from within."""
        from registry.remote.child import Limits, run
        from registry.remote.download import LIMIT
        from registry.remote.sqlquery import TOLD

        command = [sys.executable, "-P", "-m", "registry.remote.sqlquery"]  # -P: no module of the present folder
        given = json.dumps({"order": order._asdict(), "path": str(path), "here": str(Path.cwd())}).encode()
        environment = {"PGCONNECT_TIMEOUT": "15", "PGAPPNAME": "cardbench", **os.environ}
        limits = Limits(SECONDS, LIMIT)
        try:
            with context.progress.step(f"fetch {self.describe()}", unit="B") as step:
                done = run(command, path.parent, limits, environment, given=given, step=step)
        except UserError as error:
            raise error.at(self.describe()) from None
        if done.code:
            raise self._failure(done.code, path.with_name(TOLD))

    def _failure(self, code: int, told: Path) -> UserError:
        if not told.is_file():
            what = f"the process that asks the database ended with {code} and no reason"
            return UserError(what, where=self.describe(), do="Its driver may have crashed; try the query elsewhere.")
        said = json.loads(told.read_bytes())
        if said["missing"]:
            what = f"needs {said['missing']}, which is not installed"
            return UserError(what, where=self.describe(), do="Run `pip install 'cardbench[sql]'`.")
        return UserError(clipped(said["error"], 400), where=self.describe())


def _state(database: Path) -> str:
    """A hash of a database file and of what was written to it but not yet moved into it."""
    from registry.digest import digest, file_digest

    logs = (database.with_name(f"{database.name}{ending}") for ending in ("-wal", ".wal"))
    return digest([file_digest(path) for path in (database, *logs) if path.is_file() and path.stat().st_size])


def rows_digest(path: Path) -> str:
    """sha256 over the canonical text of all rows of a Parquet file in sorted order, after its columns and types."""
    import polars as pl

    from registry.digest import FIELD, ROW, row_text

    frame = pl.read_parquet(path)
    running = hashlib.sha256()
    running.update((FIELD.join(f"{name} {frame.schema[name]}" for name in sorted(frame.columns)) + ROW).encode())
    for text in frame.select(text=row_text(frame)).to_series().sort():
        running.update((text + ROW).encode("utf-8", "surrogatepass"))
    return running.hexdigest()


def _url_objection(url: str) -> str:
    """Why a URL may not stand in a card; empty where it may."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a URL"
    if parts.password is not None:
        return "must not hold a password; put the whole URL into a variable and name that with `url_env:`"
    if parts.scheme not in SERVERS:
        return "must be a file of the project or a URL that begins with postgresql://"
    unknown = sorted(set(parse_qs(parts.query, keep_blank_values=True)) - PARAMETERS)
    return f"may say no more than {', '.join(sorted(PARAMETERS))} after the ?" if unknown or parts.fragment else ""
