"""How long work tells how far it is. The command line draws it; a library caller gets silence."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """One piece of work under way."""

    def advance(self, amount: int = 1) -> None: ...


class Progress(Protocol):
    """Opens steps. `total` is None where it is not known beforehand; `unit` is "B", "rows", "examples" ..."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> AbstractContextManager[Step]: ...

    def say(self, line: str) -> None:
        """Tell something that stays on the screen."""


class _Nothing:
    def advance(self, amount: int = 1) -> None:
        """Nobody watches."""


class Silent:
    """Progress that nobody watches."""

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator[Step]:  # noqa: ARG002
        yield _Nothing()

    def say(self, line: str) -> None:
        """Nobody listens."""
