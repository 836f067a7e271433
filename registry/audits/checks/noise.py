"""Labels that may be wrong: alike texts with unlike labels, and rows whose neighbours bear another label."""

from typing import Annotated, ClassVar

import polars as pl
from pydantic import Field

from registry.audits.finding import FOUND, Bound, Finding, finding
from registry.audits.neighbours import BLOCK, neighbours
from registry.audits.overlap import with_similarity, without_boilerplate
from registry.errors import UserError
from registry.frozen import Frozen
from registry.near.find import within
from registry.near.shingle import Shingle
from registry.text import inputs

PAIRS = {"a": pl.UInt32, "b": pl.UInt32, "similarity": pl.Float64}
NEARLY_ALL = 0.9
"""The share of the neighbours' vote that one other label must have."""


class Noise(Frozen):
    """Hints, never proof: some texts are between two labels, and some neighbours are wrong themselves."""

    version: ClassVar[int] = 2
    violation: ClassVar[bool] = False
    says: ClassVar[str] = "{found} of {looked_at} rows may bear a wrong label"
    threshold: Annotated[float, Field(ge=0.5, le=1)] = 0.8
    """From which Jaccard similarity texts should bear one label."""
    neighbours: Annotated[int, Field(ge=3, le=100)] = 10
    """How many rows a row is held against; it is told where nearly all of them bear one other label."""
    at_most: Bound = None

    def find(self, rows: pl.DataFrame, extra: pl.DataFrame | None = None) -> Finding:  # noqa: ARG002 - texts and labels
        labelled = rows.drop_nulls("label").select("id", "split", "label", "_text").sort("id")
        # Two pairs of texts may share one half and yet have every right to another label.
        threshold = self.threshold if len(inputs(rows)) == 1 else 1.0
        try:
            told, crowded = [_alike(labelled, threshold)], ""
        except UserError as error:  # so many texts are so much alike that comparing them would not end
            told, crowded = [_alike(labelled, 1.0)], error.what
        votes = neighbours(labelled, self.neighbours)
        if votes.useful:
            told.append(_outvoted(votes.rows))
        found = pl.concat(told).unique("id", keep="first", maintain_order=True)
        unsure = "" if votes.useful else "neighbours were not asked: here they hardly tell labels better than chance"
        blocks = f"neighbours were looked for among {BLOCK:,} rows" if votes.useful and labelled.height > BLOCK else ""
        return finding(found, labelled.height, crowded, unsure, blocks)


def _alike(rows: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The first row of each text and label, where the text, or nearly the text, has another label too."""
    texts = rows.select("_text").unique(maintain_order=True).with_row_index("code")
    pairs = pl.DataFrame(schema=PAIRS)
    if threshold < 1:
        pairs = within(without_boilerplate(texts["_text"]), threshold, Shingle())
    pairs = with_similarity(pairs.select(code="a", other_code="b"), texts["_text"])
    pairs = pairs.filter(pl.col("measure") >= threshold)
    mirrored = pairs.select(code="other_code", other_code="code", measure="measure")
    same = texts.select("code", other_code="code", measure=pl.lit(1.0))
    bearing = rows.unique(["_text", "label"], keep="first", maintain_order=True).join(texts, on="_text").drop("_text")
    others = bearing.select(other_code="code", other="id", other_split="split", other_label="label")
    unlike = pl.concat([same, pairs, mirrored]).join(bearing, on="code").join(others, on="other_code")
    unlike = unlike.filter(pl.col("label") != pl.col("other_label")).sort(
        "measure", "id", "other", descending=[True, False, False]
    )
    how = (
        pl.when(pl.col("code") == pl.col("other_code"))
        .then(pl.lit("the same text"))
        .otherwise(pl.lit("nearly the same text"))
    )
    why = pl.format("{} is {} here and {} there", how, "label", "other_label")
    return unlike.with_columns(why=why).unique("id", keep="first", maintain_order=True).select(FOUND.names())


def _outvoted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of which nearly all neighbours bear one other label."""
    others = rows.filter(pl.col("measure") >= NEARLY_ALL, pl.col("label") != pl.col("other_label"))
    why = pl.format("it is {}, its nearest rows are {}", "label", "other_label")
    none = pl.lit(None, dtype=pl.String)
    return others.with_columns(why=why, other=none, other_split=none).select(FOUND.names())
