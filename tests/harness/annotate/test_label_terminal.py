"""The terminal itself: a real one, whose settings are as before whatever ends the session."""

import io
import os
import signal
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import pytest

from harness.annotate.session import Change, Item, Question, begun
from harness.cli.annotate.terminal import annotated, check
from registry.errors import UserError

ITEMS = tuple(Item(str(number), (f"text {number}",), "0" * 16) for number in range(3))
SESSION = begun(Question("mine", "ana", "Is it good?", "single", ("bad", "good")), ITEMS, {})


class Terminal(NamedTuple):
    keyboard: int
    settings: list[Any]
    screen: list[bytes]

    def types(self, keys: str) -> None:
        os.write(self.keyboard, keys.encode())

    @property
    def as_before(self) -> bool:
        return termios.tcgetattr(sys.stdin.fileno()) == self.settings


@contextmanager
def opened() -> Iterator[Terminal]:
    """A terminal that does not say how large it is, in place of the standard streams of this process."""
    keyboard, window = os.openpty()
    screen: list[bytes] = []

    def reads() -> None:
        with suppress(OSError):  # once its other end is closed
            while data := os.read(keyboard, 65536):
                screen.append(data)

    watcher = threading.Thread(target=reads)
    watcher.start()
    with (
        os.fdopen(window, encoding="utf-8") as stdin,
        os.fdopen(os.dup(window), "w", encoding="utf-8") as stdout,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "stdin", stdin)
        patch.setattr(sys, "stdout", stdout)
        patch.setenv("TERM", "xterm")
        yield Terminal(keyboard, termios.tcgetattr(window), screen)
    watcher.join()
    os.close(keyboard)


def answers(found: list[Change]) -> list[object]:
    return [change.answer for change in found]


def test_keys_answer_and_the_terminal_is_as_before() -> None:
    found: list[Change] = []
    with opened() as terminal:
        terminal.types("12q")
        ended = annotated(SESSION, found.append)
        assert (answers(found), ended.place, terminal.as_before) == (["bad", "good"], 2, True)
    assert b"text" in b"".join(terminal.screen)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_it_the_terminal_is_as_before(number: signal.Signals) -> None:
    with opened() as terminal:
        terminal.types("1")
        with pytest.raises(SystemExit):
            annotated(SESSION, lambda _: os.kill(os.getpid(), number))
        assert terminal.as_before


def test_a_shell_that_put_its_own_settings_back_is_answered() -> None:
    found: list[Change] = []

    def stopped(change: Change) -> None:
        found.append(change)
        if len(found) == 1:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, terminal.settings)
            os.kill(os.getpid(), signal.SIGCONT)
            terminal.types("2q")

    with opened() as terminal:
        terminal.types("1")
        annotated(SESSION, stopped)
        assert (answers(found), terminal.as_before) == (["bad", "good"], True)


def test_what_was_typed_while_a_long_text_was_made_ready_is_no_answer_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Change] = []

    def hastens(change: Change) -> None:
        found.append(change)
        monkeypatch.setattr("harness.cli.annotate.terminal.SLOW", 0.0)
        terminal.types("2\x03")

    with opened() as terminal:
        terminal.types("1")
        with pytest.raises(KeyboardInterrupt):
            annotated(SESSION, hastens)
    assert answers(found) == ["bad"]


def test_a_terminal_that_lacks_characters_is_refused() -> None:
    with opened():
        check()
        assert isinstance(sys.stdout, io.TextIOWrapper)
        sys.stdout.reconfigure(encoding="latin-1")
        with pytest.raises(UserError, match="latin-1"):
            check()
