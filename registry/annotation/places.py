"""Votes as they stand in tables: in a column of lists, in one column per annotator, or in rows of their own.

Owns how they are read and spelled under the labels of today. Refuses what is no answer of the card, and votes of one
person of which nobody can say which is the later.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import polars as pl

from registry.annotation.answers import migrated, spelled
from registry.annotation.spec import LABELLED, Annotation, VotePlaces
from registry.annotation.votes import Votes
from registry.errors import UserError, clipped, plural
from registry.placing.timestamps import moments


class Told(NamedTuple):
    """What a table with one vote a row holds."""

    lists: pl.DataFrame
    """`id`, `votes`, and `annotators` where they are named: one row an item."""
    answers: int
    replaced: int
    """By a later one of the same person."""
    retired: int
    """Under labels that no longer count."""


def of_rows(frame: pl.DataFrame, annotation: Annotation) -> list[pl.Series]:
    """The columns `votes`, and `annotators` where they are named, of votes that stand in the rows themselves."""
    places = annotation.votes
    if places is None or places.source is not None:
        return []
    if places.columns is not None:
        columns = [_spelled(frame[name], annotation) for name in places.columns]
        names = zip(places.columns, columns, strict=True)
        named = [pl.when(column.is_not_null()).then(pl.lit(name)) for name, column in names]
        together = frame.select(
            votes=pl.concat_list(columns).list.drop_nulls(), annotators=pl.concat_list(named).list.drop_nulls()
        )
        return [together["votes"], together["annotators"]]
    column = frame[str(places.list)]
    votes = _numbers(column) if annotation.answer == "scale" else _in_lists(column, annotation)
    if places.by is None:
        given = votes if annotation.answer == "scale" and not annotation.migrations else votes.list.drop_nulls()
        return [given.alias("votes")]
    return _aligned(votes, frame[places.by])


def of_source(table: pl.DataFrame, annotation: Annotation, places: VotePlaces) -> Told:
    """`id`, `votes` and `annotators` by item of a table with one vote a row; a repeated one of one person: the last."""
    wanted = [name for name in (places.item, places.value, places.annotator, places.time, places.tool) if name]
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        what = f'the source "{places.source}" of the votes has no column {", ".join(missing)}'
        raise UserError(what, do=f"Its columns: {', '.join(table.columns)}.")
    nobody = pl.lit(None, dtype=pl.String)
    value = table[places.value]
    given = table.select(
        _plain(table[places.item]).alias("id"),
        _spelled(value, annotation).alias("votes"),
        (_named(table[places.annotator]) if places.annotator else nobody).alias("annotators"),
        (_moments(table[places.time]) if places.time else nobody).alias("_time"),
    ).filter(_filled(value) if value.dtype == pl.String else value.is_not_null())
    live = given.drop_nulls("votes")
    votes = live.drop_nulls("id").sort("id", "annotators", "_time", "votes", nulls_last=True)
    _refuse_undated(votes)
    kept = votes.filter(last("id", "annotators"))
    lists = kept.group_by("id", maintain_order=True).agg("votes", "annotators")
    lists = lists if places.annotator else lists.drop("annotators")
    return Told(lists, given.height, votes.height - kept.height, given.height - live.height)


def last(item: str, annotator: str) -> pl.Expr:
    """Whether a vote is the last one of its annotator on its item; those of nobody by name all are."""
    return pl.col(annotator).is_null() | pl.struct(item, annotator).is_last_distinct()


def _refuse_undated(votes: pl.DataFrame) -> None:
    """UserError where somebody gave one row two different answers and nothing says which is the later one."""
    one = ("id", "annotators")
    named = votes.drop_nulls("annotators").with_columns(_latest=pl.col("_time") == pl.col("_time").max().over(one))
    undated = pl.col("_time").null_count() > 0
    answers = pl.col("votes").n_unique()
    at_last = pl.col("votes").filter(pl.col("_latest")).n_unique()
    torn = named.group_by(one).agg(_torn=(undated & (answers > 1)) | (at_last > 1)).filter("_torn").sort(one)
    if torn.height:
        row, who, _ = torn.row(0)
        times, first = plural(torn.height, "time"), f"{clipped(who, 40)} on {clipped(row, 40)}"
        what = f"{times} somebody gave one row two answers, and nothing says which is later: {first}"
        do = "Say when each was given, `votes: {time: COLUMN}`, or leave the earlier ones out."
        raise UserError(what, do=do)


def _moments(column: pl.Series) -> pl.Series:
    """When votes were given, as numbers that grow with time. UserError for what is neither a number nor a time."""
    if column.dtype == pl.String:
        texts = _named(column)
        numbers = texts.cast(pl.Float64, strict=False)
        column = numbers if numbers.null_count() == texts.null_count() else texts
    if column.dtype.is_numeric():
        return column.cast(pl.Float64)
    try:
        return moments(column, column.name).cast(pl.Int64).cast(pl.Float64)
    except UserError as error:
        do = "Write them as 2020-01-31 or 2020-01-31T12:30:00Z, or all of them as numbers that grow with time."
        raise UserError(error.what, do=do) from None


def _plain(column: pl.Series) -> pl.Series:
    """A column as texts. UserError where its values are not plain."""
    if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
        what = f'the column "{column.name}" holds {column.dtype}; of votes it must hold one plain value a row'
        raise UserError(what, do="Take one value out of it in `select:`, for example votes[1] AS vote.")
    return column.cast(pl.String)


def _filled(texts: pl.Series) -> pl.Series:
    """Whether something is written in a field."""
    return texts.str.contains(r"\S").fill_null(value=False)


def _named(column: pl.Series) -> pl.Series:
    """Who voted, or which label they chose; an empty field names none."""
    name = _plain(column).str.strip_chars()
    return pl.select(pl.when(_filled(name)).then(name)).to_series().alias(column.name)


def _aligned(votes: pl.Series, by: pl.Series) -> list[pl.Series]:
    """Votes and who gave them, without the missing ones. UserError where a row has more of one than of the other."""
    if not isinstance(by.dtype, pl.List | pl.Array):
        raise UserError(f'"{by.name}" must hold lists of who voted; it holds {by.dtype}')
    lists = by.arr.to_list() if isinstance(by.dtype, pl.Array) else by
    who = _each(lists, _named)
    uneven = votes.list.len().fill_null(0) != who.list.len().fill_null(0)
    if uneven.any():
        what = f'"{by.name}" must name one annotator for each vote of "{votes.name}"'
        raise UserError(f"{what}; in row {int(uneven.arg_max() or 0) + 1:,} it does not")
    flat = (
        pl.DataFrame({"votes": votes, "annotators": who}).with_row_index("_row").filter(pl.col("votes").list.len() > 0)
    )
    kept = flat.explode("votes", "annotators").drop_nulls("votes").group_by("_row").agg("votes", "annotators")
    rows = pl.DataFrame({"_row": pl.int_range(len(votes), dtype=pl.UInt32, eager=True)})
    both = rows.join(kept, on="_row", how="left", maintain_order="left")
    return [both["votes"], both["annotators"]]


def _numbers(column: pl.Series) -> pl.Series:
    """The votes as a list column of any length. UserError where they are no lists of numbers."""
    Votes.from_list_column(column)
    return column.arr.to_list() if isinstance(column.dtype, pl.Array) else column


def _in_lists(column: pl.Series, annotation: Annotation) -> pl.Series:
    """A column of lists with every vote spelled; nulls stay."""
    if not isinstance(column.dtype, pl.List | pl.Array):
        what = f'votes must be lists; column "{column.name}" holds {column.dtype}'
        raise UserError(what, do="One column per annotator: `votes: {columns: [ann, ben]}`.")
    lists = column.arr.to_list() if isinstance(column.dtype, pl.Array) else column
    return _each(lists, lambda votes: _spelled(votes, annotation))


def _each(lists: pl.Series, function: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The lists with what `function` makes of all their elements; empty ones are null."""
    flat = lists.to_frame("one").with_row_index("_row").filter(pl.col("one").list.len() > 0).explode("one")
    flat = flat.with_columns(one=function(flat["one"].alias(lists.name)))
    rows = pl.DataFrame({"_row": pl.int_range(len(lists), dtype=pl.UInt32, eager=True)})
    together = flat.group_by("_row", maintain_order=True).agg("one")
    return rows.join(together, on="_row", how="left", maintain_order="left")["one"].alias(lists.name)


def _spelled(column: pl.Series, annotation: Annotation) -> pl.Series:
    """One vote a row under the labels of today; an empty field is none."""
    form = annotation.answer
    if form == "scale":
        try:
            _plain(column)
            found = column.cast(pl.String).str.strip_chars() if column.dtype == pl.String else column
            return pl.select(pl.when(found.cast(pl.String) != "").then(found)).to_series().cast(pl.Float64)
        except pl.exceptions.InvalidOperationError as error:
            what = f'votes on a scale must be numbers; column "{column.name}" holds others'
            raise UserError(f"{what}: {clipped(str(error).splitlines()[0], 120)}") from None
    if form in (*LABELLED, "text"):
        texts = _named(column)
        return texts.replace(annotation.migrations) if form != "text" else texts
    return pl.Series(column.name, [_of_json(value, column.name, annotation) for value in column.to_list()], pl.String)


def _of_json(value: Any, name: str, annotation: Annotation) -> str | None:
    """One answer that is a list, or the JSON text of one."""
    if value is None or value == "":
        return None
    try:
        read = json.loads(value) if isinstance(value, str) else value
        parts = [list(one.values()) if isinstance(one, dict) else one for one in read]
        return migrated(annotation.answer, str(spelled(annotation.answer, parts)), annotation.migrations)
    except (ValueError, TypeError, RecursionError) as error:
        what = f'the column "{name}" holds {clipped(str(value), 60)}, no answer of `{annotation.answer}`: {error}'
        raise UserError(what, do="Answers are JSON lists; `bench annotate export` shows their form.") from None
