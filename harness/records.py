"""Run records and per-example predictions: Parquet, appended as one folder a run, never changed.

A success lies at `runs/<run id>/`, an attempt that failed at `failures/<run id>-<n>/`. A folder with its final
name is complete; a run that was killed leaves none.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

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
    train_rows: int
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

    @property
    def seconds(self) -> float | None:
        if self.seconds_fit is None or self.seconds_predict is None:
            return None
        return self.seconds_fit + self.seconds_predict


def save(record: RunRecord, predictions: pl.DataFrame | None, home: Path) -> None:
    """Publish a record, with its predictions when it has any, in one step."""
    folder = home / "runs" / record.run_id
    if record.status == "failed":
        attempts = len(list((home / "failures").glob(f"{record.run_id}-*")))
        folder = home / "failures" / f"{record.run_id}-{attempts + 1}"
    with staging(home) as staged:
        pl.DataFrame([asdict(record)], schema=COLUMNS).write_parquet(staged / "record.parquet")
        if predictions is not None:
            predictions.write_parquet(staged / "predictions.parquet", compression="zstd")
        put(staged, folder)


def load(run_ids: Iterable[str], home: Path) -> dict[str, RunRecord]:
    """For every id its success, else its last failure; ids never tried are absent."""
    found = {}
    for run_id in run_ids:
        folder = _latest(run_id, home)
        if folder is not None:
            found[run_id] = _read(folder)
    return found


def latest(run_ids: Iterable[str], home: Path) -> list[str | None]:
    """The name of the folder that each id's record is in; None for ids never tried."""
    folders = [_latest(run_id, home) for run_id in run_ids]
    return [folder.name if folder else None for folder in folders]


def history(home: Path) -> pl.DataFrame:
    """Every record in the store, successes and failures, as one table."""
    files = sorted([*home.glob("runs/*/record.parquet"), *home.glob("failures/*/record.parquet")])
    frames = [pl.read_parquet(file) for file in files]
    return pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame(schema=COLUMNS)


def done(run_id: str, home: Path) -> bool:
    return (home / "runs" / run_id).is_dir()


def predictions(run_id: str, home: Path) -> pl.DataFrame:
    """id, gold, predicted, and probabilities where the model has them; in order of id."""
    return pl.read_parquet(home / "runs" / run_id / "predictions.parquet")


def find(prefix: str, home: Path) -> list[RunRecord]:
    """Records whose run id begins with `prefix`."""
    folders = [*home.glob(f"runs/{prefix}*"), *home.glob(f"failures/{prefix}*")]
    return [_read(folder) for folder in sorted(folders)]


def as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _latest(run_id: str, home: Path) -> Path | None:
    if done(run_id, home):
        return home / "runs" / run_id
    failures = (home / "failures").glob(f"{run_id}-*")
    return max(failures, key=lambda folder: int(folder.name.rsplit("-", 1)[1]), default=None)


def _read(folder: Path) -> RunRecord:
    try:
        row = pl.read_parquet(folder / "record.parquet").row(0, named=True)
        return RunRecord(**{**row, "metrics": tuple(row["metrics"])})
    except (OSError, pl.exceptions.PolarsError, TypeError) as error:
        what = f"the record is damaged: {str(error).splitlines()[0]}"
        raise UserError(what, where=str(folder), do="Remove that folder; the run is made again.") from error
