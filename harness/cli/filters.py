"""The options that choose cards, and how chosen cards are printed; `bench list` and `bench card search` share both."""

import gc
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.console import print_json
from harness.cli.progress import tell

if TYPE_CHECKING:
    from harness.inspect.listing import Listing

KindOption = Annotated[str, typer.Option("--kind", help="general, vertical, task; of values with commas any will do.")]
DomainOption = Annotated[str, typer.Option("--domain", help="Domains of the texts.")]
TaskOption = Annotated[str, typer.Option("--task", help="Tasks of the cards.")]
LanguageOption = Annotated[str, typer.Option("--language", help="Language codes; zh takes zh-TW too.")]
LicenseOption = Annotated[str, typer.Option("--license", help="SPDX ids.")]
UseOption = Annotated[str, typer.Option("--use", help="any, research, non-commercial: what the card restricts it to.")]
BuiltOption = Annotated[bool | None, typer.Option("--built/--not-built", help="A version is in the store.")]
LockedOption = Annotated[bool | None, typer.Option("--locked/--not-locked", help="cards.lock has an entry.")]
MinRowsOption = Annotated[int | None, typer.Option("--min-rows", min=0, help="Of the version built last.")]
MaxRowsOption = Annotated[int | None, typer.Option("--max-rows", min=0, help="Of the version built last.")]

GAP = "  "
WIDEST = 32
"""A cell that is wider pushes its own line only."""


def several(*options: str) -> Iterator[tuple[str, ...]]:
    """The values of each option, which commas separate."""
    return (tuple(value.strip() for value in option.split(",") if value.strip()) for option in options)


@contextmanager
def without_collector() -> Iterator[None]:
    """10,000 cards are many objects and no garbage: looking for some takes a quarter of a listing's time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def print_listing(found: "Listing", nothing: str, *, as_json: bool) -> None:
    """Names and cells in columns on stdout; on a terminal, lines end where it ends."""
    if found.notice:
        tell(found.notice)
    if as_json:
        print_json([{"name": row.name, "summary": row.summary, **row.facts()} for row in found.rows])
        return
    if not found.rows:
        tell(nothing)
        return
    lines = aligned([(row.name, *row.cells) for row in found.rows])
    if sys.stdout.isatty():
        columns = shutil.get_terminal_size().columns
        lines = [cut(line, columns) for line in lines]
    sys.stdout.write("\n".join(lines) + "\n")


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines whose cells begin below each other; control characters are escaped."""
    *columns, last = (_escaped(column) for column in zip(*rows, strict=True) if any(column))
    filled = [_filled(column) for column in columns]
    return [GAP.join(cells).rstrip() for cells in zip(*filled, last, strict=True)]


def _escaped(column: Sequence[str]) -> Sequence[str]:
    from registry.errors import printable

    # Ten thousand cells are asked at once, and one by one only where the answer is no.
    return column if "".join(column).isprintable() else [printable(cell) for cell in column]


def _filled(column: Sequence[str]) -> list[str]:
    """Cells as wide as the widest, but for those few that are too wide."""
    from registry.errors import display_width

    widths = [display_width(cell) for cell in column]
    width = max((width for width in widths if width <= WIDEST), default=0)
    return [cell + " " * (width - own) for cell, own in zip(column, widths, strict=True)]


def cut(line: str, columns: int) -> str:
    """A line in at most so many columns, an ellipsis where it is cut."""
    from registry.errors import display_width

    if display_width(line) <= columns:
        return line
    width = 0
    for place, char in enumerate(line):
        width += display_width(char)
        if width >= columns:
            return line[:place] + "…"
    return line
