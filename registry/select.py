"""The one expression language of cards: a single DuckDB SELECT over the card's own tables, locked down.

Refuses files, settings, extensions, other statements, and functions whose value depends on time, chance or row
order. The parsed query is checked here; `registry.sandbox` then runs it where nothing else can be reached.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import duckdb
import polars as pl

from registry import sandbox
from registry.errors import UserError, nearest
from registry.provenance import left_out

# SQL's names are words in a row here: a list of fifty quoted names is harder to read.
VOLATILE = frozenset(  # noqa: SIM905
    "random setseed uuid gen_random_uuid uuidv4 uuidv7 now current_timestamp get_current_timestamp current_date "
    "get_current_date current_time get_current_time current_localtime current_localtimestamp localtime localtimestamp transaction_timestamp "
    "today nextval currval txid_current any_value arbitrary first last hash "
    "current_setting version current_user current_database current_schema current_schemas current_query pg_backend_pid "
    "getvariable getenv".split()
)
ORDERED = frozenset("list array_agg string_agg group_concat listagg histogram mode".split())
"""Aggregates whose value depends on row order unless they say ORDER BY inside."""

TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})


class Selected(NamedTuple):
    """`left_out` counts the source rows that stand behind no selected row; None where they cannot be told apart."""

    rows: pl.DataFrame
    left_out: dict[str, int] | None


def objections(query: str, tables: Collection[str]) -> tuple[str, ...]:
    """Why this SELECT is refused, in order; empty when it may run."""
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        return (f"is not SQL: {_first_line(error)}",)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        return ("must be one SELECT statement; nothing else is run",)
    with duckdb.connect() as connection:
        row = connection.execute("SELECT json_serialize_sql($query)", {"query": query}).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        return ("must be one SELECT statement; nothing else is run",)
    names = frozenset(tables) | frozenset(_common_tables(tree))
    return tuple(dict.fromkeys(_node_objections(tree, names)))


def rule_objection(rule: str) -> str | None:
    """Why a label rule is refused: it must be one expression over `aggregate`."""
    query = f"SELECT {rule} AS verdict FROM items"
    found = objections(query, ["items"])
    if found:
        return found[0]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE items(aggregate DOUBLE)")
        try:
            described = connection.sql(query)
        except duckdb.Error as error:
            return f"must be a condition on `aggregate`: {_first_line(error)}"
        if described.columns != ["verdict"] or str(described.types[0]) != "BOOLEAN":
            return 'must be a condition on `aggregate`, such as "aggregate > 0.5"'
    return None


def run(query: str, tables: Mapping[str, pl.DataFrame], where: str) -> Selected:
    """The rows of a checked SELECT, and what it left out. UserError when it is refused or fails."""
    refused = objections(query, tables)
    if refused:
        raise UserError("; ".join(refused), where=where)
    return Selected(sandbox.rows(query, tables, where), left_out(query, tables, where))


def _common_tables(tree: Any) -> Iterator[str]:
    """Names of common table expressions, anywhere."""
    for node in _nodes(tree):
        yield from (str(entry["key"]).lower() for entry in (node.get("cte_map") or {}).get("map", []))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in the tree, depth first, without recursion: queries may nest deeply."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _node_objections(tree: Any, tables: frozenset[str]) -> Iterator[str]:
    for node in _nodes(tree):
        kind = node.get("type")
        if kind == "BASE_TABLE":
            yield from _table_objections(node, tables)
        elif kind == "TABLE_FUNCTION":
            name = str(node.get("function", {}).get("function_name", "")).lower()
            if name not in TABLE_FUNCTIONS:
                yield f"reads from {name}(); only the card's own sources can be read"
        elif node.get("class") in ("FUNCTION", "WINDOW"):
            yield from _function_objections(node)
        elif kind == "SHOW_REF":
            yield "must be one SELECT statement; nothing else is run"
        elif node.get("class") == "COLUMN_REF":
            yield from _column_objections([part.lower() for part in node["column_names"]])
        if node.get("sample"):
            yield "samples by chance; use `limits:` in a suite or a condition on a column"
        yield from _limit_objections(node)


def _table_objections(node: dict[str, Any], tables: frozenset[str]) -> Iterator[str]:
    name = str(node.get("table_name", ""))
    known = {table.lower() for table in tables}
    if node.get("schema_name") or node.get("catalog_name") or name.lower() not in known:
        yield f'there is no source "{name}"{nearest(name, tables)}. Sources: {", ".join(sorted(tables)) or "none"}.'


def _column_objections(parts: list[str]) -> Iterator[str]:
    if "rowid" in parts:
        yield "rowid depends on row order; select by a column of the data"
    elif len(parts) == 1 and parts[0] in VOLATILE:
        yield f"{parts[0]} depends on time or the machine; the same card must give the same rows"


def _function_objections(node: dict[str, Any]) -> Iterator[str]:
    name = str(node.get("function_name", "")).lower()
    if node.get("class") == "WINDOW":
        if not node.get("orders") and name in ("row_number", "lead", "lag", "ntile", "first_value", "last_value"):
            yield f"{name}() without ORDER BY in its window depends on row order"
    elif name in VOLATILE or name.startswith(("pg_", "duckdb_", "pragma_")):
        yield f"{name}() depends on time, chance, row order or the machine; the same card must give the same rows"
    elif name in ORDERED and not (node.get("order_bys") or {}).get("orders"):
        yield f"{name}() depends on row order; write {name}(... ORDER BY ...)"


def _limit_objections(node: dict[str, Any]) -> Iterator[str]:
    modifiers = node.get("modifiers")
    kinds = [modifier.get("type") for modifier in modifiers] if isinstance(modifiers, list) else []
    if any("LIMIT" in str(kind) for kind in kinds) and "ORDER_MODIFIER" not in kinds:
        yield "LIMIT without ORDER BY depends on row order"
    distinct = [m for m in modifiers or [] if isinstance(m, dict) and m.get("type") == "DISTINCT_MODIFIER"]
    if any(m.get("distinct_on_targets") for m in distinct) and "ORDER_MODIFIER" not in kinds:
        yield "DISTINCT ON without ORDER BY depends on row order"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
