"""All cards against all others at once: which test rows of one stand in the training rows of another.

One pass over the rows of all versions: the time grows with their number, not with the pairs of cards. Where more than
some sixty texts are all alike, `registry.near` names one like text of each, so that a near duplicate in a further card
may go untold; equal texts and passages are told of every card.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from registry.audits import contamination, overlap
from registry.audits.contamination import REASONS, Contamination
from registry.audits.finding import FOUND, Finding
from registry.audits.kept import kept
from registry.audits.rows import published_rows, testing, training
from registry.store import Published

ACROSS = pl.Schema([("card", pl.String), ("other_card", pl.String), *FOUND.items()])
"""`id` is a test row of `card`, `other` a training row of `other_card`, and `why` one of REASONS."""


def across(versions: Sequence[Published], terms: Contamination, home: Path) -> pl.DataFrame:
    """Test rows of one card that another trains on, each once for that card, with the reason that weighs most.

    Columns of ACROSS, by card and id. One version a card; UserError where one is damaged.
    """
    ordered = sorted(versions, key=lambda one: str(one.manifest["card"]))
    digests = tuple(one.digest for one in ordered)
    method = identity(terms) | {"cards": [one.manifest["card"] for one in ordered]}
    return kept(home, method, digests, lambda: _found(ordered, terms), ACROSS).found


def identity(terms: Contamination) -> dict[str, Any]:
    """The method and its parameters."""
    return contamination.identity(terms) | {"audit": "across"}


def table(found: pl.DataFrame) -> pl.DataFrame:
    """One line for each card and other card: how many test `rows`, and how many of each reason."""
    counts = [(pl.col("why") == reason).sum().alias(reason) for reason in REASONS]
    return found.group_by("card", "other_card").agg(pl.len().alias("rows"), *counts).sort("card", "other_card")


def known(rows: pl.DataFrame, terms: Contamination) -> pl.DataFrame:
    """The same of rows with `card`, `id`, `split` and `_text`; overlaps inside a card are among what it finds."""
    compared = overlap.sides(testing(rows), training(rows))
    frames = (overlap.equal(compared), overlap.near(compared, terms.near), overlap.in_runs(compared, terms.ngrams).rows)
    told = pl.concat(frame.with_columns(why=pl.lit(why)) for why, frame in zip(REASONS, frames, strict=True))
    first = told.unique(["card", "id", "other_card"], keep="first", maintain_order=True)
    return first.select(ACROSS.names()).sort("card", "other_card", "id")


def _found(versions: Sequence[Published], terms: Contamination) -> Finding:
    rows = pl.concat(published_rows(one).select("card", "id", "split", "_text") for one in versions)
    return Finding(known(rows, terms).filter(pl.col("card") != pl.col("other_card")), rows.height)
