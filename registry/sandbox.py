"""A DuckDB connection that reaches nothing but the tables it is given: no files, no network, no settings.

Owns the limits of a query: memory, and a watchdog that stops it.
"""

import threading
from collections.abc import Mapping

import duckdb
import polars as pl

from registry.errors import UserError

SECONDS = 300.0
SETTINGS = (
    "enable_external_access = false",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "python_enable_replacements = false",
    "memory_limit = '4GB'",
    "TimeZone = 'UTC'",
    "lock_configuration = true",
)


def rows(
    query: str, tables: Mapping[str, pl.DataFrame], where: str, seconds: float = SECONDS, *, in_order: bool = False
) -> pl.DataFrame:
    """The result of a query over `tables`. UserError when it fails or takes longer than `seconds`.

    `in_order`: one thread reads the tables from top to bottom, so that equal tables give equal results.
    """
    with duckdb.connect() as connection:
        for name, frame in tables.items():
            connection.register(name, frame.to_arrow())
        for setting in (*(["threads = 1"] if in_order else []), *SETTINGS):
            connection.execute(f"SET {setting}")
        watchdog = threading.Timer(seconds, connection.interrupt)
        watchdog.start()
        try:
            found: pl.DataFrame = connection.sql(query).pl()
            return found
        except duckdb.InterruptException as error:
            raise UserError(f"was stopped after {seconds:g} seconds", where=where) from error
        except (duckdb.Error, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise UserError(f"failed: {str(error).strip().expandtabs(2)}", where=where) from error
        finally:
            watchdog.cancel()
