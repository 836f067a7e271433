"""Records: no attempt is lost, and a damaged file is named instead of ending in a traceback."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from harness import records
from harness.records import RunRecord
from registry.errors import UserError

PREDICTIONS = pl.DataFrame(
    {"id": ["a", "b"], "gold": ["x", "y"], "predicted": ["x", "x"], "probabilities": [[1.0], [1.0]]}
)
GOOD = RunRecord(
    run_id="ab" * 8,
    status="ok",
    reason="",
    dataset="mine",
    version="c0ffee",
    train="mine@c0ffee",
    split="test",
    fold=None,
    model="majority",
    family="majority",
    seed=1,
    train_rows=10,
    n=2,
    metrics=({"metric": "accuracy", "value": 0.5, "reason": ""},),
    seconds_fit=1.0,
    seconds_predict=0.5,
    trainable_parameters=0,
    total_parameters=0,
    device="cpu fp32",
    facts="{}",
    identity="{}",
    libraries=json.dumps({}),
    started="2026-01-01T00:00:00+00:00",
)


def failed(reason: str, run_id: str = GOOD.run_id) -> RunRecord:
    return replace(GOOD, run_id=run_id, status="failed", reason=reason, n=None, seconds_fit=None)


def folders(home: Path) -> list[Path]:
    return sorted((home / "failures").iterdir())


def test_a_failure_is_kept_whichever_folders_were_deleted(tmp_path: Path) -> None:
    for reason in ("first", "second"):
        records.save(failed(reason), None, tmp_path)
    for file in folders(tmp_path)[0].iterdir():
        file.unlink()
    folders(tmp_path)[0].rmdir()
    records.save(failed("third"), None, tmp_path)
    assert records.load([GOOD.run_id], tmp_path)[GOOD.run_id].reason == "third"
    assert len(folders(tmp_path)) == 2


def test_the_last_failure_counts_until_there_is_a_success(tmp_path: Path) -> None:
    for number in range(12):
        records.save(failed(f"attempt {number}"), None, tmp_path)
    records.save(failed("another run", "cd" * 8), None, tmp_path)
    found = records.load([GOOD.run_id, "cd" * 8, "ef" * 8], tmp_path)
    assert {run_id: one.reason for run_id, one in found.items()} == {GOOD.run_id: "attempt 11", "cd" * 8: "another run"}
    records.save(GOOD, PREDICTIONS, tmp_path)
    assert records.load([GOOD.run_id], tmp_path)[GOOD.run_id] == GOOD


def test_a_success_that_another_process_recorded_first_stays(tmp_path: Path) -> None:
    records.save(GOOD, PREDICTIONS, tmp_path)
    records.save(replace(GOOD, device="other"), PREDICTIONS, tmp_path)
    assert records.load([GOOD.run_id], tmp_path)[GOOD.run_id].device == "cpu fp32"
    assert not list((tmp_path / "staging").iterdir())


def test_history_reads_the_columns_asked_for_and_fills_what_an_older_record_lacks(tmp_path: Path) -> None:
    assert records.history(tmp_path).schema == records.COLUMNS
    records.save(GOOD, PREDICTIONS, tmp_path)
    records.save(failed("why"), None, tmp_path)
    file = folders(tmp_path)[0] / "record.parquet"
    pl.read_parquet(file).drop("device").with_columns(new=1).write_parquet(file)
    assert records.history(tmp_path).schema == records.COLUMNS
    table = records.history(tmp_path, ["device", "status"])
    assert sorted(table.rows(), key=str) == [("cpu fp32", "ok"), (None, "failed")]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:200], lambda data: b"x" * len(data)])
def test_a_damaged_record_is_named(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    records.save(GOOD, PREDICTIONS, tmp_path)
    records.save(failed("why", "cd" * 8), None, tmp_path)
    file = folders(tmp_path)[0] / "record.parquet"
    file.write_bytes(damage(file.read_bytes()))
    for read in (lambda: records.history(tmp_path), lambda: records.load(["cd" * 8], tmp_path)):
        with pytest.raises(UserError, match="record is missing or damaged") as raised:
            read()
        assert str(file.parent) in str(raised.value)
        assert "Remove that folder" in str(raised.value)
        assert str(tmp_path / "runs") not in str(raised.value)


def test_predictions_are_read_by_column_and_damage_is_named(tmp_path: Path) -> None:
    records.save(GOOD, PREDICTIONS, tmp_path)
    assert records.predictions(GOOD.run_id, tmp_path).columns == PREDICTIONS.columns
    assert records.predictions(GOOD.run_id, tmp_path, ("id", "gold")).columns == ["id", "gold"]
    file = tmp_path / "runs" / GOOD.run_id / "predictions.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(UserError, match="Remove that folder"):
        records.predictions(GOOD.run_id, tmp_path)
    file.unlink()
    with pytest.raises(UserError, match="missing or damaged") as raised:
        records.predictions(GOOD.run_id, tmp_path)
    assert str(file.parent) in str(raised.value)
