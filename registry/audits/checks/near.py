"""Test rows that are nearly the same as a row of train or validation.

What is measured is how like the whole texts are. A pair that is not as like without the boilerplate of the card is left
out.
"""

from typing import ClassVar

import polars as pl

from registry.audits import overlap
from registry.audits.finding import Bound, Finding, finding, nothing_said
from registry.audits.overlap import Nearness
from registry.audits.rows import testing, training
from registry.errors import UserError


class Near(Nearness):
    """Near duplicates between what models learn from and what they are tested on."""

    version: ClassVar[int] = 2
    violation: ClassVar[bool] = False
    says: ClassVar[str] = "{found} of {looked_at} test rows are nearly the same as a row of train or validation"
    at_most: Bound = None

    def find(self, rows: pl.DataFrame, extra: pl.DataFrame | None = None) -> Finding:  # noqa: ARG002 - texts alone
        compared = overlap.sides(testing(rows), training(rows))
        if compared.one_sided:
            return nothing_said(overlap.ONE_SIDED)
        try:
            found = overlap.near(compared, self)
        except UserError as error:  # so many texts are so much alike that comparing them would not end
            return nothing_said(error.what)
        return finding(found.with_columns(why=pl.lit("nearly the same text")), compared.rows.height)
