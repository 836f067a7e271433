"""How many source rows a `select:` left out: a row number per source is added to the parsed query.

Traced: selects over tables, joins, and UNION ALL of those. Not traced, and said so: grouping, DISTINCT, common
table expressions and subqueries, where one result row stands for several source rows.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from registry import sandbox
from registry.errors import UserError
from registry.sqltree import aggregates, modifiers, nodes, parsed, written

PREFIX = "_row_of_"


def left_out(query: str, tables: Mapping[str, pl.DataFrame], where: str, *, in_order: bool) -> dict[str, int] | None:
    """Source rows that stand behind no row of the result, by source; None where the query cannot be traced."""
    with_numbers = traced(query, tables)
    if with_numbers is None:
        return None
    counts = ", ".join(f'count(DISTINCT {PREFIX}{name}) AS "{name}"' for name in tables)
    numbered = {name: table.with_row_index(PREFIX + name) for name, table in tables.items()}
    query = f"SELECT {counts} FROM ({with_numbers})"  # noqa: S608
    try:
        used = sandbox.rows(query, numbered, where, in_order=in_order).row(0, named=True)
    except UserError:  # the query itself ran: its stars or joins have no room for the numbers
        return None
    return {name: table.height - used[name] for name, table in tables.items()}


def traced(query: str, tables: Collection[str]) -> str | None:
    """The query with a row number column per source; None where its shape does not allow one."""
    tree = parsed(query)
    if tree is None or not _add(tree["statements"][0]["node"], sorted(tables), whole=True):
        return None
    return written(tree)


def _add(node: dict[str, Any], tables: list[str], *, whole: bool) -> bool:
    """Add the columns in place; False where result rows do not stand for single source rows."""
    if node["type"] == "SET_OPERATION_NODE" and not node["cte_map"]["map"]:
        branches = node.get("children") or [node["left"], node["right"]]
        united = node["setop_type"] == "UNION" and node["setop_all"]
        return united and all(_add(branch, tables, whole=False) for branch in branches)
    aliases = list(_aliases(node.get("from_table") or {}))
    star = any(expression["class"] == "STAR" for expression in node.get("select_list", []))
    if not _is_plain(node) or None in aliases or (star and not whole):
        return False
    found = dict(alias for alias in aliases if alias)
    missing = [name for name in tables if not (star and name.lower() in found)]
    node["select_list"] += [_column(found.get(name.lower()), name) for name in missing]
    return len(found) == len(aliases)


def _is_plain(node: dict[str, Any]) -> bool:
    """A select without anything that folds rows together."""
    if node["type"] != "SELECT_NODE" or node["cte_map"]["map"]:
        return False
    if node["aggregate_handling"] != "STANDARD_HANDLING" or _has_subquery(node):
        return False
    distinct = any(modifier["type"] == "DISTINCT_MODIFIER" for modifier in modifiers(node))
    folds = node["group_expressions"] or node["having"] or node["qualify"] or distinct
    return not folds and not aggregates(node["select_list"])


def _aliases(table: dict[str, Any]) -> Iterator[tuple[str, str] | None]:
    """(source, alias) of every table of a FROM clause; None for what is not a plain table."""
    if table.get("type") == "JOIN":
        yield from _aliases(table["left"])
        yield from _aliases(table["right"])
    elif table.get("type") == "BASE_TABLE":
        yield table["table_name"].lower(), table["alias"] or table["table_name"]
    else:
        yield None


def _has_subquery(node: dict[str, Any]) -> bool:
    """Whether an expression asks another query: the rows behind its answer cannot be told."""
    return any(inner.get("class") == "SUBQUERY" for inner, _ in nodes(node))


def _column(alias: str | None, name: str) -> dict[str, Any]:
    column = PREFIX + name
    if alias is None:
        value = {"is_null": True, "type": {"id": "NULL", "type_info": None}}
        return {"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": column, "value": value}
    return {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": column, "column_names": [alias, column]}
