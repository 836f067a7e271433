"""Reports that are up to date are not made again: a board is kept with a fingerprint of all that it came from.

The fingerprint covers the plan, the records, the cards, the manifests and the code that makes reports.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from harness import records
from harness.plan import Plan
from harness.report.assemble import board
from harness.report.board import Board
from harness.report.quality import state
from harness.report.render import Written, write
from harness.workspace import Workspace
from registry.atomic import write_text
from registry.digest import digest, file_digest
from registry.kinds import GROUPS, plugins

CODE = (".py", ".html", ".css", ".js")
BOARD: TypeAdapter[Board] = TypeAdapter(Board)


class Report(NamedTuple):
    """A board and the files it was written to."""

    board: Board
    files: Written


def report(plan: Plan, workspace: Workspace) -> Report:
    """The board of a plan in every format; read back where nothing that it depends on has changed."""
    folder = workspace.home / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    memory, now = folder / f".{plan.suite.name}.json", fingerprint(plan, workspace)
    files = Written(*(folder / f"{plan.suite.name}.{ending}" for ending in ("html", "md", "csv", "json")))
    scripts = [one for dataset in plan.datasets.values() for one in dataset.scripts.values()]
    complete = workspace.allow_code or not scripts
    kept = _read(memory, now, complete=complete)
    if kept is not None and all(path.exists() for path in files):
        return Report(kept, files)
    made = board(plan, workspace)
    written = write(made, folder, workspace.home / "cache")
    write_text(
        memory, json.dumps({"fingerprint": now, "complete": complete, "board": BOARD.dump_python(made, mode="json")})
    )
    return Report(made, written)


def fingerprint(plan: Plan, workspace: Workspace) -> str:
    """A digest of everything that a report shows or is computed by."""
    catalog, suite = workspace.catalog, plan.suite
    versions = {name: one.published for name, one in plan.datasets.items()}
    cells = [[cell.state, cell.reason, cell.spec.run_id if cell.spec else None] for cell in plan.cells]
    ids = [cell.spec.run_id for cell in plan.cells if cell.spec]
    return digest(
        {
            "code": _code(),
            "suite": suite.model_dump(mode="json"),
            "cards": [catalog.merged("datasets", name).text for name in suite.datasets],
            "models": [catalog.merged("models", name).text for name in suite.every_model],
            "versions": {name: one.manifest["build_key"] if one else None for name, one in versions.items()},
            "cells": cells,
            "records": records.latest(ids, workspace.home),
            "quality": state(plan, workspace),
            "plugins": {group: plugins(group) for group in GROUPS},
            "scripts": [one.state for dataset in plan.datasets.values() for one in dataset.scripts.values()],
        }
    )


@cache
def _code() -> dict[str, str]:
    """sha256 of every file of the program: hardly any cannot change a number, and none changes while it runs."""
    root = Path(__file__).parent.parent.parent
    files = [path for part in ("harness", "registry") for path in (root / part).rglob("*") if path.suffix in CODE]
    return {path.relative_to(root).as_posix(): file_digest(path) for path in sorted(files)}


def _read(memory: Path, now: str, *, complete: bool) -> Board | None:
    """The kept board if it is of this fingerprint; anything unreadable is made again.

    Values that scripts gave when they were allowed stay on it; one made without them will not do once they are.
    """
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
        usable = kept["fingerprint"] == now and (kept["complete"] or not complete)
        return BOARD.validate_python(kept["board"]) if usable else None
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None
