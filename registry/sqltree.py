"""DuckDB's own tree of a query: parsing it, walking it, and whether row order can show in its result."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb


@cache
def parser() -> duckdb.DuckDBPyConnection:
    """One connection that only parses and binds: opening one costs more than a hundred questions to it."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE items(aggregate DOUBLE)")
    return connection


def parsed(query: str) -> Any:
    """The tree of a query; None for what DuckDB does not count as a SELECT."""
    found = parser().sql("SELECT json_serialize_sql($query)", params={"query": query}).fetchall()
    tree = json.loads(found[0][0])
    return None if tree.get("error") else tree


def written(tree: Any) -> str:
    """A tree as a query again."""
    found = parser().sql("SELECT json_deserialize_sql($tree)", params={"tree": json.dumps(tree)}).fetchall()
    return str(found[0][0])


def nodes(tree: Any) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Every mapping in the tree with the common tables that it can see, without recursion: queries may nest deeply."""
    waiting: list[tuple[Any, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        value, seen = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, seen) for item in reversed(value))
        elif isinstance(value, dict):
            yield value, seen
            waiting.extend(reversed(list(_inside(value, seen))))


def _inside(node: dict[str, Any], seen: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """The parts of a node. A common table is seen by the later ones, by the query itself, and by its own recursion."""
    for entry in (node.get("cte_map") or {}).get("map", []):
        yield entry["value"], seen
        seen |= {str(entry["key"]).lower()}
    for key, value in node.items():
        itself = key == "right" and node.get("type") == "RECURSIVE_CTE_NODE"
        if key != "cte_map":
            yield value, seen | {str(node["cte_name"]).lower()} if itself else seen


def modifiers(node: dict[str, Any]) -> list[dict[str, Any]]:
    """LIMIT, DISTINCT and ORDER BY of a query."""
    found = node.get("modifiers")
    return [modifier for modifier in found if isinstance(modifier, dict)] if isinstance(found, list) else []


def aggregates(tree: Any) -> bool:
    """Whether an aggregate function is used."""
    return any(_is_aggregate(node) for node, _ in nodes(tree))


def order_shows(tree: Any) -> bool:
    """Whether the result can depend on the order of rows: where rows are cut off, ranked or folded together.

    Ties in ORDER BY, sums of floats and the spelling that stands for a group all do. Filters, expressions, joins
    and UNION ALL do not.
    """
    return any(_order_shows(node) for node, _ in nodes(tree))


def _order_shows(node: dict[str, Any]) -> bool:
    kind = node.get("type")
    cuts = any(str(modifier.get("type")).startswith(("LIMIT", "DISTINCT")) for modifier in modifiers(node))
    folds = bool(node.get("group_expressions")) or kind in ("PIVOT", "RECURSIVE_CTE_NODE") or _is_aggregate(node)
    united = node.get("setop_type") == "UNION" and node.get("setop_all")
    return (
        cuts
        or folds
        or node.get("class") in ("WINDOW", "SUBQUERY")
        or node.get("ref_type") == "ASOF"
        or (kind == "SET_OPERATION_NODE" and not united)
    )


def _is_aggregate(node: dict[str, Any]) -> bool:
    return node.get("class") == "FUNCTION" and str(node.get("function_name")).lower() in _aggregate_names()


@cache
def _aggregate_names() -> frozenset[str]:
    query = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'"
    return frozenset(name for (name,) in parser().sql(query).fetchall())
