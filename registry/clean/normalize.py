"""Unicode normalisation."""

from typing import Any, ClassVar, Literal

import polars as pl

from registry.frozen import Frozen
from registry.text import UNNORMAL, inputs, where


class Normalize(Frozen):
    """NFC joins what looks the same; NFKC also folds full-width and compatibility forms."""

    form: Literal["NFC", "NFKC"] = "NFC"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "cafe\u0301", "café"),
        ({"form": "NFKC"}, "ＡＢＣ１２３", "ABC123"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        columns = [where(UNNORMAL, rows[name], lambda texts: texts.str.normalize(self.form)) for name in inputs(rows)]
        return rows.with_columns(columns)
