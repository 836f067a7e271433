"""Cleaning that the texts show a need for, each step with the number of rows that it is for. Suggests nothing else."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from registry.errors import plural
from registry.infer.emit import value
from registry.text import folded

REFERENCE = r"&(amp|lt|gt|quot|apos|nbsp|hellip|mdash|ndash|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"
DENSE = ("zh", "ja", "ko")
"""Languages in which two characters can say something."""


class Step(NamedTuple):
    """One element of `clean:`, and what it is for."""

    op: Any
    why: str


def suggested(frame: pl.DataFrame, language: str) -> tuple[Step, ...]:
    """`frame` has the columns `text` and `label`."""
    return tuple(step for step in _steps(frame, language) if step)


def _steps(frame: pl.DataFrame, language: str) -> Iterator[Step | None]:
    text = pl.col("text")
    yield _if("unescape_html", "HTML character references such as &amp;", frame, text.str.contains(REFERENCE))
    yield _if("normalize", "characters in an unusual Unicode form", frame, text != text.str.normalize("NFC"))
    spaces = text != text.str.replace_all(r"\s+", " ").str.strip_chars()
    yield _if("whitespace", "line breaks, runs of white space or white space at an end", frame, spaces)
    least = 2 if language in DENSE else 3
    short = text.str.strip_chars().str.len_chars().is_between(1, least - 1)
    yield _if({"length": {"min_chars": least}}, f"a text of under {least} characters", frame, short)
    yield _duplicates(frame)


def _if(op: Any, what: str, frame: pl.DataFrame, needed: pl.Expr) -> Step | None:
    count = int(frame.select(needed.fill_null(value=False).sum()).item())
    return Step(op, f"{value(op)}: {plural(count, 'row')} with {what}") if count else None


def _duplicates(frame: pl.DataFrame) -> Step | None:
    """Repeated texts, and those of them whose labels differ: the op drops those, all of them."""
    live = frame.drop_nulls("text").select("label", key=folded(pl.col("text")))
    clusters = live.group_by("key").agg(rows=pl.len(), labels=pl.col("label").drop_nulls().n_unique())
    repeated = clusters.filter(pl.col("rows") > 1)
    if repeated.is_empty():
        return None
    torn = repeated.filter(pl.col("labels") > 1)
    more = int(repeated["rows"].sum()) - repeated.height
    conflict = f"; {plural(int(torn['rows'].sum()), 'row')} of equal text bear different labels" if torn.height else ""
    return Step("dedupe_exact", f"dedupe_exact: {plural(more, 'row')} repeat the text of another{conflict}")
