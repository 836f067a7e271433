"""Test rows of which long runs of words stand in train or validation."""

from typing import ClassVar

import polars as pl

from registry.audits import overlap
from registry.audits.finding import Bound, Finding, finding, nothing_said
from registry.audits.overlap import Runs
from registry.audits.rows import testing, training
from registry.errors import plural


class Ngrams(Runs):
    """Passages that what models learn from and what they are tested on share; boilerplate does not count."""

    version: ClassVar[int] = 1
    violation: ClassVar[bool] = False
    says: ClassVar[str] = "{found} of {looked_at} test rows share most of their passages with train or validation"
    at_most: Bound = None

    def find(self, rows: pl.DataFrame, extra: pl.DataFrame | None = None) -> Finding:  # noqa: ARG002 - texts alone
        compared = overlap.sides(testing(rows), training(rows))
        if compared.one_sided:
            return nothing_said(overlap.ONE_SIDED)
        found = overlap.in_runs(compared, self)
        note = f"{plural(found.short, 'test row')} too short, or boilerplate throughout: `near` is for those"
        why = found.rows.with_columns(why=pl.lit("most of its passages"))
        return finding(why, compared.rows.height, note if found.short else "")
