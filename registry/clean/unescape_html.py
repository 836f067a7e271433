"""HTML character references (`&amp;`, `&#39;`) to the characters they stand for; tags are left alone."""

import html
import re
from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.rewriting import each, rewritten

_REFERENCE = r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);"
_LAYERS = re.compile(r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+")
_ROUNDS = 8


class UnescapeHtml(Frozen):
    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "love &amp; peace &lt;3", "love & peace <3"),
        ({}, "R&D", "R&D"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            # Only rows with a reference meet Python; they are few.
            has_reference = pl.col(name).str.contains(r"&(#\w+|\w+);")
            unescaped = pl.col(name).map_elements(html.unescape, return_dtype=pl.String)
            touched = rows.filter(has_reference).select("id", _unescaped=unescaped)
            joined = rows.join(touched, on="id", how="left", maintain_order="left")
            rows = joined.with_columns(pl.coalesce("_unescaped", name).alias(name)).drop("_unescaped")
        return rows
