"""What all verbs share: opening the project, drawing progress, telling errors. Owns stderr; results go to stdout."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from harness.workspace import Workspace
    from registry.progress import Progress, Step

ProjectOption = Annotated[Path | None, typer.Option("--project", help="Folder that holds cards/ (default: found upwards).")]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Open no socket: use only what was fetched before.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def workspace(project: Path | None, *, offline: bool = False, quiet: bool = False) -> "Workspace":
    """The project around the current folder, or the one that --project names."""
    from harness.workspace import Workspace
    from registry import project as projects
    from registry.catalog import Catalog
    from registry.errors import UserError
    from registry.progress import Silent

    if project is not None and not project.is_dir():
        raise UserError("there is no such folder", where=str(project), do="--project names the folder that holds cards/.")
    found = projects.at(project) if project else projects.find()
    catalog = Catalog(found)
    if offline:
        _forbid_telemetry_and_hub()
    return Workspace(catalog, offline, Silent() if quiet else progress())


def progress() -> "Progress":
    """Bars where a person watches, one line a step elsewhere; always on stderr."""
    return Bars() if sys.stderr.isatty() else Lines()


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def tell(line: str) -> None:
    """A line for people on stderr, control characters escaped."""
    from registry.errors import printable

    sys.stderr.write("\n".join(map(printable, line.split("\n"))) + "\n")


def _forbid_telemetry_and_hub() -> None:
    import os

    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")


class Bars:
    """Progress bars with rate and estimate."""

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator["Step"]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(show_speed=True))
        bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        with bar:
            task = bar.add_task(f"{name} {f'({unit})' if unit else ''}".strip(), total=total)
            yield _Bar(bar, task)

    def say(self, line: str) -> None:
        tell(line)


class _Bar:
    def __init__(self, bar: Any, task: Any) -> None:
        self.bar, self.task = bar, task

    def advance(self, amount: int = 1) -> None:
        self.bar.advance(self.task, amount)


class Lines:
    """One line when a step ends: for logs and pipes."""

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator["Step"]:
        from time import perf_counter

        counter, begun = _Counter(), perf_counter()
        yield counter
        seconds = perf_counter() - begun
        done = f"{counter.amount:,} {unit}".strip() if counter.amount else ""
        tell(f"  {name}: {done}{', ' if done else ''}{seconds:.1f} s")

    def say(self, line: str) -> None:
        tell(line)


class _Counter:
    amount = 0

    def advance(self, amount: int = 1) -> None:
        self.amount += amount
