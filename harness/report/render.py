"""A board as files beside each other: HTML for reading, Markdown for a repository, CSV and JSON for programs.

Owns their names and that they are written whole. The same board gives the same bytes: no clock is read.
"""

import re
from pathlib import Path
from typing import NamedTuple

from harness.report.board import Board
from harness.report.bundle import vega
from harness.report.files import write_atomically
from harness.report.flat import as_csv, as_json
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from registry.errors import UserError

__all__ = ["Written", "as_csv", "as_html", "as_json", "as_markdown", "write"]


class Written(NamedTuple):
    """Where each format went."""

    html: Path
    markdown: Path
    csv: Path
    json: Path


def write(board: Board, folder: Path, cache: Path) -> Written:
    """`<board>.html`, `.md`, `.csv`, `.json` in the folder; `cache` keeps the chart program between calls."""
    texts = _texts(board, cache)
    paths = [folder / f"{_file_name(board)}.{ending}" for ending in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        write_atomically(path, text)
    return Written(*paths)


def _texts(board: Board, cache: Path) -> dict[str, str]:
    return {
        "html": as_html(board, vega(cache)),
        "md": as_markdown(board),
        "csv": as_csv(board),
        "json": as_json(board),
    }


def _file_name(board: Board) -> str:
    """The board's name, refused where it could lead out of the folder."""
    if re.fullmatch(r"\w[\w.-]*", board.name):
        return board.name
    raise UserError(
        f"{board.name!r} cannot name a report file",
        do="Name the suite with letters, digits, dots, hyphens and underscores.",
    )
