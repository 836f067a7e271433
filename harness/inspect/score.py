"""`bench score`: a file of predictions, held against the evaluated split of a version.

Owns how such a file is read: a line or row for each example, with its `id` as the split has it and its answer as
`harness.outside.wire` names it. JSON lines, Parquet, or CSV, where lists and probabilities are written as JSON. Refuses
a file with unknown, missing or repeated ids: a score of a part would pass for one of the whole.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from harness.data import collection
from harness.examples import History
from harness.folds import evaluated
from harness.kinds import TASKS
from harness.lines import within
from harness.metric import IntArray, WholeMetric
from harness.outside import wire
from harness.outside.evaluating import metric as metric_named
from harness.scoring import computed
from harness.statistics.intervals import score_interval
from harness.task import Task
from harness.workspace import Workspace
from registry.errors import UserError, clipped, nearest, plural
from registry.kinds import TASKS as REGISTRY_TASKS
from registry.readers.csv import Csv
from registry.store import SHORT, Published
from registry.versions import tags

SHOWN = 5
"""Ids that an error names of many."""

AS_JSON = ("labels", "tags", "ranking", "probabilities")
AS_NUMBER = ("score", "nats", "seconds")
"""What a field of a CSV holds, which is text."""
FIELDS = f'Of a CSV {", ".join(AS_JSON)} are JSON: ["a", "b"], with each quote written twice inside a quoted field.'


class Score(NamedTuple):
    """A metric with its 95% interval, where it has one; without a value, the reason."""

    metric: str
    value: float | None
    low: float | None
    high: float | None
    reason: str


class Scored(NamedTuple):
    """The metrics of the card, its headline first, on all rows of the split."""

    dataset: str
    version: str
    split: str
    rows: int
    metrics: tuple[Score, ...]

    @property
    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.dataset}@{self.version[:SHORT]}, {self.split}: {plural(self.rows, 'row')}"
        width = max(len(one.metric) for one in self.metrics)
        for one in self.metrics:
            interval = "" if one.low is None else f"  [{one.low:.3f}, {one.high:.3f}]"
            told = f"no value: {one.reason}" if one.value is None else f"{one.value:.3f}{interval}"
            yield f"  {one.metric:<{width}}  {told}"

    @property
    def facts(self) -> dict[str, Any]:
        """The object that `schema/score.schema.json` describes."""
        return {**self._asdict(), "metrics": [one._asdict() for one in self.metrics]}


class _File(NamedTuple):
    """What stands in a file of predictions, and where each of it stands."""

    lines: list[dict[str, Any]]
    place: Callable[[int], str]


def score(written: str, path: Path, workspace: Workspace) -> Scored:
    """`written` is CARD, CARD@DIGEST or CARD@TAG. UserError for a file that does not answer its split, or is none."""
    wanted = tags.reference(written)
    card, version = workspace.catalog.dataset(wanted.card), tags.at_hand(workspace.catalog, wanted)
    split, labels = evaluated(version.manifest), tuple(version.manifest["labels"])
    rows, task = version.read(split).sort("id"), TASKS.get(card.task)()
    file = _read(path)
    order = _matched(file, _ids(task, rows, version), f"the {split} split of {written}")
    given = wire.Given([file.lines[number] for number in order], labels, lambda row: file.place(order[row]))
    try:
        lines = within(task.predictions(rows, given.answers(), labels), collection(version))
    except ValueError as error:
        raise UserError(str(error), where=str(path)) from None
    names = card.metrics or REGISTRY_TASKS.get(card.task).default_metrics
    groups = _groups(lines, rows) if card.split.split.group else None
    found = tuple(_score(name, metric_named(name, card.task, workspace), lines, labels, groups) for name in names)
    return Scored(card.name, version.digest, split, lines.height, found)


def _ids(task: Task, rows: pl.DataFrame, version: Published) -> list[str]:
    """What tells the inputs of a task apart: the ids of rows; users, where what they chose makes one input."""
    learnt = [version.read(name) for name in ("train", "validation") if name != evaluated(version.manifest)]
    asked = task.inputs(rows, pl.concat(learnt))
    histories = [one.user for one in asked if isinstance(one, History)]
    return histories or rows["id"].to_list()


def _matched(file: _File, ids: list[str], whole: str) -> list[int]:
    """For each id the number of its line. UserError with what is missing, unknown or there twice."""
    places: dict[str, int] = {}
    again: list[tuple[str, int]] = []
    for number, line in enumerate(file.lines):
        one = str(line["id"]) if isinstance(line.get("id"), int | str) else None
        if one is None:
            raise UserError('has no "id"', where=file.place(number), do="Ids stand in the published split.")
        if one in places:
            again.append((one, number))
        places.setdefault(one, number)
    known = set(ids)
    unknown = [one for one in places if one not in known]
    faults = [
        f'{file.place(number)}: "{clipped(one)}" is there already, at {file.place(places[one])}'
        for one, number in again[:SHOWN]
    ]
    faults += [
        f'{file.place(places[one])}: "{clipped(one)}" is not in {whole}{nearest(one, ids)}' for one in unknown[:SHOWN]
    ]
    missing = [one for one in ids if one not in places]
    if missing:
        faults.append(f"{len(missing):,} of {len(ids):,} ids are missing: {clipped(', '.join(missing[:SHOWN]))} ...")
    if faults:
        counts = {"more repeated id": len(again) - SHOWN, "more unknown id": len(unknown) - SHOWN}
        others = [f"and {plural(more, what)}" for what, more in counts.items() if more > 0]
        raise UserError("\n  ".join([*faults, *others]), do=f"Give one answer to each row of {whole}.")
    return [places[one] for one in ids]


def _score(name: str, metric: Any, lines: pl.DataFrame, labels: tuple[str, ...], groups: IntArray | None) -> Score:
    found = computed(metric, lines, labels)
    if isinstance(found, str):
        return Score(name, None, None, None, found)
    if isinstance(metric, WholeMetric):
        return Score(name, found.value, None, None, "")
    return Score(name, *score_interval(metric, [found.contributions], groups), "")


def _groups(lines: pl.DataFrame, rows: pl.DataFrame) -> IntArray | None:
    """Group numbers in order of the lines; None where a line is no row."""
    found = lines.select("id").join(rows.select("id", "group"), on="id", how="left", maintain_order="left")["group"]
    groups: IntArray = found.rank("dense").cast(pl.Int64).to_numpy()
    return None if found.null_count() else groups


def _read(path: Path) -> _File:
    readers = {".jsonl": _jsonl, ".csv": _csv, ".parquet": _parquet}
    if path.suffix.lower() not in readers:
        raise UserError("is no file of predictions", where=str(path), do=f"Kinds: {', '.join(readers)}.")
    if not path.is_file():
        raise UserError("there is no such file", where=str(path))
    found = readers[path.suffix.lower()](path)
    if not found.lines:
        raise UserError("holds no predictions", where=str(path))
    return found


def _jsonl(path: Path) -> _File:
    with path.open("rb") as file:
        found = dict(wire.lines(file, lambda number: f"{path}:{number}"))
    numbers = list(found)
    return _File(list(found.values()), lambda row: f"{path}:{numbers[row]}")


def _parquet(path: Path) -> _File:
    try:
        lines = pl.read_parquet(path, glob=False).to_dicts()
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise UserError(f"cannot be read: {clipped(str(error))}", where=str(path)) from None
    return _File(lines, lambda row: f"{path}, row {row + 1}")


def _csv(path: Path) -> _File:
    reader = Csv()
    rows = reader.read(path, "utf-8").to_dicts()

    def place(row: int) -> str:
        return f"{path}:{reader.line(path, 'utf-8', row)}"

    lines = []
    for row, fields in enumerate(rows):
        try:
            lines.append({name: _field(name, text) for name, text in fields.items()})
        except ValueError as error:
            raise UserError(f"a field {error}", where=place(row), do=FIELDS) from None
    return _File(lines, place)


def _field(name: str, text: str) -> Any:
    """An empty field is nothing, but for a text, which may be empty. ValueError for what it cannot hold."""
    if name in AS_JSON:
        try:
            return wire.value(text) if text.strip() else None
        except ValueError as error:
            raise ValueError(f'"{name}" {error}: {clipped(text, 60)}') from None
    if name in AS_NUMBER:
        return float(text) if text.strip() else None
    return text if text or name == "answer" else None
