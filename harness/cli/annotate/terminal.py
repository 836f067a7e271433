"""The terminal of this process: raw keys in, whole screens out, and everything as it was at the end.

The only file of the annotator that knows one. Refuses what is no POSIX terminal.
"""

import codecs
import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import FrameType

from rich.console import Console

from harness.annotate.keys import INTERRUPT, SUSPEND, decoded
from harness.annotate.screen import drawn
from harness.annotate.session import Change, Session, Window, press
from registry.errors import UserError

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h"
"""Another screen than the one with the scrolled lines, no cursor, no wrapping of our own lines, pastes marked."""
LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
WATCH, LONE_ESCAPE = 0.25, 0.05
"""Seconds between two looks at the size, and after which an escape is no begin of a longer key."""
SLOW = 0.5
"""Seconds after which an item that is shown has been waited for: what was typed meanwhile is no answer to it."""
USUAL = (80, 24)
"""Columns and rows where the terminal does not say how many it has."""


def check() -> None:
    """UserError where nobody can type or see."""
    do = "Run it in a terminal, or write tasks for a tool with `bench annotate export`."
    if os.name != "posix":
        raise UserError("the annotator needs a POSIX terminal, which Windows has under WSL", do=do)
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        raise UserError("the annotator needs a terminal: keys come from it and the screen goes to it", do=do)
    if codecs.lookup(sys.stdout.encoding).name != "utf-8":
        what = f"the annotator cannot show every text in the encoding of this locale, {sys.stdout.encoding}"
        raise UserError(what, do="Set LC_ALL=C.UTF-8 in a terminal that shows UTF-8.")


def annotated(session: Session, changed: Callable[[Change], None]) -> Session:
    """The session when it was ended. `changed` is told each answer before the next item is shown.

    KeyboardInterrupt at Ctrl-C, or when the terminal is gone.
    """
    with _opened() as terminal:
        place = None
        while not session.ended:
            begun = time.monotonic()
            window = terminal.show(session)
            if place != session.place and time.monotonic() - begun > SLOW:
                terminal.forget()
            place, session = session.place, replace(session, window=window)
            key = terminal.key()
            if key is not None:
                session, change = press(session, key)
                if change is not None:
                    changed(change)
    return session


class _Terminal:
    def __init__(self) -> None:
        import termios

        self._console = Console(force_terminal=True, highlight=False)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._keys: deque[str] = deque()
        self._begun = ""
        self._shown: tuple[int, int] | None = None
        self._before = termios.tcgetattr(sys.stdin.fileno())

    def enter(self) -> None:
        import termios
        import tty

        tty.setraw(sys.stdin.fileno(), termios.TCSADRAIN)
        os.write(sys.stdout.fileno(), ENTER.encode())
        self._shown = None

    def leave(self) -> None:
        import termios

        # A window that was closed has nothing to be put back.
        with suppress(OSError, termios.error):
            os.write(sys.stdout.fileno(), LEAVE.encode())
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)

    def show(self, session: Session) -> Window:
        self._shown = _size()
        screen = drawn(session, *self._shown)
        with self._console.capture() as capture:
            for row, line in enumerate(screen.lines, 1):
                self._console.out(f"\x1b[{row};1H\x1b[2K", end="", highlight=False)
                self._console.print(line, end="", soft_wrap=True)
        at = "\x1b[?25l" if screen.cursor is None else f"\x1b[{screen.cursor[0] + 1};{screen.cursor[1] + 1}H\x1b[?25h"
        self._console.file.write(capture.get() + at)
        self._console.file.flush()
        return screen.window

    def key(self) -> str | None:
        """The next key; None where the screen has to be drawn anew."""
        while not self._keys:
            if select.select([sys.stdin], [], [], LONE_ESCAPE if self._begun else WATCH)[0]:
                self._take(self._decoder.decode(_read()), idle=False)
            elif self._begun:
                self._take("", idle=True)
            if self._shown != _size():
                return None
        key = self._keys.popleft()
        if key == INTERRUPT:
            raise KeyboardInterrupt
        if key == SUSPEND:
            self.leave()
            os.kill(0, signal.SIGTSTP)
            self.enter()
            return None
        return key

    def forget(self) -> None:
        """What was typed until now, but for Ctrl-C."""
        while select.select([sys.stdin], [], [], 0)[0]:
            self._take(self._decoder.decode(_read()), idle=False)
        self._keys = deque(key for key in self._keys if key == INTERRUPT)

    def _take(self, text: str, *, idle: bool) -> None:
        keys, self._begun = decoded(self._begun + text, idle=idle)
        self._keys.extend(keys)


def _read() -> bytes:
    try:
        data = os.read(sys.stdin.fileno(), 65536)
    except OSError:
        data = b""
    if not data:
        raise KeyboardInterrupt  # The window was closed.
    return data


def _size() -> tuple[int, int]:
    """Columns and rows."""
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    return (columns, rows) if columns and rows else USUAL


@contextmanager
def _opened() -> Iterator[_Terminal]:
    terminal = _Terminal()
    handlers: dict[int, Callable[[int, FrameType | None], None]] = {
        **dict.fromkeys((signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT), lambda number, _: sys.exit(128 + number)),
        signal.SIGCONT: lambda *_: terminal.enter(),  # A shell that stopped us has put its own settings back.
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        terminal.enter()
        yield terminal
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        terminal.leave()
