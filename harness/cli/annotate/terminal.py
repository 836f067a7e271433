"""The terminal of this process: raw keys in, whole screens out, and everything as it was at the end.

The only file of the annotator that knows one. Refuses what is no POSIX terminal.
"""

import codecs
import os
import select
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from rich.console import Console

from harness.annotate.keys import INTERRUPT, decoded
from harness.annotate.screen import Drawn, drawn
from harness.annotate.session import Change, Session, press
from registry.errors import UserError

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h"
"""Another screen than the one with the scrolled lines, no cursor, no wrapping of our own lines, pastes marked."""
LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
WATCH, LONE_ESCAPE = 0.25, 0.05
"""Seconds between two looks at the size, and after which an escape is no begin of a longer key."""


def check() -> None:
    """UserError where nobody can type or see."""
    do = "Run it in a terminal, or write tasks for a tool with `bench annotate export`."
    if os.name != "posix":
        raise UserError("the annotator needs a POSIX terminal, which Windows has under WSL", do=do)
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        raise UserError("the annotator needs a terminal: keys come from it and the screen goes to it", do=do)


def annotated(session: Session, changed: Callable[[Change], None]) -> Session:
    """The session when it was ended. `changed` is told each answer before the next item is shown.

    KeyboardInterrupt at Ctrl-C, or when the terminal is gone.
    """
    with _opened() as terminal:
        while not session.ended:
            shown = drawn(session, *terminal.size)
            terminal.show(shown)
            session = replace(session, window=shown.window)
            key = terminal.key()
            if key is not None:
                session, change = press(session, key)
                if change is not None:
                    changed(change)
    return session


class _Terminal:
    def __init__(self) -> None:
        self._console = Console(force_terminal=True, highlight=False)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._keys: deque[str] = deque()
        self._begun = ""
        self.size = os.get_terminal_size(sys.stdout.fileno())

    def show(self, drawn: Drawn) -> None:
        with self._console.capture() as capture:
            for row, line in enumerate(drawn.lines, 1):
                self._console.out(f"\x1b[{row};1H\x1b[2K", end="", highlight=False)
                self._console.print(line, end="", soft_wrap=True)
        at = "\x1b[?25l" if drawn.cursor is None else f"\x1b[{drawn.cursor[0] + 1};{drawn.cursor[1] + 1}H\x1b[?25h"
        self._console.file.write(capture.get() + at)
        self._console.file.flush()

    def key(self) -> str | None:
        """The next key; None where the window has another size by now."""
        while not self._keys:
            if select.select([sys.stdin], [], [], LONE_ESCAPE if self._begun else WATCH)[0]:
                self._take(self._decoder.decode(_read()), idle=False)
            elif self._begun:
                self._take("", idle=True)
            before, self.size = self.size, os.get_terminal_size(sys.stdout.fileno())
            if before != self.size:
                return None
        key = self._keys.popleft()
        if key == INTERRUPT:
            raise KeyboardInterrupt
        return key

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


@contextmanager
def _opened() -> Iterator[_Terminal]:
    import termios
    import tty

    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    ended = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        tty.setraw(keyboard, termios.TCSADRAIN)
        os.write(sys.stdout.fileno(), ENTER.encode())
        yield _Terminal()
    finally:
        signal.signal(signal.SIGTERM, ended)
        # A window that was closed has nothing to be put back.
        with suppress(OSError, termios.error):
            os.write(sys.stdout.fileno(), LEAVE.encode())
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
