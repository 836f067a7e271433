"""Texts that are mostly punctuation, emoji and other symbols leave; of pairs, both must fit."""

from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from registry.frozen import Frozen
from registry.op import leave
from registry.text import inputs


class SymbolRatio(Frozen):
    """Symbols are what is no letter, digit, mark or white space; the share is that among all but white space. It fits
    texts of any length and language; for the hash and ellipsis rules of the Gopher paper see `gopher_quality`."""

    at_most: float = Field(0.5, ge=0, le=1)

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "what?!", "what?!"),
        ({}, ">>> ==== ok <<<", None),
        ({}, "很好！！！", None),
        ({"at_most": 0.6}, "很好！！！", "很好！！！"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            text = pl.col(name)
            share = text.str.count_matches(r"[^\p{L}\p{M}\p{N}\s]") / pl.max_horizontal(
                text.str.count_matches(r"\S"), 1
            )
            rows = rows.with_columns(leave(share > self.at_most, f"over {self.at_most:g} symbols"))
        return rows
