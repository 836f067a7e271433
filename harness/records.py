"""Run records and per-example predictions: Parquet, appended as one folder a run, never changed.

A success lies at `runs/<run id>/`, an attempt that failed at `failures/<run id>-<nanoseconds>-<process>/`, so that
no two attempts share a name and the last name is the last attempt. A folder with its final name is complete; a
run that was killed leaves none.
"""

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from harness.folds import Fold
from registry.errors import UserError
from registry.store import put, staging

COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "run_id": pl.String,
    "status": pl.String,
    "reason": pl.String,
    "dataset": pl.String,
    "version": pl.String,
    "train": pl.String,
    "split": pl.String,
    "repeat": pl.Int64,
    "fold": pl.Int64,
    "model": pl.String,
    "family": pl.String,
    "seed": pl.Int64,
    "train_rows": pl.Int64,
    "n": pl.Int64,
    "metrics": pl.List(pl.Struct({"metric": pl.String, "value": pl.Float64, "reason": pl.String})),
    "seconds_fit": pl.Float64,
    "seconds_predict": pl.Float64,
    "trainable_parameters": pl.Int64,
    "total_parameters": pl.Int64,
    "device": pl.String,
    "facts": pl.String,
    "identity": pl.String,
    "libraries": pl.String,
    "started": pl.String,
}


UNREADABLE = (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What reading a missing, torn or foreign file ends in."""


@dataclass(frozen=True)
class RunRecord:
    """One attempt at one run spec. Times in seconds; `facts`, `identity` and `libraries` are JSON text."""

    run_id: str
    status: Literal["ok", "failed"]
    reason: str
    dataset: str
    version: str
    train: str
    split: str
    fold: int | None
    model: str
    family: str
    seed: int
    train_rows: int | None
    """Rows it learnt from; None, like `n`, for an attempt that failed."""
    n: int | None
    metrics: tuple[dict[str, Any], ...]
    """{metric, value, reason}: the value on the whole split, or None with the reason."""
    seconds_fit: float | None
    seconds_predict: float | None
    trainable_parameters: int | None
    total_parameters: int | None
    device: str
    facts: str
    identity: str
    libraries: str
    started: str
    repeat: int | None = None
    """Of the cross-validation that `fold` belongs to, from 1; records of before there were folds lack it."""

    @property
    def data(self) -> str:
        """What it was trained on, or where nothing was, the version it was evaluated on."""
        return self.train or f"{self.dataset}@{self.version[:12]}"

    @property
    def place(self) -> str:
        return place(self.seed, self.repeat, self.fold)

    @property
    def seconds(self) -> float | None:
        if self.seconds_fit is None or self.seconds_predict is None:
            return None
        return self.seconds_fit + self.seconds_predict


class Stamp(NamedTuple):
    """Which record stands for a run id; another one when the record was removed and made again."""

    folder: str
    written: int
    """Nanoseconds, from the file system."""


def save(record: RunRecord, predictions: pl.DataFrame | None, home: Path) -> None:
    """Publish a record, with its predictions when it has any, in one step."""
    succeeded = record.status == "ok"
    attempt = home / "failures" / f"{record.run_id}-{time.time_ns()}-{os.getpid()}"
    with staging(home) as staged:
        pl.DataFrame([asdict(record)], schema=COLUMNS).write_parquet(staged / "record.parquet")
        if predictions is not None:
            predictions.write_parquet(staged / "predictions.parquet", compression="zstd")
        # Where another process recorded the same success first, its record is as good.
        put(staged, home / "runs" / record.run_id if succeeded else attempt, taken_ok=succeeded)


def load(run_ids: Iterable[str], home: Path) -> dict[str, RunRecord]:
    """For every id its success, else its last failure; ids never tried are absent."""
    folders = _latest(run_ids, home)
    return {run_id: _read(folder) for run_id, folder in folders.items() if folder is not None}


def latest(run_ids: Iterable[str], home: Path) -> list[Stamp | None]:
    """Which record each id has now; None for ids never tried."""
    return [_stamp(folder) if folder else None for folder in _latest(run_ids, home).values()]


def history(home: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Every record in the store, successes and failures, as one table; `columns` alone where they are named.

    UserError that names every damaged record.
    """
    wanted = list(columns or COLUMNS)
    files = sorted([*home.glob("runs/*/record.parquet"), *home.glob("failures/*/record.parquet")])
    try:
        return _scan(files, wanted)
    except UNREADABLE as error:
        raise _damaged("record", [file.parent for file in files if _is_torn(file)], error) from error


def done(run_id: str, home: Path) -> bool:
    return (home / "runs" / run_id).is_dir()


def predictions(run_id: str, home: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """id, gold, predicted and what else the task keeps, or those of `columns` that are there; in order of id.

    UserError where the file is missing or damaged.
    """
    folder = home / "runs" / run_id
    try:
        lines = pl.read_parquet(folder / "predictions.parquet", glob=False)
        return lines.select(name for name in columns or lines.columns if name in lines.columns)
    except UNREADABLE as error:
        raise _damaged("file of predictions", [folder], error) from error


def find(prefix: str, home: Path) -> list[RunRecord]:
    """Records whose run id begins with `prefix`."""
    folders = [*home.glob(f"runs/{prefix}*"), *home.glob(f"failures/{prefix}*")]
    return [_read(folder) for folder in sorted(folders)]


def place(seed: int, repeat: int | None, fold: int | None) -> str:
    """Which run of a model on a dataset this is, for people: `seed 1`, `seed 1, repeat 2, fold 0`."""
    return f"seed {seed}" if repeat is None or fold is None else f"seed {seed}, {Fold(repeat, fold)}"


def as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _latest(run_ids: Iterable[str], home: Path) -> dict[str, Path | None]:
    """For every id the folder of its success, else of its last failure. Lists the failures once for all ids."""
    failures = {folder.name.partition("-")[0]: folder for folder in sorted((home / "failures").glob("*-*"))}
    return {run_id: home / "runs" / run_id if done(run_id, home) else failures.get(run_id) for run_id in run_ids}


def _stamp(folder: Path) -> Stamp:
    record = folder / "record.parquet"
    return Stamp(folder.name, record.stat().st_mtime_ns if record.is_file() else 0)


def _read(folder: Path) -> RunRecord:
    try:
        row = pl.read_parquet(folder / "record.parquet", glob=False).row(0, named=True)
        return RunRecord(**{**row, "metrics": tuple(row["metrics"])})
    except (*UNREADABLE, TypeError, KeyError) as error:
        raise _damaged("record", [folder], error) from error


def _scan(files: Sequence[Path], columns: Sequence[str]) -> pl.DataFrame:
    """A record of an older or newer program may lack columns or have others; that is not damage."""
    if not files:
        return pl.DataFrame(schema=COLUMNS).select(columns)
    scan = pl.scan_parquet(list(files), schema=COLUMNS, missing_columns="insert", extra_columns="ignore", glob=False)
    return scan.select(columns).collect()


def _is_torn(file: Path) -> bool:
    try:
        return _scan([file], list(COLUMNS)).height != 1
    except UNREADABLE:
        return True


def _damaged(what: str, folders: Sequence[Path], error: Exception) -> UserError:
    """The error for folders that cannot be read: which, why, and that nothing but time is lost with them."""
    where = ", ".join(map(str, folders))
    said = (str(error).splitlines() or [type(error).__name__])[0]
    do = "Remove that folder; the run is made again." if len(folders) == 1 else "Remove them; the runs are made again."
    return UserError(f"the {what} is missing or damaged: {said}", where=where, do=do)
