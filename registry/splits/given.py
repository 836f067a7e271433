"""The splits that the source itself declares, in a column: for published benchmarks whose numbers are to be compared.

Nothing but that column decides. Equal texts in two splits still leave all but the strictest, with a reason.
"""

from typing import ClassVar

import polars as pl
from pydantic import Field

from registry.errors import UserError, nearest, plural
from registry.frozen import Frozen, Text
from registry.split import SPLITS


class Given(Frozen):
    """`column` holds train, validation or test in every row."""

    version: ClassVar[int] = 1
    afterwards: ClassVar[bool] = False
    outside: ClassVar[str] = ""
    column: Text = Field(default="split", description="the column that names each row's split")

    @property
    def group(self) -> None:
        """Groups are as the source has them."""

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def promised(self) -> tuple[str, ...]:
        return ("test",)

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        """The column as it stands. UserError where it holds anything but the names of splits."""
        given = rows[f"_by_{self.column}"].cast(pl.String).alias("split")
        other = given.filter(~given.is_in(SPLITS).fill_null(value=False))
        if len(other):
            value = str(other[0] or "")
            what = f'the column "{self.column}" has {plural(len(other), "row")} with no split, such as "{value}"'
            do = f"Name the splits in `select:`: {', '.join(SPLITS)}{nearest(value, SPLITS)}."
            raise UserError(what, do=do)
        return given
