"""The lines of a text file as one column, for the readers of line-wise formats."""

from pathlib import Path

import polars as pl

from registry.reading.formats import decoded


def lines(path: Path, encoding: str) -> pl.Series:
    """All lines in a column `text`. A line ends with LF or CR LF; a final line end starts no further line."""
    whole = "".join(decoded(path, encoding))
    if not whole:
        return pl.Series("text", [], dtype=pl.String)
    # One string that polars splits: a Python string for every line would cost ten times as much.
    found = pl.Series("text", [whole.removesuffix("\n")], dtype=pl.String).str.split("\n").explode()
    return found.str.strip_suffix("\r")
