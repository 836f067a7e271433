"""HTML character references (`&amp;`, `&#39;`) become the characters they stand for, one layer; tags are left alone."""

import html
from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs


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
