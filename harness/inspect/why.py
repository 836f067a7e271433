"""`bench why`: the JSON behind a run id or a version digest, and what became of a row."""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from harness import records
from harness.workspace import Workspace
from registry import store
from registry.errors import UserError
from registry.manifest import SPLITS
from registry.store import Published


def explain(identifier: str, dataset: str, workspace: Workspace) -> list[str]:
    """Lines for people. UserError when nothing in the store answers to the id."""
    if not dataset and len(identifier) >= 6 and all(char in "0123456789abcdef" for char in identifier):
        found = [*_runs(identifier, workspace), *_versions(identifier, workspace)]
        if found:
            return found
    found = [line for version in _of(dataset, workspace) for line in _row(identifier, version)]
    if not found:
        where = f"of {dataset} " if dataset else ""
        what = f'no run, version or row {where}in this store is called "{identifier}"'
        raise UserError(what, do="`bench list runs` shows runs; a row's id stands in its split and in predictions.")
    return found


def _runs(prefix: str, workspace: Workspace) -> Iterator[str]:
    for record in records.find(prefix, workspace.home):
        outcome = f"{record.status} {record.reason}".rstrip()
        yield f"run {record.run_id}: {record.model} on {record.data}, seed {record.seed}, {outcome}"
        yield _pretty(json.loads(record.identity))


def _versions(prefix: str, workspace: Workspace) -> Iterator[str]:
    for version in store.all_versions(workspace.home):
        manifest = version.manifest
        if manifest["content_digest"].startswith(prefix) or manifest["build_key"].startswith(prefix):
            yield f"version {version.digest[:12]} of {manifest['card']}, build key {manifest['build_key'][:12]}, from:"
            yield _pretty(manifest["identity"])


def _of(dataset: str, workspace: Workspace) -> Iterator[Published]:
    for version in store.all_versions(workspace.home):
        if dataset in ("", version.manifest["card"]):
            yield version


def _row(identifier: str, version: Published) -> Iterator[str]:
    called = f"{version.manifest['card']} {version.digest[:12]}"
    for split in SPLITS:
        for row in version.read(split).filter(pl.col("id") == identifier).iter_rows(named=True):
            yield f"{called}: row {identifier} is in {split}"
            yield _pretty(row)
    for row in version.read("ledger").filter(pl.col("id") == identifier).iter_rows(named=True):
        instead = f"; the row {row['duplicate_of']} stays in its place" if row["duplicate_of"] else ""
        yield f"{called}: row {identifier} left at {row['op']}: {row['reason']}{instead}"
        yield _pretty({key: row[key] for key in ("text", "label", "split")})


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)
