"""What is wrong with answers that came back: equal problems are told once, with how many, whose, and what to do."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from registry.errors import UserError, clipped, plural

MOST_TOLD = 50
"""Further problems are counted."""
REMEDY = "Mend it in the tool, and export again."


class Wrong(NamedTuple):
    """One problem of one answer, or of a file."""

    what: str
    where: str
    do: str
    item: str = ""
    """The row's id; empty where it is not known."""
    by: str = ""
    """Who answered; empty where it is not known, or told beside the place."""


def wrong(error: ValueError | UserError, where: str, item: str = "", by: str = "") -> Wrong:
    """The problem that an error tells, at its place."""
    if isinstance(error, UserError):
        return Wrong(error.what, error.where or where, error.do or REMEDY, item, by)
    return Wrong(str(error), where, REMEDY, item, by)


def refused(problems: Iterable[Wrong]) -> UserError:
    """All of them in one error."""
    alike: dict[tuple[str, str], list[Wrong]] = {}
    for one in problems:
        alike.setdefault((one.what, one.do), []).append(one)
    shown = [str(told(same)) for same in islice(alike.values(), MOST_TOLD)]
    more = [f"... and {len(alike) - MOST_TOLD:,} more"] if len(alike) > MOST_TOLD else []
    return UserError("\n".join([*shown, *more, f"{plural(len(alike), 'problem')}. Nothing was imported."]))


def told(same: Sequence[Wrong]) -> UserError:
    """Problems that differ in their place alone, at the first of these."""
    what, where, do, item, by = same[0]
    if len(same) > 1:
        first = f", first on {clipped(item, 60)}" if item else ""
        what = f"{what}: {len(same):,} answers{first}"
    about = f", item {clipped(item, 60)}" if item else ""
    return UserError(what, where=f"{where}{about}" + (f", by {clipped(by, 60)}" if by else ""), do=do)
