"""A card's source files to one table of rows with the columns of its task.

Owns row ids and keys, and the refusal of data that cannot be what the card says. Cleans nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from registry.annotation.agreement import Votes
from registry.card import DatasetCard
from registry.digest import hashed, row_text
from registry.errors import UserError, nearest, plural
from registry.kinds import TASKS
from registry.reading.tables import read_table
from registry.select import Selected, run
from registry.source import FetchContext, Fetched
from registry.text import example


class Rows(NamedTuple):
    """The table before any cleaning, and where it came from."""

    frame: pl.DataFrame
    left_out: dict[str, int] | None
    """Source rows that `select:` left out, by source; None where it folds rows together."""
    columns_left_out: tuple[str, ...]
    source_rows: dict[str, int]
    encodings: Mapping[str, dict[str, int]] = {}
    """Files by the text encoding they were read with, by source."""


def read(card: DatasetCard, raw: Mapping[str, Fetched], context: FetchContext, where: str) -> Rows:
    """All rows that the card's sources and `select:` give, with ids and keys."""
    tables = {name: read_table(spec, raw[name].files, context.home) for name, spec in card.sources.items()}
    found = selected(card, {name: table.frame for name, table in tables.items()}, where)
    return found._replace(encodings={name: table.encodings for name, table in tables.items()})


def selected(card: DatasetCard, tables: Mapping[str, pl.DataFrame], where: str) -> Rows:
    """The rows that `select:` makes of the sources' tables, with ids and keys."""
    counts = {name: table.height for name, table in tables.items()}
    if card.select is None:
        chosen = Selected(next(iter(tables.values())), dict.fromkeys(tables, 0))
    else:
        chosen = run(card.select, tables, f"{where}  select")
    frame = chosen.rows
    wanted = _wanted(card, frame, where)
    others = tuple(name for name in frame.columns if name not in wanted)
    frame = frame.select(wanted)
    _refuse_nested(card, frame, where)
    if "id" in wanted:
        frame = frame.with_columns(pl.col("id").cast(pl.String))
        _check_ids(frame, where)
    frame = _typed(card, frame, where)
    return Rows(_with_ids(frame), chosen.left_out, others, counts)


def ids(card: DatasetCard, frame: pl.DataFrame, where: str) -> pl.Series:
    """The id of each row of a table that `select:` gave; without a declared id, equal rows have one together."""
    if "id" in frame.columns:
        return frame["id"].cast(pl.String)
    return _content_ids(_typed(card, frame.select(_wanted(card, frame, where)), where))


def _wanted(card: DatasetCard, frame: pl.DataFrame, where: str) -> list[str]:
    """The columns that the card needs, each checked to be there."""
    task = TASKS.get(card.task)
    needed = dict.fromkeys(task.inputs, "the task reads it")
    if card.annotation:
        needed[card.annotation.votes] = "`annotation: votes:` names it"
    if not (card.labels and card.labels.rules):
        needed[task.target] = "the task predicts it; or write `labels: {from: ...}`"
    if card.split.split.group:
        needed[card.split.split.group] = "`split: group:` names it"
    if card.split.split.column:
        needed[card.split.split.column] = "`split: column:` names it"
    missing = [
        f'no column "{name}"{nearest(name, frame.columns)} ({why}). Columns: {", ".join(frame.columns)}.'
        for name, why in needed.items()
        if name not in frame.columns
    ]
    if missing:
        raise UserError("\n  ".join(missing), where=where, do=_remedy(frame))
    return [*(["id"] if "id" in frame.columns else []), *(name for name in needed if name != "id")]


def _remedy(frame: pl.DataFrame) -> str:
    """What mends a missing column: most often a name, sometimes a delimiter that was not the one."""
    (first, *others) = frame.columns
    delimiter = next((char for char in (";", "\t", "|") if not others and char in first), None)
    if delimiter:
        return (
            f"The fields seem to be separated by {delimiter!r}: write `format: {{csv: {{delimiter: {delimiter!r}}}}}`."
        )
    return "Name the columns with `select:`, for example SELECT review AS text, stars AS label FROM <source>."


def _refuse_nested(card: DatasetCard, frame: pl.DataFrame, where: str) -> None:
    """Lists, structs and bytes have no one spelling as text."""
    votes = card.annotation.votes if card.annotation else None
    wrong = [
        f'the column "{name}" holds {dtype}; text, numbers, dates and true or false can be taken as text'
        for name, dtype in frame.schema.items()
        if name != votes and (dtype.is_nested() or dtype in (pl.Binary, pl.Object))
    ]
    if wrong:
        do = "Take one value out of it in `select:`, for example tags[1] AS label, or decode(bytes) AS text."
        raise UserError("\n  ".join(wrong), where=where, do=do)


def _check_ids(frame: pl.DataFrame, where: str) -> None:
    repeated = frame.filter(pl.col("id").is_duplicated() | pl.col("id").is_null())
    if repeated.height:
        shown = ", ".join(repr(value) for value in repeated["id"].unique().sort().head(5).to_list())
        rows = plural(repeated.height, "row")
        what = f'the column "id" must tell rows apart; in {rows} it is repeated or missing ({shown})'
        raise UserError(what, where=where, do="Leave the column out of `select:` to have ids made from the content.")


def _typed(card: DatasetCard, frame: pl.DataFrame, where: str) -> pl.DataFrame:
    """Texts, label and group as strings; votes as a list column called `votes`, the group as `group`."""
    group, given = card.split.split.group, card.split.split.column
    columns: list[pl.Expr | pl.Series] = [pl.col(name).cast(pl.String) for name in TASKS.get(card.task).inputs]
    if "label" in frame.columns:
        # An empty field of a CSV is no label.
        label = pl.col("label").cast(pl.String)
        columns.append(pl.when(label.str.strip_chars() != "").then(label).alias("label"))
    else:
        columns.append(pl.lit(None, dtype=pl.String).alias("label"))
    if "id" in frame.columns:
        columns.append(pl.col("id"))
    if group:
        columns.append(pl.col(group).cast(pl.String).alias("group"))
    if given:
        columns.append(pl.col(given).cast(pl.String).alias("_given"))
    if card.annotation:
        columns.append(_votes(frame[card.annotation.votes]).alias("votes"))
    frame = frame.select(columns)
    if group:
        _check_groups(frame["group"], group, where)
    return frame


def _votes(column: pl.Series) -> pl.Series:
    """The votes as a list column of any length. UserError where they are no lists of numbers."""
    Votes.from_list_column(column)
    return column.arr.to_list() if isinstance(column.dtype, pl.Array) else column


def _check_groups(groups: pl.Series, name: str, where: str) -> None:
    """An empty field of a CSV is no group: else all rows without one would stand in one split."""
    lacking = int((groups.is_null() | (groups.str.strip_chars() == "")).sum())
    if lacking:
        what = f'the group column "{name}" has no value in {plural(lacking, "row")}'
        do = "Fill it in `select:`; a row without a group cannot be kept with its group."
        raise UserError(what, where=where, do=do)


def _with_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in order of id, with `_key`. Where no id is declared it is the hash of the row's content."""
    if "id" not in frame.columns:
        frame = frame.with_columns(id=_content_ids(frame))
        # Equal rows get -2, -3 ...: they are interchangeable, so their order does not matter.
        nth = pl.int_range(pl.len()).over("id") + 1
        frame = frame.with_columns(id=pl.when(nth == 1).then("id").otherwise(pl.concat_str("id", pl.lit("-"), nth)))
        key = pl.col("group") if "group" in frame.columns else example(frame)
    else:
        key = pl.col("group") if "group" in frame.columns else pl.col("id")
    return frame.with_columns(_key=key.fill_null("")).sort("id")


def _content_ids(frame: pl.DataFrame) -> pl.Series:
    return hashed(frame.select(text=row_text(frame)).to_series(), "row").str.slice(0, 16)
