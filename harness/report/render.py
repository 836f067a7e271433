"""A board as files beside each other: HTML for reading, Markdown for a repository, CSV and JSON for programs.

Owns their names and that they are written whole. The same board gives the same bytes: no clock is read.
"""

import re
from pathlib import Path
from typing import NamedTuple

from harness.report.board import Board
from harness.report.bundle import vega
from harness.report.flat import as_csv, as_json
from harness.report.markdown import as_markdown
from harness.report.page import as_html
from registry.atomic import write_bytes
from registry.errors import UserError, system_error

__all__ = ["Written", "as_csv", "as_html", "as_json", "as_markdown", "write"]


class Written(NamedTuple):
    """Where each format went."""

    html: Path
    markdown: Path
    csv: Path
    json: Path


def write(board: Board, folder: Path, cache: Path) -> Written:
    """`<board>.html`, `.md`, `.csv`, `.json` in the folder; `cache` keeps the chart program between calls.

    Readers see the old file or the new one. UserError when the disk is full or the folder cannot be written.
    """
    name = _file_name(board)
    try:
        texts = _texts(board, cache)
        paths = [folder / f"{name}.{ending}" for ending in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            # A lone surrogate from hostile text must not stop a report; \udc80 is also a valid JSON escape.
            write_bytes(path, text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise system_error(error, "writing the report", folder) from error
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
