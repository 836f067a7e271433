"""One row per cluster of nearly equal texts, or all of them in one split.

How alike two texts are is the Jaccard similarity of their character n-grams, after NFKC, lower case and white space
are folded; equal texts are nearly equal too. Pairs at `threshold` or above are linked, and rows that are linked,
directly or through others, are one cluster. So a row may be less like the one that stays than the threshold; the
ledger says how like. A row counts in its cluster's links even where it leaves for its label: clusters depend on texts
alone. Which pairs are compared is found by MinHash: of pairs at the threshold itself one in a hundred may be missed,
of more alike ones fewer; every link is verified by the exact similarity.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from registry.clusters import Conflict, agreeing, reduced
from registry.frozen import Frozen
from registry.near.shingle import Length, Shingle
from registry.op import Links, staying
from registry.text import example


class DedupeNear(Frozen):
    """`remove` keeps one row a cluster: the one in the strictest split, of those the one with the smallest id.

    `tie` keeps all rows and puts those of a cluster into one split. `ngram` is the number of characters; without it,
    2 where an n-gram begins with Han or Kana and 5 elsewhere. `conflict` is what happens where the rows of a cluster
    bear different labels: `drop` them all, `pool` their votes (or take the most frequent label), or `refuse`.
    """

    threshold: Annotated[float, Field(ge=0.3, le=1)] = 0.8
    ngram: Length | None = None
    conflict: Conflict = "drop"
    action: Literal["remove", "tie"] = "remove"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (({}, "alone", "alone"),)

    @model_validator(mode="after")
    def _tied_rows_keep_their_labels(self) -> Self:
        if self.action == "tie" and self.conflict == "pool":
            raise ValueError("`conflict: pool` makes one row of several, and `action: tie` keeps them all; choose one")
        return self

    @property
    def shingle(self) -> Shingle:
        return Shingle(spaced=self.ngram, dense=self.ngram) if self.ngram else Shingle()

    def keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The folded text; null in rows that leave already."""
        return rows.select(text=pl.when(staying()).then(example(rows)))

    def links(self, keys: pl.DataFrame) -> Links:
        """`rows`: each row's cluster, null for rows alone, and the place of its text in `texts`, the clustered ones."""
        from registry.near.clustering import clustered

        return clustered(keys["text"], self.threshold, self.shingle)

    def settle(self, rows: pl.DataFrame, links: Links) -> pl.DataFrame:
        clusters = links["rows"]["cluster"]
        if self.action == "tie":
            if self.conflict != "pool":
                rows = agreeing(rows, clusters, self.conflict, "dedupe_near")
            return _tied(rows, clusters)
        settled = reduced(rows, clusters, self.conflict, "dedupe_near")
        return _measured(settled, rows["_reason"].is_null(), links, self.shingle)


def _tied(rows: pl.DataFrame, clusters: pl.Series) -> pl.DataFrame:
    """`_cluster` for staying rows that are not alone; what an earlier op tied stays tied, and ties others to it."""
    from registry.near.clustering import merged

    live = rows["_reason"].is_null()
    return rows.with_columns(_cluster=merged(rows["_cluster"], pl.select(pl.when(live).then(clusters)).to_series()))


def _measured(rows: pl.DataFrame, stayed: pl.Series, links: Links, shingle: Shingle) -> pl.DataFrame:
    """`_similarity` of the rows that left just now for another row to that row."""
    from registry.near.jaccard import similarities

    texts = links["texts"]["text"]
    numbers = rows.select(
        "id", "_duplicate_of", text=links["rows"]["text"], left=stayed & rows["_reason"].is_not_null()
    )
    left = numbers.filter("left", pl.col("_duplicate_of").is_not_null())
    pairs = left.join(numbers.select(_duplicate_of="id", other="text"), on="_duplicate_of", maintain_order="left")
    found = similarities(texts[pairs["text"]], texts[pairs["other"]], shingle)
    measured = pairs.select("id", _measured=pl.Series(found))
    rows = rows.join(measured, on="id", how="left", maintain_order="left")
    return rows.with_columns(_similarity=pl.coalesce("_measured", "_similarity")).drop("_measured")
