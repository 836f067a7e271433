"""Tagged sentences: one sentence a line, each token followed by its tag, as in `The/at jury/nn said/vbd`.

A row is a sentence, with the tokens in one list column and the tags in another. The last separator of an item
counts; items are parted by blanks and tabs. A blank line holds no sentence.
"""

import re
from pathlib import Path
from typing import Annotated, ClassVar

import polars as pl
from pydantic import AfterValidator, Field

from registry.errors import UserError, clipped
from registry.frozen import Frozen, Text
from registry.reading.formats import refuse_repeats
from registry.reading.lines import lines


class Tagged(Frozen):
    """A file of sentences, one a line, in items such as `jury/nn`."""

    version: ClassVar[int] = 1
    columns: Annotated[tuple[Text, Text], AfterValidator(refuse_repeats)] = Field(
        default=("tokens", "tags"), description="names of the two columns"
    )
    separator: Annotated[Text, Field(min_length=1)] = Field(default="/", description="between a token and its tag")

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All sentences in order. UserError names the line with an item that has no token or no tag."""
        items = lines(path, encoding).to_frame("line").with_row_index("number", offset=1)
        items = items.with_columns(item=pl.col("line").str.extract_all(r"[^ \t]+"))
        items = items.filter(pl.col("item").list.len() > 0).explode("item")
        token, tag = self.columns
        parts = rf"^(.+){re.escape(self.separator)}(.*)$"
        found = items.select("number", "item", *(pl.col("item").str.extract(parts, n).alias(f"{n}") for n in (1, 2)))
        wrong = found.filter(pl.col("1").is_null() | (pl.col("2") == "")).head(1)
        for number, item in wrong.select("number", "item").iter_rows():
            what = f'"{clipped(item, 60)}" is no token, "{self.separator}" and tag'
            raise UserError(what, where=f"{path}:{number}", do="Check `separator` and `format:`.")
        grouped = found.group_by("number", maintain_order=True).agg(pl.col("1").alias(token), pl.col("2").alias(tag))
        return grouped.select(self.columns)
