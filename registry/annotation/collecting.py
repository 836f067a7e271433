"""Votes from wherever a card has them to two list columns: `votes`, and `annotators` where somebody is named.

A card's votes stand in a list column, in one column per annotator, or in the rows of a source of their own; imported
layers add to them, and bring adjudications. Owns how these are put together, and that answers given under old labels
count under those of today. What does not count is counted.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from registry.annotation import layers
from registry.annotation.answers import migrated, spelled
from registry.annotation.layers import Layer, digest_of_shown
from registry.annotation.spec import LABELLED, Annotation, Form, VotePlaces
from registry.annotation.votes import Votes
from registry.errors import UserError, clipped
from registry.source import Fetched

ENTRIES = {"id": pl.String, "shown": pl.String, "role": pl.String, "answer": pl.String, "annotator": pl.String}


class Counted(NamedTuple):
    """What became of every answer: how many count, and how many do not, by reason."""

    votes: int = 0
    adjudications: int = 0
    changed: int = 0
    """On rows whose text is another than the one that was shown."""
    missing: int = 0
    """On rows that the card does not have."""
    unasked: int = 0
    """Votes for a card that has no `annotation:`."""
    replaced: int = 0
    """By a later one of the same person, or by a later decision."""
    retired: int = 0
    """Under labels that no longer count, as `migrations:` says."""


class Collected(NamedTuple):
    """What stands outside the rows of a card: votes of a source by `id`, and the answers of layers in order."""

    given: pl.DataFrame | None
    layered: pl.DataFrame | None
    answers: int = 0
    """All answers, whether or not they count."""
    apart: Counted = Counted()
    """Those that are in neither table, and why."""


def collected(
    annotation: Annotation | None, tables: Mapping[str, pl.DataFrame], raw: Mapping[str, Fetched]
) -> Collected:
    """The votes that a source has, and what was imported. UserError for what are no votes."""
    files = raw[layers.INPUT].files if layers.INPUT in raw else ()
    read = [layers.read(file.path) for file in files]
    layered = _entries(read, annotation) if files else None
    imported = sum(len(layer.entries) for layer in read)
    retired = imported - (0 if layered is None else layered.height)
    places = annotation.votes if annotation else None
    if annotation is None or places is None or places.source is None:
        return Collected(None, layered, imported, Counted(retired=retired))
    found = _of_source(tables[places.source], annotation, places)
    apart = found.apart._replace(retired=found.apart.retired + retired)
    return found._replace(layered=layered, answers=found.answers + imported, apart=apart)


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


def with_votes(rows: pl.DataFrame, found: Collected, annotation: Annotation | None) -> tuple[pl.DataFrame, Counted]:
    """Rows with what stands outside of them, and how much of it that was."""
    counted = Counted()
    if found.given is not None:
        rows = rows.join(found.given, on="id", how="left", maintain_order="left")
        counted = Counted(votes=int(rows["votes"].list.len().sum()))
    elif annotation is not None and "votes" not in rows.columns:
        kind = pl.Float64 if annotation.answer == "scale" else pl.String
        rows = rows.with_columns(votes=pl.lit(None, dtype=pl.List(kind)))
    if found.layered is None:
        return rows, counted
    mine = rows.filter(pl.col("id").is_in(found.layered["id"].unique().implode()))
    shown = mine.select("id", _now=digest_of_shown(mine))
    about = found.layered.join(shown, on="id", how="inner", maintain_order="left")
    live = about.filter(pl.col("shown") == pl.col("_now"))
    votes, decisions = live.filter(pl.col("role") == "vote"), live.filter(pl.col("role") == "adjudication")
    replaced = 0
    if annotation is not None:
        before = 0 if found.given is None else counted.votes
        new = votes.filter(_last("id", "annotator"))
        rows = _added(rows, new, annotation)
        if found.given is not None:
            counted = Counted(votes=int(rows["votes"].list.len().sum()))
        else:
            counted = Counted(votes=new.height)
        replaced = before + votes.height - counted.votes
    decided = decisions.group_by("id", maintain_order=True).last()
    rows = rows.join(
        decided.select("id", adjudicated="answer", adjudicator="annotator"), on="id", how="left", maintain_order="left"
    )
    return rows, Counted(
        votes=counted.votes,
        adjudications=decided.height,
        changed=about.height - live.height,
        unasked=0 if annotation else votes.height,
        replaced=replaced + decisions.height - decided.height,
    )


def summed(counts: Iterable[Counted], found: Collected) -> dict[str, int]:
    """The counts of all rows together, as the manifest has them; empty for a card without answers outside its rows."""
    if found.given is None and found.layered is None:
        return {}
    total = Counted(*(sum(column) for column in zip(found.apart, *counts, strict=True)))
    return total._replace(missing=total.missing + found.answers - sum(total))._asdict()


def _last(item: str, annotator: str) -> pl.Expr:
    """Whether a vote is the last one of its annotator on its item; those of nobody by name all are."""
    return pl.col(annotator).is_null() | pl.struct(item, annotator).is_last_distinct()


def _added(rows: pl.DataFrame, votes: pl.DataFrame, annotation: Annotation) -> pl.DataFrame:
    """Rows with further votes, one of each annotator, which go before the earlier ones of the same annotator."""
    kind = pl.Float64 if annotation.answer == "scale" else pl.String
    if "annotators" not in rows.columns:
        nobody = pl.col("votes").list.eval(pl.lit(None, dtype=pl.String).repeat_by(pl.len()).explode())
        nobody = pl.when(pl.col("votes").list.len() > 0).then(nobody)
        rows = rows.with_columns(annotators=nobody.cast(pl.List(pl.String)))
    rows = rows.with_columns(pl.col("votes").cast(pl.List(kind)))
    touched = rows.filter(pl.col("id").is_in(votes["id"].unique().implode()), pl.col("votes").list.len() > 0)
    before = touched.select("id", "votes", "annotators").explode("votes", "annotators").drop_nulls("votes")
    new = votes.select("id", votes=pl.col("answer").cast(kind), annotators="annotator")
    before = before.join(new, on=["id", "annotators"], how="anti", maintain_order="left")
    lists = pl.concat([before, new]).group_by("id", maintain_order=True).agg(_votes="votes", _annotators="annotators")
    rows = rows.join(lists, on="id", how="left", maintain_order="left")
    return rows.with_columns(
        votes=pl.coalesce("_votes", "votes"), annotators=pl.coalesce("_annotators", "annotators")
    ).drop("_votes", "_annotators")


def _entries(found: Sequence[Layer], annotation: Annotation | None) -> pl.DataFrame:
    """Every answer of the layers that may count, spelled under the labels of today."""
    form: Form = annotation.answer if annotation else "single"
    migrations = annotation.migrations if annotation else {}
    rows = []
    for layer in found:
        for number, entry in enumerate(layer.entries, 1):
            try:
                # Who judges a scale may also say which label it comes to.
                judged = form == "scale" and entry.role == "adjudication" and isinstance(entry.answer, str)
                told: Form = "single" if judged else form
                answer = str(spelled(told, entry.answer))
            except ValueError as error:
                do = f"The card asks for answers of `{form}`; those of another form belong to another card."
                raise UserError(f"is no answer of the card: {error}", where=f"{layer.path}:{number}", do=do) from None
            now = migrated(told, answer, migrations)
            if now is not None:
                rows.append((entry.item, entry.shown, entry.role, now, entry.annotator))
    return pl.DataFrame(rows, schema=ENTRIES, orient="row")


def _of_source(table: pl.DataFrame, annotation: Annotation, places: VotePlaces) -> Collected:
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
        (_plain(table[places.time]) if places.time else nobody).alias("_time"),
    ).filter(_filled(value) if value.dtype == pl.String else value.is_not_null())
    live = given.drop_nulls("votes")
    # Times may be numbers, of which 9 is before 10.
    order = ("id", "annotators", pl.col("_time").cast(pl.Float64, strict=False), "_time", "votes")
    votes = live.drop_nulls("id").sort(*order, nulls_last=True)
    kept = votes.filter(_last("id", "annotators"))
    lists = kept.group_by("id", maintain_order=True).agg("votes", "annotators")
    apart = Counted(replaced=votes.height - kept.height, retired=given.height - live.height)
    return Collected(lists if places.annotator else lists.drop("annotators"), None, given.height, apart)


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
