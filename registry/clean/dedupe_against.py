"""Rows leave that another card has already: new data against old, or training data against a test set.

    dedupe_against: films
    dedupe_against: {card: films, splits: [test], threshold: 0.8}

They are compared with the published version that the other card gives as it stands, its texts folded as in
`dedupe_exact`. The reason names the split and the card; `duplicate_of` in the ledger is the other row, `films:ID`.
With `threshold` below 1 nearly equal rows leave too, measured as in `dedupe_near`.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import polars as pl
from pydantic import Field

from registry.frozen import Frozen, Text
from registry.near.shingle import Length, Shingle
from registry.op import Links, staying
from registry.references import Reference, SplitName
from registry.text import example, strictness


class DedupeAgainst(Frozen):
    """`card` is the other card, `splits` those of its splits that count, `threshold` how like a text must be.

    `ngram` is as in `dedupe_near`; it matters where `threshold` is below 1.
    """

    card: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="it is the name of another card")]
    splits: Annotated[tuple[SplitName, ...], Field(min_length=1)] = ("train", "validation", "test")
    threshold: Annotated[float, Field(ge=0.3, le=1)] = 1.0
    ngram: Length | None = None

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = ()

    @property
    def reference(self) -> Reference:
        return Reference(card=self.card, splits=self.splits)

    def bound(self, others: pl.DataFrame) -> "Against":
        return Against(self, others)

    def keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The folded text; null in rows that leave already."""
        return rows.select(text=pl.when(staying()).then(example(rows)))

    def links(self, keys: pl.DataFrame) -> Links:  # noqa: ARG002 - part of the contract
        """RuntimeError: only the op that `bound` gives knows what to compare with."""
        raise RuntimeError(f"dedupe_against was given no rows of {self.card} to compare with")

    def settle(self, rows: pl.DataFrame, links: Links) -> pl.DataFrame:
        rows = rows.hstack(links["rows"])
        equal = pl.when(pl.col("_like") == 1).then(pl.lit("in ")).otherwise(pl.lit("near-duplicate in "))
        reason = pl.concat_str(equal, pl.col("_where"), pl.lit(f" of {self.card}"))
        leaving = staying() & pl.col("_other").is_not_null()
        return rows.with_columns(
            _reason=pl.when(leaving).then(reason).otherwise("_reason"),
            _duplicate_of=pl.when(leaving).then(pl.lit(f"{self.card}:") + pl.col("_other")).otherwise("_duplicate_of"),
            _similarity=pl.when(leaving).then("_like").otherwise("_similarity"),
        ).drop("_other", "_where", "_like")


@dataclass(frozen=True)
class Against:
    """The op with the rows of the other card: `id`, the texts and `_split`."""

    op: DedupeAgainst
    others: pl.DataFrame

    version: ClassVar[int] = DedupeAgainst.version
    libraries: ClassVar[tuple[str, ...]] = DedupeAgainst.libraries
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = DedupeAgainst.examples

    def keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        return self.op.keys(rows)

    def links(self, keys: pl.DataFrame) -> Links:
        """For each row the other card's row that is most like it, its split and how like it is; null where none is."""
        # Of equal texts the row in the strictest split counts, of those the one with the smallest id.
        others = self.others.select("id", "_split", text=example(self.others), rank=strictness())
        others = others.sort("rank", "id").unique("text", keep="first", maintain_order=True)
        found = keys.join(others.with_columns(like=pl.lit(1.0)), on="text", how="left", maintain_order="left")
        if self.op.threshold < 1:
            found = self._nearest(
                found.rename({"id": "same", "_split": "where"}).select("text", "same", "where", "like"), others
            )
        else:
            found = found.select(_other="id", _where="_split", _like="like")
        return {"rows": found}

    def _nearest(self, found: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
        """What is known of rows with an equal text, and for the rest the nearest text."""
        from registry.near.find import between

        texts = found.filter(pl.col("same").is_null())["text"].drop_nulls().unique(maintain_order=True)
        ngram = self.op.ngram
        shingle = Shingle(spaced=ngram, dense=ngram) if ngram else Shingle()
        pairs = (
            between(texts, others["text"], self.op.threshold, shingle)
            .sort("left", "similarity", "right", descending=[False, True, False])
            .unique("left", keep="first", maintain_order=True)
        )
        right = others[pairs["right"]]
        near = pl.DataFrame(
            {"text": texts[pairs["left"]], "id": right["id"], "in": right["_split"], "near": pairs["similarity"]}
        )
        found = found.join(near, on="text", how="left", maintain_order="left")
        return found.select(
            _other=pl.coalesce("same", "id"), _where=pl.coalesce("where", "in"), _like=pl.coalesce("like", "near")
        )

    def settle(self, rows: pl.DataFrame, links: Links) -> pl.DataFrame:
        return self.op.settle(rows, links)
