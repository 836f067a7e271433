"""The one expression language of cards: a single DuckDB SELECT over the card's own tables, locked down.

Refuses files, settings, extensions, other statements, and functions whose value depends on time, chance or row
order. The parsed query is checked here; `registry.sandbox` then runs it where nothing else can be reached.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import duckdb
import polars as pl

from registry import sandbox
from registry.errors import UserError, nearest
from registry.provenance import left_out
from registry.sqltree import modifiers, nodes, order_shows, parsed, parser

# SQL's names are words in a row here: a list of fifty quoted names is harder to read.
UNSTABLE = frozenset(
    "random setseed uuid gen_random_uuid uuidv4 uuidv7 nextval currval setval "
    "now today age ago get_current_timestamp transaction_timestamp current_timestamp "
    "current_localtimestamp localtimestamp "
    "current_date get_current_date current_time get_current_time current_localtime localtime "
    "current_setting getvariable getenv version get_block_size current_query pg_backend_pid "
    "user current_user session_user current_role "
    "current_catalog current_database current_schema current_schemas in_search_path "
    "txid_current current_connection_id current_query_id current_transaction_id "
    "inet_client_addr inet_client_port inet_server_addr inet_server_port "
    "hash stats vector_type sleep_ms write_log".split()
)
"""Functions whose value depends on time, chance, the session or the library; a test asks DuckDB for its list."""

BARE = frozenset(
    "user current_user session_user current_role current_catalog current_schema "
    "current_date current_time current_timestamp localtime localtimestamp".split()
)
"""Those of them that SQL lets stand without parentheses, where no column of that name is there."""

ORDERED = frozenset(
    "list array_agg string_agg group_concat listagg histogram mode "
    "arg_min arg_max argmin argmax min_by max_by "
    "arg_min_null arg_max_null arg_min_nulls_last arg_max_nulls_last".split()
)
"""Aggregates whose value depends on row order unless they say ORDER BY inside."""

UNORDERED = frozenset(
    "any_value arbitrary first last approx_quantile approx_top_k reservoir_quantile lttb "
    "json_group_array json_group_object json_group_structure variant_group_array variant_group_object".split()
)
"""Aggregates whose value depends on row order, whatever they say."""

RANKED = frozenset("row_number lead lag ntile first_value last_value nth_value fill".split())
"""Window functions that need ORDER BY in their window."""

TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
"""What a query may be made of, at any depth: DuckDB also takes INSERT and COPY inside WITH."""

ONLY_SELECT = "must be one SELECT statement; nothing else is run"


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
    if len(statements) != 1 or not _is_select(statements[0]):
        return (ONLY_SELECT,)
    tree = parsed(query)
    if tree is None:
        return (ONLY_SELECT,)
    return tuple(dict.fromkeys(_node_objections(tree, tables)))


def _is_select(statement: duckdb.Statement) -> bool:
    try:
        return statement.type == duckdb.StatementType.SELECT
    except ValueError:  # a kind of statement that the Python binding has no name for
        return False


def rule_objection(rule: str) -> str | None:
    """Why a label rule is refused: it must be one condition on `aggregate` of the row itself."""
    query = f"SELECT {in_parentheses(rule)} AS verdict FROM items"  # noqa: S608
    found = objections(query, ["items"])
    if found:
        return found[0]
    others = any(node.get("class") in ("SUBQUERY", "WINDOW", "STAR") for node, _ in nodes(parsed(query)))
    try:
        described = parser().sql(query)
        parser().sql(f"SELECT 1 FROM items WHERE {in_parentheses(rule)}")  # noqa: S608
    except duckdb.Error as error:
        return f"must be a condition on `aggregate`: {_first_line(error)}"
    if described.columns != ["verdict"] or str(described.types[0]) != "BOOLEAN" or others:
        return 'must be a condition on `aggregate` alone, such as "aggregate > 0.5"'
    return None


def in_parentheses(rule: str) -> str:
    """A label rule as one term of a larger expression; the line end closes a comment in it."""
    return f"({rule}\n)"


def run(query: str, tables: Mapping[str, pl.DataFrame], where: str) -> Selected:
    """The rows of a checked SELECT, and what it left out. UserError when it is refused or fails.

    The rows depend on which rows the tables hold, not on their order: ORDER BY leaves ties, so tables are sorted
    first and read by one thread wherever order could show.
    """
    refused = objections(query, tables)
    if refused:
        raise UserError("; ".join(refused), where=where)
    in_order = order_shows(parsed(query))
    if in_order:
        tables = {name: table.sort(table.columns) if table.width else table for name, table in tables.items()}
    rows = sandbox.rows(query, tables, where, in_order=in_order)
    return Selected(rows, left_out(query, tables, where, in_order=in_order))


def _node_objections(tree: Any, tables: Collection[str]) -> Iterator[str]:
    for node, common in nodes(tree):
        kind = str(node.get("type"))
        if kind == "BASE_TABLE":
            yield from _table_objections(node, tables, common)
        elif kind == "TABLE_FUNCTION":
            name = str(node.get("function", {}).get("function_name", "")).lower()
            if name not in TABLE_FUNCTIONS:
                yield f"reads from {name}(); only the card's own sources can be read"
        elif kind == "SHOW_REF" or (kind.endswith("_NODE") and kind not in QUERIES):
            yield ONLY_SELECT
        elif kind == "JOIN" and node.get("ref_type") == "POSITIONAL":
            yield "POSITIONAL JOIN depends on row order; join on a column"
        yield from _expression_objections(node)
        yield from _limit_objections(node)


def _expression_objections(node: dict[str, Any]) -> Iterator[str]:
    kind = node.get("class")
    if kind == "FUNCTION":
        yield from _function_objections(node)
    elif kind == "WINDOW":
        yield from _window_objections(node)
    elif kind == "COLUMN_REF":
        yield from _column_objections([part.lower() for part in node["column_names"]])
    elif kind == "PARAMETER":
        yield "parameters have no value in a card; write the value itself"


def _table_objections(node: dict[str, Any], tables: Collection[str], common: frozenset[str]) -> Iterator[str]:
    name = str(node.get("table_name", ""))
    qualified = ".".join(part for part in (node.get("catalog_name"), node.get("schema_name"), name) if part)
    known = {table.lower() for table in tables} | common
    if qualified != name and name.lower() in known:
        yield f'write "{name}" alone instead of "{qualified}"; a card has no schemas'
    elif qualified != name or name.lower() not in known:
        sources = ", ".join(sorted(tables)) or "none"
        yield f'there is no source "{qualified}"{nearest(name, tables)}. Sources: {sources}.'


def _column_objections(parts: list[str]) -> Iterator[str]:
    if "rowid" in parts:
        yield "rowid depends on row order; select by a column of the data"
    elif len(parts) == 1 and parts[0] in BARE:
        word = parts[0]
        yield f"{word} can mean the session's own; for a column of that name write its table too: <source>.{word}"


def _function_objections(node: dict[str, Any]) -> Iterator[str]:
    name = str(node.get("function_name", "")).lower()
    if name in UNORDERED:
        yield f"{name}() depends on row order; the same card must give the same rows"
    elif name in UNSTABLE or name.startswith(("pg_", "duckdb_", "pragma_")):
        yield f"{name}() depends on time, chance or the machine; the same card must give the same rows"
    elif name in ORDERED and not (node.get("order_bys") or {}).get("orders"):
        yield f"{name}() depends on row order; write {name}(... ORDER BY ...)"


def _window_objections(node: dict[str, Any]) -> Iterator[str]:
    name = str(node.get("function_name", "")).lower()
    if name in UNORDERED or name in UNSTABLE:
        yield from _function_objections(node)
    elif node.get("orders"):
        return
    elif name in RANKED or (name in ORDERED and not node.get("arg_orders")):
        yield f"{name}() without ORDER BY in its window depends on row order"
    elif any(str(node.get(end)).endswith("_ROWS") for end in ("start", "end")):
        yield "a ROWS frame without ORDER BY in its window depends on row order"


def _limit_objections(node: dict[str, Any]) -> Iterator[str]:
    if node.get("sample"):
        yield "samples by chance; use `limits:` in a suite or a condition on a column"
    kinds = [modifier.get("type") for modifier in modifiers(node)]
    if any("LIMIT" in str(kind) for kind in kinds) and "ORDER_MODIFIER" not in kinds:
        yield "LIMIT without ORDER BY depends on row order"
    distinct_on = any(modifier.get("distinct_on_targets") for modifier in modifiers(node))
    if distinct_on and "ORDER_MODIFIER" not in kinds:
        yield "DISTINCT ON without ORDER BY depends on row order"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
