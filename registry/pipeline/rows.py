"""A card's source files to one table of rows with the columns of its task.

Owns row ids and keys, and the refusal of data that cannot be what the card says. Cleans nothing.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from registry.annotation.collecting import Collected, Counted, collected, summed, with_votes
from registry.annotation.places import of_rows
from registry.card import DatasetCard
from registry.digest import hashed, row_text
from registry.errors import UserError, clipped, nearest, plural
from registry.kinds import TARGETS, TASKS
from registry.pipeline.labelling import at
from registry.pipeline.parts import Parts, ahead, gathered, in_memory, ordered
from registry.reading.tables import read_parts, read_table
from registry.select import Selected, run
from registry.source import FetchContext, Fetched
from registry.text import example
from registry.texts import spans
from registry.texts.tagging import tagged

NOTHING: Mapping[str, Fetched] = MappingProxyType({})
EXTRA = "_extra_"
"""How the names begin of columns that only audits and reports of annotation read."""


class Origin(NamedTuple):
    """What is told of the sources of a table."""

    left_out: dict[str, int] | None
    """Source rows that `select:` left out, by source; None where it folds rows together."""
    columns_left_out: tuple[str, ...]
    source_rows: dict[str, int]
    encodings: Mapping[str, dict[str, int]] = {}
    """Files by the text encoding they were read with, by source."""
    answers: Mapping[str, int] = {}
    """How many answers of annotators that stand outside the rows count, and how many do not; empty without any."""


class Rows(NamedTuple):
    """The table before any cleaning, in parts and in order of id, and where it came from."""

    parts: Parts
    origin: Origin
    nameless: bool = False
    """Whether the ids are made of what stands in the rows, for want of others."""

    @property
    def frame(self) -> pl.DataFrame:
        """All rows in memory."""
        return pl.concat(self.parts)


def read(
    card: DatasetCard,
    raw: Mapping[str, Fetched],
    context: FetchContext,
    where: str,
    scratch: Path,
    *,
    whole: bool = False,
) -> Rows:
    """All rows that the card's sources and `select:` give, with ids and keys. What is large lies in `scratch`.

    With `whole` the columns that the card does not need are there too, as texts, each after `EXTRA`.
    """
    if card.select is None:
        ((name, spec),) = card.sources.items()
        table = read_parts(spec, raw[name].files, context.home, scratch)
        found = _sorted(card, table.parts, _outside(card, {}, raw, where), where, scratch, whole=whole)
        origin = Origin({name: 0}, found.others, {name: table.rows}, {name: table.encodings}, found.answers)
        return Rows(found.parts, origin, found.nameless)
    tables = {name: read_table(spec, raw[name].files, context.home) for name, spec in card.sources.items()}
    made = selected(card, {name: table.frame for name, table in tables.items()}, where, raw, whole=whole)
    encodings = {name: table.encodings for name, table in tables.items()}
    return made._replace(origin=made.origin._replace(encodings=encodings))


def selected(
    card: DatasetCard,
    tables: Mapping[str, pl.DataFrame],
    where: str,
    raw: Mapping[str, Fetched] = NOTHING,
    *,
    whole: bool = False,
) -> Rows:
    """The rows that `select:` makes of the sources' tables, with ids and keys, and with imported answers of `raw`."""
    counts = {name: table.height for name, table in tables.items()}
    if card.select is None:
        chosen = Selected(next(iter(tables.values())), dict.fromkeys(tables, 0))
    else:
        chosen = run(card.select, tables, f"{where}  select")
    outside = _outside(card, tables, raw, where)
    found = _sorted(card, in_memory(chosen.rows), outside, where, None, whole=whole)
    origin = Origin(chosen.left_out, found.others, counts, answers=found.answers)
    return Rows(found.parts, origin, found.nameless)


def _outside(
    card: DatasetCard, tables: Mapping[str, pl.DataFrame], raw: Mapping[str, Fetched], where: str
) -> Collected:
    """The answers that stand outside the rows."""
    with at(f"{where}  annotation > votes"):
        return collected(card.annotation, tables, raw)


class _Sorted(NamedTuple):
    """The rows in order of id, the columns that the card does not need, and what became of answers elsewhere."""

    parts: Parts
    others: tuple[str, ...]
    answers: dict[str, int]
    nameless: bool


def _sorted(
    card: DatasetCard, parts: Parts, outside: Collected, where: str, scratch: Path | None, *, whole: bool
) -> _Sorted:
    columns = next(iter(parts))
    wanted = _wanted(card, columns, where)
    others = tuple(name for name in columns.columns if name not in wanted)
    _refuse_nested(card, columns.select(wanted), where)
    kept = [name for name in others if _is_plain(columns[name])] if whole or _asks_aside(card) else []
    extra = [pl.col(name).cast(pl.String).alias(EXTRA + name) for name in kept]

    def prepared(part: pl.DataFrame) -> pl.DataFrame:
        frame = _typed(card, part.select(wanted), where)
        if "id" in frame.columns:
            _refuse_repeated(frame.filter(pl.col("id").is_null()), where)
        frame = frame if "id" in frame.columns else frame.with_columns(id=_content_ids(frame))
        return frame.hstack(part.select(extra)) if extra else frame

    frames = parts.each(prepared)
    if scratch is None:
        in_order: Iterable[pl.DataFrame] = [pl.concat(frames).sort("id")]
    else:
        in_order = ordered(frames, _folder(scratch, "runs"))
    counts = list[Counted]()

    def numbered(frame: pl.DataFrame) -> pl.DataFrame:
        keyed = _with_keys(frame, where, declared="id" in wanted)
        rows, counted = with_votes(keyed, outside, card.annotation)
        counts.append(counted)
        return rows

    done = ahead(numbered, in_order)
    rows = in_memory(pl.concat(done)) if scratch is None else gathered(done, _folder(scratch, "rows"))
    answers = summed(counts, outside)
    _refuse_astray(card, outside, answers, rows, where)
    return _Sorted(rows, others, answers, nameless="id" not in wanted)


def _refuse_astray(card: DatasetCard, outside: Collected, answers: dict[str, int], rows: Parts, where: str) -> None:
    """UserError where not one vote of a source is about a row: then the ids are of two kinds."""
    given = outside.given
    if given is None or not given.height or answers["votes"]:
        return
    name = card.annotation.votes.source if card.annotation and card.annotation.votes else ""
    votes = plural(int(given["votes"].list.len().sum()), "vote")
    ids = [clipped(one, 40) for one in (given["id"][0], rows.part(0)["id"][0] if rows.part(0).height else "none")]
    what = f"none of the {votes} of `{name}` is about a row: {ids[0]} ... are no ids, {ids[1]} ... are"
    do = "`votes: {item: COLUMN}` names the column that holds the ids of rows."
    raise UserError(what, where=f"{where}  annotation > votes", do=do)


def _asks_aside(card: DatasetCard) -> bool:
    """Whether an audit asks what columns that the task does not read tell of the label."""
    return any(one.name == "leaks" for one in card.audit)


def _is_plain(column: pl.Series) -> bool:
    return not (column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object))


def _folder(scratch: Path, name: str) -> Path:
    folder = scratch / name
    folder.mkdir()
    return folder


def ids(card: DatasetCard, frame: pl.DataFrame, where: str) -> pl.Series:
    """The id of each row of a table that `select:` gave; without a declared id, equal rows have one together."""
    if "id" in frame.columns:
        return frame["id"].cast(pl.String)
    return _content_ids(_typed(card, frame.select(_wanted(card, frame, where)), where))


def _wanted(card: DatasetCard, frame: pl.DataFrame, where: str) -> list[str]:
    """The columns that the card needs, each checked to be there."""
    task = TASKS.get(card.task)
    if _with_spans(card, frame):
        made = [*task.carried, task.target]
    else:
        made = [name for name in task.derived if name not in frame.columns]
    read = [name for name in (*task.inputs, *task.carried) if name not in made]
    needed = dict.fromkeys(read, "the task reads it")
    needed |= {name: "the task reads it where it is there" for name in task.optional if name in frame.columns}
    needed |= dict.fromkeys(card.vote_columns, "`annotation: votes:` names it")
    if (
        task.target
        and task.target not in made
        and (card.has_label_column or (card.label_may_be_there and task.target in frame.columns))
    ):
        needed[task.target] = "the task predicts it; or write `labels: {from: ...}`"
    if card.split.split.group:
        needed[card.split.split.group] = "`split: group:` names it"
    if spans.are_in(frame):
        needed[spans.COLUMN] = "the texts are annotated with them"
    needed |= {name: f"`split: {_parameter(card, name)}:` names it" for name in card.split.split.columns}
    missing = [
        f'no column "{name}"{nearest(name, frame.columns)} ({why}). Columns: {", ".join(frame.columns)}.'
        for name, why in needed.items()
        if name not in frame.columns
    ]
    if missing:
        raise UserError("\n  ".join(missing), where=where, do=_remedy(frame))
    return [*(["id"] if "id" in frame.columns else []), *(name for name in needed if name != "id")]


def _parameter(card: DatasetCard, column: str) -> str:
    """The parameter of the split method that names a column."""
    split = card.split.split
    fields: dict[str, Any] = {name: getattr(split, name) for name in type(split).model_fields}
    return next(name for name, value in fields.items() if value == column or (type(value) is tuple and column in value))


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
    """Lists, structs and bytes have no one spelling as text; what a task carries is no text, and targets say it."""
    task = TASKS.get(card.task)
    plain = (*card.vote_columns, spans.COLUMN, *task.carried, *task.optional, task.target)
    wrong = [
        f'the column "{name}" holds {dtype}; text, numbers, dates and true or false can be taken as text'
        for name, dtype in frame.schema.items()
        if name not in plain and (dtype.is_nested() or dtype in (pl.Binary, pl.Object))
    ]
    if wrong:
        do = "Take one value out of it in `select:`, for example tags[1] AS label, or decode(bytes) AS text."
        raise UserError("\n  ".join(wrong), where=where, do=do)


def _typed(card: DatasetCard, frame: pl.DataFrame, where: str) -> pl.DataFrame:
    """Texts, id and group as strings; what must be predicted as `label`, spelled as text whatever it is; votes as a
    list column called `votes`, the group as `group`. What else the task makes is made here.
    """
    group, task = card.split.split.group, TASKS.get(card.task)
    if _with_spans(card, frame):
        frame = tagged(frame)
    frame = frame.with_columns(**{name: made for name, made in task.derived.items() if name not in frame.columns})
    columns: list[pl.Expr | pl.Series] = [pl.col(name).cast(pl.String) for name in task.inputs]
    columns += [frame[name] for name in (*task.carried, *task.optional) if name in frame.columns]
    columns.append(_target(card, frame, where))
    if "id" in frame.columns:
        columns.append(pl.col("id").cast(pl.String))
    if spans.COLUMN in frame.columns:
        columns.append(pl.col(spans.COLUMN).cast(pl.List(spans.SPAN)))
    if group:
        columns.append(pl.col(group).cast(pl.String).alias("group"))
    columns += [pl.col(name).alias(f"_by_{name}") for name in card.split.split.columns]
    if card.annotation:
        with at(f"{where}  annotation > votes"):
            columns += of_rows(frame, card.annotation)
    frame = frame.select(columns)
    if group:
        _check_groups(frame["group"], group, where)
    return frame


def _with_spans(card: DatasetCard, frame: pl.DataFrame) -> bool:
    """Whether tags are made of labelled parts of the text."""
    task = TASKS.get(card.task)
    return bool(task.answer == "tags" and task.target not in frame.columns and spans.are_in(frame))


def _target(card: DatasetCard, frame: pl.DataFrame, where: str) -> pl.Series:
    """What must be predicted, as text. UserError for a column that holds something else."""
    task = TASKS.get(card.task)
    if task.target not in frame.columns:
        return pl.Series("label", [None] * frame.height, dtype=pl.String)
    target = TARGETS.get(task.answer)()
    with at(where):
        spelled: pl.Series = target.spelled(frame[task.target]).alias("label")
    if target.beside:
        lengths, needed = (frame[name].list.len() for name in (task.target, target.beside))
        wrong = (lengths != needed).fill_null(value=False)
        if wrong.any():
            row = wrong.arg_true()[0]
            what = f"{plural(int(wrong.sum()), 'row')} with other numbers of {target.beside} and {task.target}"
            told = f"{what}, the first with {needed[row]} and {lengths[row]}"
            raise UserError(told, where=where, do="Both lists are of one length: a tag for each token.")
    return spelled


def _check_groups(groups: pl.Series, name: str, where: str) -> None:
    """An empty field of a CSV is no group: else all rows without one would stand in one split."""
    lacking = int((groups.is_null() | (groups.str.strip_chars() == "")).sum())
    if lacking:
        what = f'the group column "{name}" has no value in {plural(lacking, "row")}'
        do = "Fill it in `select:`; a row without a group cannot be kept with its group."
        raise UserError(what, where=where, do=do)


def _with_keys(frame: pl.DataFrame, where: str, *, declared: bool) -> pl.DataFrame:
    """Sorted rows with `_key`, and with ids that tell them apart: where none is declared, equal rows get numbers."""
    # Sorted by id, equal ones stand beside each other.
    same = (frame["id"] == frame["id"].shift(1)) | (frame["id"] == frame["id"].shift(-1))
    same = same.fill_null(value=False) | frame["id"].is_null()
    if declared:
        _refuse_repeated(frame.filter(same), where)
    elif same.any():
        # Equal rows get -2, -3 ...: they are interchangeable, so their order does not matter.
        repeated = frame.select("id").filter(same).with_columns(nth=pl.int_range(pl.len()).over("id") + 1)
        later = pl.concat_str("id", pl.lit("-"), "nth")
        ids = repeated.select(pl.when(pl.col("nth") == 1).then("id").otherwise(later)).to_series()
        frame = frame.with_columns(frame["id"].scatter(same.arg_true(), ids)).sort("id")
    plain = pl.col("id") if declared else example(frame)
    key = pl.col("group") if "group" in frame.columns else plain
    return frame.with_columns(_key=key.fill_null(""))


def _refuse_repeated(repeated: pl.DataFrame, where: str) -> None:
    if repeated.height:
        shown = ", ".join(repr(value) for value in repeated["id"].unique().sort().head(5).to_list())
        rows = plural(repeated.height, "row")
        what = f'the column "id" must tell rows apart; in {rows} it is repeated or missing ({shown})'
        raise UserError(what, where=where, do="Leave the column out of `select:` to have ids made from the content.")


def _content_ids(frame: pl.DataFrame) -> pl.Series:
    return hashed(frame.select(text=row_text(frame)).to_series(), "row", 16)
