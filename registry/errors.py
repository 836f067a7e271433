"""What a user is told when something is wrong: where, what, what would be right, what to do.

Owns the text of every user-facing error. Refuses to be used for bugs: those keep their traceback.
"""

import difflib
import errno
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

MAX_SHOWN = 160
"""Longer source lines are cut where an error quotes them."""


class UserError(Exception):
    """The user must act. Printed without a traceback; exit code 2 unless `exit_code` says otherwise."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__("\n  ".join(part for part in (where, what, do) if part))

    def at(self, where: str) -> "UserError":
        """The same error, with its place where it names none."""
        return self if self.where else UserError(self.what, where=where, do=self.do)

    def advise(self, do: str) -> None:
        """Say one more thing to do."""
        UserError.__init__(self, self.what, where=self.where, do=f"{self.do} {do}".strip())


class GateError(UserError):
    """The data did not pass a gate that its own card sets (agreement, leakage, a lock)."""

    exit_code = 1


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in one card. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    path: tuple[str, ...]
    what: str
    do: str = ""
    source: str = ""
    length: int = 1

    def __str__(self) -> str:
        breadcrumb = " > ".join(self.path)
        lines = [f"{self.file}:{self.line}:{self.column}  {breadcrumb}".rstrip()]
        if self.source and self.column <= MAX_SHOWN:
            shown = self.source[: MAX_SHOWN - 1] + "…" if len(self.source) > MAX_SHOWN else self.source
            before, marked = shown[: self.column - 1], shown[self.column - 1 :][: self.length]
            lines += [
                f"{self.line:>5} | {shown}",
                " " * (8 + display_width(before)) + "^" * max(1, display_width(marked)),
            ]
        lines += [f"  {line}" for line in (*self.what.split("\n"), self.do) if line]
        return "\n".join(map(printable, lines))


class CardProblems(UserError):
    """Every mistake of every card that was read, in order of file and line."""

    def __init__(self, problems: Iterable[Problem], cards: int, outcome: str = "Nothing was built.") -> None:
        self.problems: Sequence[Problem] = sorted(set(problems))
        bad = len({problem.file for problem in self.problems})
        count = plural(len(self.problems), "problem")
        summary = f"{count} in {bad} of {plural(cards, 'card')}. {outcome}".rstrip()
        super().__init__("\n".join([*map(str, self.problems), summary]))


def printable(text: str) -> str:
    """`text` with control and text-direction characters escaped: cards and data must not drive the terminal."""
    return text if text.isprintable() else "".join(_visible(char) for char in text)


SECRET = re.compile(
    "token|secret|passw|signature|credential|api_?-?key|access_?-?key|^auth(orization)?$|^sig$|^key$", re.IGNORECASE
)
"""What the keys of a query look like that hold credentials."""


def masked(text: str) -> str:
    """`text` with stars, as many as there were characters, for what in a URL may be a credential."""
    return re.sub(r"\S+", lambda word: _without_secret(_without_user(word[0])), text)


def _without_user(word: str) -> str:
    """What stands before the last @ of a URL may be a user and a password, which may hold anything."""
    scheme, mark, rest = word.partition("://")
    user, at, host = rest.rpartition("@")
    return f"{scheme}{mark}{'*' * len(user)}{at}{host}" if ":" in user or "/" not in user else word


def _without_secret(word: str) -> str:
    def hidden(found: re.Match[str]) -> str:
        return f"{found[1]}={'*' * len(found[2])}" if SECRET.search(unquote(found[1])) else found[0]

    return re.sub(r"(?<=[?&])([^=&?]++)=([^&#\"']++)", hidden, word)


def clipped(text: str, limit: int = 200) -> str:
    """`printable`, cut where foreign text is long."""
    return printable(text if len(text) <= limit else text[: limit - 3] + "...")


def _visible(char: str) -> str:
    reorders = "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or char in "\u2028\u2029\ufeff"
    return ascii(char)[1:-1] if reorders or unicodedata.category(char) in ("Cc", "Cs") else char


def display_width(text: str) -> int:
    """Terminal columns that `text` takes: East Asian wide characters take two."""
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def nearest(name: str, known: Iterable[str]) -> str:
    """`; nearest: "x"` when one of the known names is close, else the empty string."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'; nearest: "{close[0]}"' if close else ""


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


SPACE = "Free some space or set BENCH_HOME to a disk that has it, then run the same command again."
WRITABLE = "Set BENCH_HOME to a folder that can be written."
REMEDIES = {
    errno.ENOSPC: SPACE,
    errno.EDQUOT: SPACE,
    errno.EROFS: WRITABLE,
    errno.EACCES: WRITABLE,
    errno.EPERM: WRITABLE,
}
"""What to do about errors of the system that are no bug of ours."""


def system_error(error: OSError, doing: str, path: Path) -> UserError:
    """A full disk, a read-only store and the like, told once and plainly."""
    other = "Nothing was half-written; run the same command again once that is mended."
    remedy = REMEDIES.get(error.errno or 0, other)
    return UserError(f"{doing} failed: {error.strerror or error}", where=str(path), do=remedy)
