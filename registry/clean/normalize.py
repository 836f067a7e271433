"""Unicode normalisation."""

from typing import Any, ClassVar, Literal

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs


class Normalize(Frozen):
    """NFC joins what looks the same; NFKC also folds full-width and compatibility forms."""

    form: Literal["NFC", "NFKC"] = "NFC"

    version: ClassVar[int] = 1
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "cafe\u0301", "café"),
        ({"form": "NFKC"}, "ＡＢＣ１２３", "ABC123"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(pl.col(inputs(rows)).str.normalize(self.form))
