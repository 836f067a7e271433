"""What ops that rewrite texts share: libraries meet only what they can change, and placeholders are of one form."""

import html
import re
from collections.abc import Callable
from html.entities import html5
from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from registry.frozen import Text
from registry.text import inputs

Replace = Literal["token", "drop"]
Placeholder = Annotated[Text, Field(pattern=r"^(<\w+>|\[\w+\]|@?\w+)$", max_length=40)]
"""`<URL>`, `[URL]`, `@user`, `HTTPURL`: nothing that an op would find again as something else."""

_NAMES = "|".join(name for name in html5 if name.endswith(";"))
REFERENCE = rf"&(?:#[0-9]{{1,7}};|#[xX][0-9A-Fa-f]{{1,6}};|{_NAMES})"
"""A character reference of HTML, with its semicolon: for Polars and for Python."""


def rewritten(
    rows: pl.DataFrame, suspect: Callable[[pl.Expr], pl.Expr], rewrite: Callable[[pl.Series], pl.Series]
) -> pl.DataFrame:
    """The rows with each text that `suspect` names as `rewrite` gives it.

    `rewrite` gets distinct texts and gives one text for each. It is slow where a library works text by text, so
    `suspect` must be cheap, and false only where `rewrite` would change nothing.
    """
    for name in inputs(rows):
        texts = rows[name].filter(rows.select(suspect(pl.col(name))).to_series()).unique()
        if texts.len():
            rows = rows.with_columns(pl.col(name).replace(texts, rewrite(texts)))
    return rows


def each(texts: pl.Series, rewrite: Callable[[str], str]) -> pl.Series:
    """What `rewrite` makes of each text."""
    return pl.Series([rewrite(text) for text in texts], dtype=pl.String)


def decoded(texts: pl.Series) -> pl.Series:
    """The texts with the characters that their references stand for."""
    return each(texts, lambda text: re.sub(REFERENCE, lambda found: html.unescape(found.group()), text))


def replacement(replace: Replace, placeholder: str) -> str:
    """What Polars puts in place of what an op found."""
    return placeholder if replace == "token" else ""
