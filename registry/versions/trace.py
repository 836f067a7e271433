"""Where a row came from and what each step made of it, found by reading the sources and cleaning them again.

Nothing of this is stored: it is worked out when someone asks. Refuses to guess: where `select:` folds rows together,
no source row stands for a result row, and that is what it says.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, runtime_checkable

import polars as pl

from registry import sandbox
from registry.card import DatasetCard, SourceSpec
from registry.errors import UserError
from registry.op import staying
from registry.pipeline.cleaning import clean
from registry.pipeline.fates import fates
from registry.pipeline.parts import in_memory
from registry.pipeline.rows import ids, selected
from registry.progress import Silent
from registry.provenance import PREFIX, traced
from registry.reader import Lined
from registry.reading.encodings import chosen
from registry.reading.tables import opened, read_table
from registry.references import bound
from registry.source import FetchContext, Fetched, RawFile
from registry.split import SPLITS
from registry.sqltree import order_shows, parsed
from registry.store import Published
from registry.text import INPUTS, example

FILE = "_file_of_row"
WATCHED = (*INPUTS, "label", "votes", "annotators", "aggregate", "decided_by")
FOLDS = (
    "`select:` folds rows together (GROUP BY, DISTINCT, WITH or a subquery): no source row stands for this one alone"
)


class Place(NamedTuple):
    """A source row. `row` counts from 1 in its file; `line` is None where the format has none."""

    source: str
    file: str
    row: int
    line: int | None


class Step(NamedTuple):
    """What a cleaning op did to one column of the row."""

    op: str
    column: str
    before: Any
    after: Any


class Drawn(NamedTuple):
    """How the split was chosen: the key; where the method draws by hash, where it fell and each split's range."""

    method: str
    key: str
    value: float | None
    bounds: dict[str, tuple[float, float]]


class Trace(NamedTuple):
    """`note` says what cannot be told of the places; empty where all can."""

    places: tuple[Place, ...]
    note: str
    steps: tuple[Step, ...]
    votes: tuple[float | str, ...] | None
    annotators: tuple[str | None, ...] | None
    aggregate: float | None
    rule: str
    """The label rule that held; empty where labels come from a column."""
    drawn: Drawn


@runtime_checkable
class _Drawing(Protocol):
    """A split method that draws by hash."""

    ratios: Any

    def fractions(self, keys: pl.Series) -> pl.Series: ...


@runtime_checkable
class _Concealing(Protocol):
    """An op that takes out of texts what nobody shall read, in the stories of rows either."""

    def concealed(self, text: str) -> str: ...


def trace(card: DatasetCard, raw: Mapping[str, Fetched], context: FetchContext, where: str, row: str) -> Trace:
    """All that reading again can tell of the row with the id `row`, which these files must hold."""
    files = {name: _with_files(spec, raw[name], context) for name, spec in card.sources.items()}
    tables = {name: table.drop(FILE) for name, table in files.items()}
    places, note = _places(card, raw, context, files, where, row)
    frame = selected(card, tables, where, raw).frame
    comparing = card.model_copy(update={"clean": bound(card, raw, where)})
    history = _history(frame, comparing, where, row)
    last = history[-1] if history else {}
    key = frame.filter(pl.col("id") == row)["_key"]
    rules = card.labels.rules if card.labels else {}
    votes, steps, drawn = last.get("votes"), _steps(history), _drawn(card, key)
    return Trace(
        places,
        note,
        tuple(step._replace(before=_shown(step.before, card), after=_shown(step.after, card)) for step in steps),
        None if votes is None else tuple(votes),
        None if last.get("annotators") is None else tuple(last["annotators"]),
        last.get("aggregate"),
        rules.get(last.get("label") or "", ""),
        drawn._replace(key=_shown(drawn.key, card)),
    )


def _shown(value: Any, card: DatasetCard) -> Any:
    """A value as the card lets people see it."""
    for spec in card.clean:
        if isinstance(value, str) and isinstance(spec.op, _Concealing):
            value = spec.op.concealed(value)
    return value


def _history(frame: pl.DataFrame, card: DatasetCard, where: str, row: str) -> list[dict[str, Any]]:
    """What the row held before the first op and after each, as long as it stayed; `op` is the op's name."""
    texts, others = dict[int, dict[str, Any]](), dict[int, dict[str, Any]]()

    def watch(found: dict[int, dict[str, Any]], step: int, rows: pl.DataFrame) -> None:
        for facts in rows.filter((pl.col("id") == row) & staying()).iter_rows(named=True):
            found[step] = facts

    cleaned = clean(in_memory(frame), card.clean, watch=partial(watch, texts))
    with Silent().step("") as step:
        fates(cleaned, card, where, step, partial(watch, others))
    names = ["", *(spec.name for spec in card.clean), "labels"]
    history = list[dict[str, Any]]()
    for number, facts in sorted(others.items()):
        before = history[-1] if history else {}
        history.append({**before, **texts.get(number, {}), **facts, "op": names[number]})
    return history


def cluster(version: Published, row: str) -> list[dict[str, Any]]:
    """The row with all that are the same example: ids, labels, where each one is or why it left; empty without others.

    Who stays is in the strictest split (test before validation before train), and has the smallest id there.
    """
    ledger = version.read("ledger")
    own = ledger.filter(pl.col("id") == row)
    stays = own["duplicate_of"][0] if own.height and own["duplicate_of"][0] else row
    others = ledger.filter((pl.col("duplicate_of") == stays) | (pl.col("id") == stays))
    if own.height and own["duplicate_of"][0] is None:
        same = ledger.with_columns(_text=example(ledger))
        mine = same.filter(pl.col("id") == row).select("_text", "op", "reason")
        others = same.join(mine, on=["_text", "op", "reason"], how="semi")
    kept = [version.read(name).filter(pl.col("id") == stays).with_columns(split=pl.lit(name)) for name in SPLITS]
    columns = ["id", "label", "split", "op", "reason", "similarity"]
    parts = [frame.select(name for name in columns if name in frame.columns) for frame in (*kept, others)]
    found = pl.concat(parts, how="diagonal_relaxed").with_columns(stays=pl.col("reason").is_null())
    return found.sort("stays", "id", descending=[True, False]).to_dicts() if found.height > 1 else []


def _with_files(spec: SourceSpec, fetched: Fetched, context: FetchContext) -> pl.DataFrame:
    """The table of a source with the file of each row in `FILE`."""
    named = spec.file_column or FILE
    frame = read_table(spec.model_copy(update={"file_column": named}), fetched.files, context.home).frame
    return frame.with_columns(pl.col(named).alias(FILE))


def _places(
    card: DatasetCard,
    raw: Mapping[str, Fetched],
    context: FetchContext,
    files: Mapping[str, pl.DataFrame],
    where: str,
    row: str,
) -> tuple[tuple[Place, ...], str]:
    frame = _numbered(card, files, where)
    if frame is None:
        return (), FOLDS
    columns = [PREFIX + name for name in files]
    wanted, declared = row, "id" in frame.columns
    if not declared:
        wanted = row.partition("-")[0]
    behind = frame.filter(ids(card, frame.drop(columns), where) == wanted)
    places = [
        _place(name, card.sources[name], opened(card.sources[name], raw[name].files, context.home), files[name], index)
        for name in files
        for index in sorted(set(behind[PREFIX + name].drop_nulls().to_list()))
    ]
    equal = f"{behind.height} equal rows: which of them has this id does not matter"
    return tuple(places), "" if declared or behind.height == 1 else equal


def _numbered(card: DatasetCard, files: Mapping[str, pl.DataFrame], where: str) -> pl.DataFrame | None:
    """What `select:` gives, with the number of the source row behind each row; None where there is no such row."""
    plain = {name: table.drop(FILE) for name, table in files.items()}
    tables = {name: table.with_row_index(PREFIX + name) for name, table in plain.items()}
    if card.select is None:
        return next(iter(tables.values()))
    query = traced(card.select, tables)
    if query is None:
        return None
    in_order = order_shows(parsed(card.select))
    if in_order:  # as `select.run` does: ORDER BY leaves ties
        tables = {name: table.sort(plain[name].columns) for name, table in tables.items()}
    try:
        return sandbox.rows(query, tables, where, in_order=in_order)
    except UserError:  # the query itself ran: its stars or joins have no room for the numbers
        return None


def _place(name: str, spec: SourceSpec, members: list[RawFile], table: pl.DataFrame, index: int) -> Place:
    file = table[FILE][index]
    # Rows of a file lie together, so the first one's number is what lies before it.
    row = index - int((table[FILE] == file).arg_max() or 0)
    member = next(member for member in members if member.name == file)
    reader = spec.reader
    line = reader.line(member.path, chosen(member.path, spec.encoding), row) if isinstance(reader, Lined) else None
    return Place(name, file, row + 1, line)


def _steps(history: list[dict[str, Any]]) -> Iterator[Step]:
    for before, after in pairwise(history):
        for column in WATCHED:
            if column in after and before.get(column) != after[column]:
                yield Step(after["op"], column, before.get(column), after[column])


def _drawn(card: DatasetCard, key: pl.Series) -> Drawn:
    method, value, bounds = card.split.split, None, dict[str, tuple[float, float]]()
    if isinstance(method, _Drawing):
        value, start = float(method.fractions(key)[0]), 0.0
        for name in reversed(SPLITS):
            share = getattr(method.ratios, name)
            bounds[name], start = (start, min(1.0, start + share)), start + share
    return Drawn(card.split.method, key[0], value, bounds)
