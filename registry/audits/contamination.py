"""Which training rows of one version stand, wholly, nearly or in long passages, in the test split of another.

A function of two versions, named by their digests, and of its parameters: what a mixture leaves out because of it is
part of a run's identity, never of a hidden state.
"""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from registry.audits import overlap
from registry.audits.finding import Finding, finding
from registry.audits.kept import kept
from registry.audits.overlap import Nearness, Runs
from registry.audits.rows import published_rows, testing, training
from registry.frozen import Frozen
from registry.identity import part
from registry.store import Published

REASONS = ("exact", "near", "ngrams")
"""Why a row is known, the weightiest first."""


class Contamination(Frozen):
    """When a training row counts as known from a test split."""

    version: ClassVar[int] = 2
    near: Nearness = Nearness()
    ngrams: Runs = Runs()


def contaminated(train: Published, test: Published, terms: Contamination, home: Path) -> pl.DataFrame:
    """The rows of `train` to leave out where `test` is evaluated on, each with the reason that weighs most.

    Columns `id`, `split`, `reason` ("exact", "near" or "ngrams"), `other` (the test row) and `measure` (the Jaccard
    similarity; for ngrams the share of the test row's passages that all such training rows hold together).
    UserError where a version is damaged.
    """
    method, digests = identity(terms), (train.digest, test.digest)
    found = kept(home, method, digests, lambda: between(published_rows(train), published_rows(test), terms)).found
    return found.select("id", "split", "other", "measure", reason="why")


def identity(terms: Contamination) -> dict[str, Any]:
    """What goes into the identity of a run, beside the two digests."""
    return {"audit": "contamination", "version": terms.version, **part(terms)}


def between(train: pl.DataFrame, test: pl.DataFrame, terms: Contamination) -> Finding:
    """The same of rows as `registry.audits.rows.together` gives them."""
    ours, theirs = training(train), testing(test)
    compared = overlap.sides(ours, theirs)
    holders = overlap.in_runs(overlap.sides(theirs, ours), terms.ngrams).holders
    frames = (overlap.equal(compared), overlap.near(compared, terms.near), holders)
    told = pl.concat(frame.with_columns(why=pl.lit(why)) for why, frame in zip(REASONS, frames, strict=True))
    first = told.unique("id", keep="first", maintain_order=True)
    return finding(first, ours.height)
