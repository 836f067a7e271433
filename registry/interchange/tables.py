"""Foreign tables as the data part of a card: sources, `select:`, labels and split, and what was guessed on the way.

Owns the choice of columns where the description does not say it, by the names that `bench card infer` goes by.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registry.errors import clipped
from registry.infer.place import source_name
from registry.infer.profile import identifier, literal
from registry.infer.roles import LABEL_NAMES, PAIRS, TEXT_NAMES
from registry.infer.sql import Field, split_of


class Column(NamedTuple):
    """A column of a foreign table. `classes` are the stored values and the labels that they stand for."""

    name: str
    is_text: bool = False
    is_label: bool = False
    classes: tuple[tuple[str, str], ...] = ()


class Table(NamedTuple):
    """One source as a card writes it, and what is known of its columns. `split` is where all of its rows belong."""

    name: str
    source: Mapping[str, Any]
    columns: tuple[Column, ...]
    key: str = ""
    split: str = ""
    split_column: str = ""


class Parts(NamedTuple):
    """Keys of a card. `remarks` say what was guessed or left behind."""

    task: str
    sources: dict[str, Mapping[str, Any]]
    select: str
    labels: tuple[str, ...]
    split: dict[str, Any]
    remarks: tuple[str, ...]


def composed(tables: Sequence[Table], task: str = "") -> Parts:
    """The data part of a card over these tables, which have the same columns."""
    named, remarks = _with_splits(tables)
    columns = named[0].columns if named else ()
    roles = _roles(columns, named[0].key if named else "", task)
    remarks += _told(columns, roles)
    label = next((column for column in columns if column.name == roles.get("label")), Column(""))
    has_splits = any(table.split == "test" or table.split_column for table in named)
    sources = dict(zip(_source_names(named), (table.source for table in named), strict=True))
    lines = [_select(name, table, roles, label, has_splits) for name, table in zip(sources, named, strict=True)]
    plain = len(named) == 1 and not has_splits and _as_they_are(roles, label)
    return Parts(
        task="text-pair" if "text_pair" in roles else "text-classification",
        sources=sources,
        select="" if plain or "text" not in roles else "\nUNION ALL\n".join(lines),
        labels=tuple(meaning for _, meaning in label.classes),
        split={"method": "given", "column": "split"} if has_splits else {},
        remarks=tuple(remarks),
    )


def _with_splits(tables: Sequence[Table]) -> tuple[list[Table], list[str]]:
    """The tables whose rows have a place in a card."""
    if not any(table.split for table in tables):
        return list(tables[:1]), [f'not taken over: the table "{clipped(table.name)}"' for table in tables[1:]]
    kept = [table._replace(split=split) for table in tables if (split := split_of(table.split))]
    others = [table for table in tables if not split_of(table.split)]
    if not kept:
        names = ", ".join(clipped(table.split, 60) for table in tables)
        return [table._replace(split="") for table in tables], [
            f"the card splits its rows anew; the original has {names}"
        ]
    remarks = [f'not taken over: the split "{clipped(table.split or table.name)}"' for table in others]
    if not any(table.split == "test" for table in kept):
        names = ", ".join(table.split for table in kept)
        remarks.append(f"the original has no test split ({names}); the card splits its rows anew")
    return kept, remarks


def _roles(columns: Sequence[Column], key: str, task: str) -> dict[str, str]:
    """Column by role: what the description says, else what its name says, else the first that can be."""
    by_name = {column.name: column for column in columns}
    key = key if key in by_name else next((name for name in by_name if name == "id" and by_name[name].is_text), "")
    chosen = {"id": key} if key else {}
    labels = [column.name for column in columns if column.is_label or column.classes]
    label = next(iter(labels or _usual(by_name, LABEL_NAMES)), None)
    chosen |= {"label": label} if label else {}
    texts = [column.name for column in columns if column.is_text and column.name not in chosen.values()]
    pair = next((pair for pair in PAIRS if set(pair) <= set(texts)), None)
    if pair and task in ("", "text-pair"):
        return {**chosen, "text": pair[0], "text_pair": pair[1]}
    text = next(iter([*_usual(texts, TEXT_NAMES), *texts]), None)
    return {**chosen, **({"text": text} if text else {})}


def _usual(names: Any, usual: Sequence[str]) -> list[str]:
    return [name for word in usual for name in names if name.lower() == word]


def _told(columns: Sequence[Column], roles: Mapping[str, str]) -> Iterator[str]:
    for role in ("text", "label"):
        if role not in roles:
            yield f"no column was found for `{role}`; name one in `select:`"
    guessed = [f'"{clipped(name)}" as {role}' for role, name in roles.items()]
    if guessed:
        yield f"columns were chosen by their types and names: {', '.join(guessed)}"
    others = [clipped(column.name, 60) for column in columns if column.name not in roles.values()]
    if others:
        yield f"columns that the card does not use: {', '.join(others)}"


def _as_they_are(roles: Mapping[str, str], label: Column) -> bool:
    return all(role == name for role, name in roles.items()) and not _coded(label)


def _coded(label: Column) -> bool:
    """Whether the data stores something else than the labels."""
    return any(stored != meaning for stored, meaning in label.classes)


def _select(source: str, table: Table, roles: Mapping[str, str], label: Column, has_splits: bool) -> str:
    columns = [Field(identifier(name, source), role) for role, name in roles.items() if role != "label"]
    if label.name:
        columns.append(Field(_decoded(label, source), "label"))
    if has_splits:
        split = identifier(table.split_column, source) if table.split_column else literal(table.split)
        columns.append(Field(split, "split"))
    return f"SELECT {', '.join(map(str, columns))}\nFROM {source}"


def _decoded(label: Column, source: str) -> str:
    """Class numbers as labels; -1, which stands for none, as no label."""
    column = identifier(label.name, source)
    if not _coded(label):
        return column
    cases = " ".join(f"WHEN {literal(stored)} THEN {literal(meaning)}" for stored, meaning in label.classes)
    return f"CASE {column}::VARCHAR {cases} WHEN '-1' THEN NULL ELSE {column}::VARCHAR END"


def _source_names(tables: Sequence[Table]) -> list[str]:
    """Names that SQL can tell apart, near to how the tables are called."""
    names: list[str] = []
    for table in tables:
        name = source_name(table.split or table.name)
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    return names
