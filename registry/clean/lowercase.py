"""Lower case, as Unicode has it for each letter; scripts without cases stay as they are.

A case fold goes further, to compare texts: it writes ß as ss and ς as σ, which is no spelling.
"""

from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs


class Lowercase(Frozen):
    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "GREAT Straße ΟΔΟΣ", "great straße οδος"),
        ({}, "买了iPhone，ＯＫ", "买了iphone，ｏｋ"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(pl.col(inputs(rows)).str.to_lowercase())
