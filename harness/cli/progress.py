"""How long work shows how far it is: bars where a person watches, one line a step elsewhere. Always on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any

from registry.errors import printable
from registry.progress import Progress, Step

if TYPE_CHECKING:
    from rich.progress import Progress as Live


def tell(line: str) -> None:
    """A line for people on stderr, control characters escaped."""
    sys.stderr.write("\n".join(map(printable, line.split("\n"))) + "\n")


def watched() -> Progress:
    """Bars on a terminal, lines in a log or pipe."""
    return Bars() if sys.stderr.isatty() else Lines()


class Bars:
    """Bars with rate and estimate; steps inside steps stand below each other."""

    def __init__(self) -> None:
        self._live: Live | None = None

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator[Step]:
        live, outermost = self._live or _live(), self._live is None
        self._live = live
        task = live.add_task(printable(name), total=total, unit=unit)
        if outermost:
            live.start()
        try:
            yield _Bar(live, task)
        finally:
            live.remove_task(task)
            if outermost:
                live.stop()
                self._live = None

    def say(self, line: str) -> None:
        if self._live is None:
            tell(line)
        else:
            self._live.console.print("\n".join(map(printable, line.split("\n"))), markup=False, highlight=False)


class _Bar:
    def __init__(self, live: "Live", task: Any) -> None:
        self.live, self.task = live, task

    def advance(self, amount: int = 1) -> None:
        self.live.advance(self.task, amount)


def _live() -> "Live":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Amount(ProgressColumn):
        """How much of how much, and how much a second, as far as these are known."""

        def render(self, task: Task) -> Text:
            unit, speed = task.fields["unit"], task.finished_speed or task.speed
            share = f"{task.completed:,.0f}/{task.total:,.0f} {unit}" if task.total else ""
            return Text(f"{share}  {speed:,.0f}/s" if speed and share and unit else share)

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), Amount(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


class Lines:
    """One line when a step ends."""

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator[Step]:  # noqa: ARG002
        counter, begun = _Counter(), perf_counter()
        yield counter
        one = unit.removesuffix("s") if counter.amount == 1 else unit
        done = f"{counter.amount:,} {one}, ".replace(" ,", ",") if counter.amount else ""
        tell(f"  {name}: {done}{perf_counter() - begun:.1f} s")

    def say(self, line: str) -> None:
        tell(line)


class _Counter:
    amount = 0

    def advance(self, amount: int = 1) -> None:
        self.amount += amount
