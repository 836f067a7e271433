"""The `select:` of a drafted card: each column under the name that its task has for it.

Owns two repairs that belong there: labels that differ in case or white space only, and splits under other names.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from registry import sandbox
from registry.infer.emit import WIDTH
from registry.infer.profile import Column, Profile, identifier, literal
from registry.infer.roles import Roles
from registry.split import SPLITS

SPLIT_COLUMNS = ("split", "set", "fold", "partition", "subset", "划分")
SPLIT_WORDS = {
    "train": ("train", "training", "trn", "训练", "训练集"),
    "validation": ("validation", "valid", "val", "dev", "development", "验证", "验证集"),
    "test": ("test", "tst", "testing", "测试", "测试集"),
}
ASIDE = ("label", "group", "title", "input")
"""Roles of columns that are not selected as they are, or that another is made of."""

NO_VOTES: Mapping[str, str] = MappingProxyType({})


class Field(NamedTuple):
    """One column of the result: what is taken, and what it is called."""

    sql: str
    name: str

    @property
    def as_it_is(self) -> bool:
        return self.sql == identifier(self.name)

    def __str__(self) -> str:
        return self.sql if self.as_it_is else f"{self.sql} AS {identifier(self.name)}"


def fields(
    chosen: Roles, given: Column | None, names: Sequence[str] = (), votes: Mapping[str, str] = NO_VOTES
) -> list[Field]:
    """The columns to select. `names` are what the numbers of the label stand for, from 0, where that is known; `votes`
    are columns of votes by the names that the card has for them."""
    found = [Field(column.sql, role) for role, column in chosen.columns.items() if role not in ASIDE]
    label, group = chosen.columns.get("label"), chosen.columns.get("group")
    if label:
        named = f"[{', '.join(map(literal, names))}][{label.sql} + 1]"
        found.append(Field(named if names else _label(label), "label"))
    found += [Field(sql, name) for name, sql in votes.items()]
    if group:
        found.append(Field(group.sql, group_name(group)))
    return [*found, Field(_split(given), "split")] if given else found


def query(found: Sequence[Field], source: str, splits: Mapping[str, str], where: str = "") -> str:
    """One SELECT; of several sources one each, with the split that it belongs to. `where` is a condition on rows."""
    shown = [str(field) for field in found]
    if len(splits) < 2:
        return _one(shown, source, where)
    parts = {one: [*shown, f"'{split}' AS split"] for one, split in splits.items()}
    return "\nUNION ALL\n".join(_one(fields, _called(one, source, fields), where) for one, fields in parts.items())


def items(item: Column, title: Column, sources: Sequence[str]) -> str:
    """The items that are chosen in any of the sources, each once, with the title that it has throughout."""
    shown = [str(Field(item.sql, "id")), str(Field(title.sql, "text"))]
    return "\nUNION\n".join(
        _one([f"DISTINCT {shown[0]}", shown[1]], _called(one, sources[0], shown)) for one in sources
    )


def per_item(found: Sequence[Field], item: Column, source: str) -> str:
    """One row for each value of `item`, of rows whose other columns are the same wherever it is."""
    shown = [str(one if one.name == "id" else one._replace(sql=f"min({one.sql})")) for one in found]
    return f"{_one(shown, source)}\nGROUP BY {item.sql}"


def _one(shown: Sequence[str], source: str, where: str = "") -> str:
    between = ", " if sum(map(len, shown)) < WIDTH else ",\n"
    return f"SELECT {between.join(shown)}\nFROM {source}" + (f"\nWHERE {where}" if where else "")


def _called(source: str, first: str, shown: Sequence[str]) -> str:
    """A source under the name of the first, where columns such as `user` are called after that."""
    return f"{source} AS {first}" if source != first and any(f'{first}."' in one for one in shown) else source


def is_needless(found: Sequence[Field], columns: Collection[str]) -> bool:
    """Whether the source's columns serve as they are. A column `id` would be taken for one, so it must be one."""
    return all(field.as_it_is for field in found) and ("id" not in columns or any(f.name == "id" for f in found))


def group_name(column: Column) -> str:
    """The group's own name, where it is one and no other column has it."""
    taken = column.name.lower() in ("text", "text_pair", "label", "id", "split")
    return "belongs_to" if taken or column.sql != identifier(column.name) else column.name


def given_split(found: Profile) -> Column | None:
    """The column that says where each row belongs, if one does and names a test split."""
    for column in found.columns:
        splits = {split_of(value) for value in column.values.drop_nulls().unique()}
        if column.name.lower() in SPLIT_COLUMNS and column.filled == column.rows and None not in splits:
            return column if "test" in splits and len(splits) > 1 else None
    return None


def split_of(word: str) -> str | None:
    """The split that a word stands for."""
    return next((split for split, words in SPLIT_WORDS.items() if word.strip().lower() in words), None)


def _label(column: Column) -> str:
    """The column; without spaces at its ends, and in lower case where that makes values equal that look alike."""
    values = column.values.drop_nulls().unique().alias("value").to_frame()
    query = "SELECT value, trim(value) AS trimmed, lower(trim(value)) AS low FROM labels"
    tried = sandbox.rows(query, {"labels": values}, "")
    if tried["low"].n_unique() < tried["trimmed"].n_unique():
        return f"lower(trim({column.sql}))"
    return column.sql if tried["value"].equals(tried["trimmed"]) else f"trim({column.sql})"


def _split(given: Column) -> str:
    words = sorted(given.values.unique())
    if all(word in SPLITS for word in words):
        return given.sql
    cases = " ".join(f"WHEN {literal(word)} THEN '{split_of(word)}'" for word in words if word not in SPLITS)
    return f"CASE {given.sql} {cases} ELSE {given.sql} END"
