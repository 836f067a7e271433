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


FEW_ANSWERS = 2
"""Rows a text, on average: from here on equal texts of different labels are taken for answers of several people."""


class Step(NamedTuple):
    """One element of `clean:`, and what it is for."""

    op: Any
    why: str


def suggested(frame: pl.DataFrame, language: str, *, answers: bool = False, votes: bool = False) -> tuple[Step, ...]:
    """`frame` has the columns `text` and `label`; `answers` says that its rows are those of several annotators, and
    `votes` that each row has the votes of all of them, and no label yet."""
    return tuple(step for step in (*_steps(frame, language), _duplicates(frame, answers=answers, votes=votes)) if step)


def _steps(frame: pl.DataFrame, language: str) -> Iterator[Step | None]:
    text = pl.col("text")
    yield _if("unescape_html", "HTML character references such as &amp;", frame, text.str.contains(REFERENCE))
    yield _if("normalize", "characters in an unusual Unicode form", frame, text != text.str.normalize("NFC"))
    spaces = text != text.str.replace_all(r"\s+", " ").str.strip_chars()
    yield _if("whitespace", "line breaks, runs of white space or white space at an end", frame, spaces)
    least = 2 if language in DENSE else 3
    short = text.str.strip_chars().str.len_chars().is_between(1, least - 1)
    yield _if({"length": {"min_chars": least}}, f"a text of under {least} characters", frame, short)


def _if(op: Any, what: str, frame: pl.DataFrame, needed: pl.Expr) -> Step | None:
    count = int(frame.select(needed.fill_null(value=False).sum()).item())
    return Step(op, f"{value(op)}: {plural(count, 'row')} with {what}") if count else None


def _duplicates(frame: pl.DataFrame, *, answers: bool, votes: bool) -> Step | None:
    """Repeated texts, and those of them whose labels differ: the op drops those, unless they are answers."""
    live = frame.drop_nulls("text" if votes else ["text", "label"]).select("label", key=folded(pl.col("text")))
    most = pl.col("label").unique_counts()
    tied = (most == most.max()).sum() > 1
    clusters = live.group_by("key").agg(rows=pl.len(), labels=pl.col("label").n_unique(), tied=tied)
    repeated = clusters.filter(pl.col("rows") > 1)
    if repeated.is_empty():
        return None
    torn = repeated.filter(pl.col("labels") > 1)
    more = int(repeated["rows"].sum()) - repeated.height
    if votes:
        why = f"dedupe_exact: {plural(more, 'row')} repeat the text of another; the votes on it are put together"
        return Step({"dedupe_exact": {"conflict": "pool"}}, why)
    conflict = f"; {plural(int(torn['rows'].sum()), 'row')} of equal text bear different labels" if torn.height else ""
    if torn.height and (answers or live.height >= FEW_ANSWERS * clusters.height):
        op = {"dedupe_exact": {"conflict": "pool"}}
        why = f"dedupe_exact: {live.height:,} answers to {clusters.height:,} texts; {torn.height:,} have different ones"
        return Step(op, f"{why}, of which the commonest wins, and {torn['tied'].sum():,} texts with a tie leave")
    return Step("dedupe_exact", f"dedupe_exact: {plural(more, 'row')} repeat the text of another{conflict}")
