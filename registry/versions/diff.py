"""Two versions of data compared row by row: what was added, removed, changed, relabelled or moved, and by which rule.

Rows are the same row where they have the same id. Without a declared id a row's id is the hash of its content: then
an edited row is one removed and one added, and is shown as such. Values are compared as the content digest reads them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import polars as pl

from registry.answers import with_label
from registry.digest import row_text
from registry.split import SPLITS
from registry.store import Published
from registry.text import INPUTS
from registry.versions.changes import Change, differences

Bump = Literal["none", "patch", "minor", "major"]
HASHED = "^[0-9a-f]{16}(-[0-9]+)?$"
MOST_LABELS = 200
OWN = ("id", "label", "_split", "soft_label", "certainty", "decided_by")
"""Columns that have a verdict of their own, or follow from the others."""
KINDS = ("added", "removed", "changed", "relabelled", "moved")

Row = dict[str, Any]
Example = Callable[[Row], Row]


class Group(NamedTuple):
    """Rows that one rule explains."""

    rule: str
    rows: int
    examples: tuple[Row, ...]
    """The first by id: its facts, for what differs a pair of before and after."""


class Diff(NamedTuple):
    """What happened to rows between two versions. A row can be changed, relabelled and moved at once."""

    card: str
    """Of the later version."""
    card_before: str
    before: str
    after: str
    """Content digests."""
    rows: tuple[int, int]
    unchanged: int
    columns: tuple[tuple[str, ...], tuple[str, ...]]
    """Columns that only the later version has, and that only the earlier has."""
    hashed_ids: bool
    """Whether ids are made from the content, so that an edited row is one removed and one added."""
    added: tuple[Group, ...]
    removed: tuple[Group, ...]
    changed: tuple[Group, ...]
    relabelled: tuple[Group, ...]
    moved: tuple[Group, ...]
    changes: tuple[Change, ...]
    """What differs in how the two were made."""
    bump: Bump
    """What Croissant's meaning of versions asks for: patch, the same data made or written otherwise; minor, the old
    data is all there and more was added; major, rows were edited, relabelled, removed or moved between splits."""

    def total(self, kind: str) -> int:
        return sum(group.rows for group in getattr(self, kind))


def diff(before: Published, after: Published, limit: int = 3) -> Diff:
    """Compare two versions of one card, or of two cards that share ids; `limit` examples for each rule.

    UserError where a file of either was changed since it was published.
    """
    old, new = _rows(before), _rows(after)
    shared = [name for name in old.columns if name in new.columns]
    extra = _more(new, old), _more(old, new)
    changes = differences(before.manifest, after.manifest)
    same = _same_ids(old, new, [name for name in shared if name not in OWN])
    explain = _Explained(changes, limit)
    groups = {
        "added": explain.came(_only(new, old), _ledger(before), "before"),
        "removed": explain.came(_only(old, new), _ledger(after), "now"),
        "changed": explain.edited(same.filter("_changed"), shared),
        "relabelled": explain.relabelled(same.filter("_relabelled")),
        "moved": explain.moved(same.filter("_moved")),
    }
    unchanged = same.filter(~(pl.col("_changed") | pl.col("_relabelled") | pl.col("_moved"))).height
    bump = _bump(groups, extra, identical=before.digest == after.digest and not changes)
    return Diff(
        card=after.manifest["card"],
        card_before=before.manifest["card"],
        before=before.digest,
        after=after.digest,
        rows=(old.height, new.height),
        unchanged=unchanged,
        columns=extra,
        hashed_ids=all(ids.str.contains(HASHED).all() for ids in (old["id"], new["id"])),
        changes=changes,
        bump=bump,
        **groups,
    )


def _rows(version: Published) -> pl.DataFrame:
    """Every kept row with its split."""
    task = version.manifest["task"]
    splits = [with_label(version.read(name), task).with_columns(_split=pl.lit(name)) for name in SPLITS]
    return pl.concat(splits, how="diagonal_relaxed")


def _ledger(version: Published) -> pl.DataFrame:
    return version.read("ledger").select("id", "op", "reason", "duplicate_of")


def _more(one: pl.DataFrame, other: pl.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(set(one.columns) - set(other.columns)))


def _only(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return one.join(other.select("id"), on="id", how="anti").sort("id")


def _same_ids(old: pl.DataFrame, new: pl.DataFrame, content: list[str]) -> pl.DataFrame:
    """Rows of both, the later ones' columns with `_now`, and three verdicts."""
    sides = [
        side.with_columns(_content=row_text(side.select(content)), _label=_as_text(side, "label"))
        for side in (old, new)
    ]
    both = sides[0].join(sides[1], on="id", suffix="_now").sort("id")
    verdicts = {"_changed": "_content", "_relabelled": "_label", "_moved": "_split"}
    found = {name: pl.col(column).ne_missing(pl.col(f"{column}_now")) for name, column in verdicts.items()}
    return both.with_columns(**found)


def _bump(groups: Mapping[str, tuple[Group, ...]], extra: tuple[tuple[str, ...], ...], *, identical: bool) -> Bump:
    if identical:
        return "none"
    if extra[1] or any(groups[kind] for kind in KINDS if kind != "added"):
        return "major"
    return "minor" if groups["added"] or extra[0] else "patch"


class _Explained(NamedTuple):
    """Rows to groups by the rule that did it."""

    changes: tuple[Change, ...]
    limit: int

    def came(self, rows: pl.DataFrame, ledger: pl.DataFrame, when: str) -> tuple[Group, ...]:
        """Rows that only one version kept: by what the other one's ledger says of them."""
        found = rows.join(ledger, on="id", how="left").sort("id")
        gone = pl.lit("the source had no such row" if when == "before" else "the source has no such row any more")
        left = pl.format(f"left out {when} by {{}}: {{}}", "op", "reason")
        rule = pl.when(pl.col("op").is_null()).then(gone + self._because("source", "select")).otherwise(left)
        return self._groups(found.with_columns(_rule=rule), _came)

    def edited(self, rows: pl.DataFrame, shared: list[str]) -> tuple[Group, ...]:
        because = self._because("source", "select", "layers", "clean", "annotation", "task", "text", "pipeline")
        columns = [name for name in shared if name not in OWN]
        differs = [
            pl.when(_as_text(rows, name).ne_missing(_as_text(rows, f"{name}_now"))).then(pl.lit(name))
            for name in columns
        ]
        rule = pl.concat_str(differs, separator=", ", ignore_nulls=True) + pl.lit(" differs" + because)
        return self._groups(rows.with_columns(_rule=rule), lambda row: _pairs(row, columns))

    def relabelled(self, rows: pl.DataFrame) -> tuple[Group, ...]:
        because = self._because("labels", "source", "select", "layers", "annotation", "clean", "task", "pipeline")
        rule: pl.Expr = pl.lit("the label differs" + because)
        if {"aggregate", "aggregate_now"} <= set(rows.columns):
            same = _as_text(rows, "aggregate").eq_missing(_as_text(rows, "aggregate_now"))
            rule = (
                pl.when(same)
                .then(pl.lit("the votes are the same, the rules differ" + self._because("labels")))
                .otherwise(
                    pl.lit("the votes differ" + self._because("source", "select", "layers", "annotation", "clean"))
                )
            )
        decided = next((name for name in ("decided_by_now", "decided_by") if name in rows.columns), None)
        if decided is not None:
            somebody = pl.col(decided).str.starts_with("adjudication").fill_null(value=False)
            rule = pl.when(somebody).then(decided).otherwise(rule)
        if rows["label"].n_unique() <= MOST_LABELS:  # of numbers and texts, each pair would be a group of its own
            rule = pl.format("{} -> {}: {}", "label", "label_now", rule)
        return self._groups(rows.with_columns(_rule=rule), lambda row: _pairs(row, ["label"]))

    def moved(self, rows: pl.DataFrame) -> tuple[Group, ...]:
        because = self._because("split", "text", "pipeline")
        why: pl.Expr = pl.lit(because or self._because("source", "select") or ": the rows around it differ")
        if {"group", "group_now"} <= set(rows.columns):
            why = pl.when(pl.col("group").ne_missing(pl.col("group_now"))).then(pl.lit(": its group differs"))
            why = why.otherwise(pl.lit(because))
        rule = pl.format("{} -> {}", "_split", "_split_now") + why
        return self._groups(rows.with_columns(_rule=rule), lambda row: _pairs(row, ["_split"]))

    def _because(self, *parts: str) -> str:
        """The differences in the making that can do this, after a colon; empty where there are none."""
        found = [change.text for change in self.changes if change.part.partition(" ")[0] in parts]
        if len(found) < 2:
            return "".join(f": {text}" for text in found)
        more = f" (and {len(found) - 2} more)" if len(found) > 2 else ""
        return f", by one of: {'; '.join(found[:2])}{more}"

    def _groups(self, rows: pl.DataFrame, example: Example) -> tuple[Group, ...]:
        return tuple(sorted(self._grouped(rows, example), key=lambda group: (-group.rows, group.rule)))

    def _grouped(self, rows: pl.DataFrame, example: Example) -> Iterator[Group]:
        counts = rows.group_by("_rule").len()
        for rule, count in counts.rows():
            first = rows.filter(pl.col("_rule") == rule).head(self.limit)
            yield Group(rule, count, tuple(example(row) for row in first.iter_rows(named=True)))


def _came(row: Row) -> Row:
    facts = {name: row[name] for name in ("id", *INPUTS, "label") if name in row} | {"split": row["_split"]}
    return {**facts, "duplicate_of": row["duplicate_of"]} if row["duplicate_of"] else facts


def _pairs(row: Row, columns: list[str]) -> Row:
    """The id, the text, and each of `columns` that differs as a pair."""
    differing = {
        name.lstrip("_"): [row[name], row[f"{name}_now"]] for name in columns if row[name] != row[f"{name}_now"]
    }
    texts = {name: row[f"{name}_now"] for name in INPUTS if f"{name}_now" in row}
    return {"id": row["id"], **texts, **differing}


def _as_text(rows: pl.DataFrame, column: str) -> pl.Expr:
    return row_text(rows.select(column))
