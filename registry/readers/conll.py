"""CoNLL-like files: one token a line with its tags in columns, an empty line between sentences.

A row is a sentence, a column a list with one value per token. White space is blanks and tabs only: other
spaces may be tokens.
"""

from pathlib import Path
from typing import Annotated, ClassVar

import polars as pl
from pydantic import AfterValidator, Field

from registry.errors import UserError, plural
from registry.frozen import Frozen, Text
from registry.reading.formats import refuse_repeats
from registry.reading.lines import lines


class Conll(Frozen):
    """A file of sentences, one token a line."""

    version: ClassVar[int] = 1
    columns: Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(refuse_repeats)] = Field(
        description="names of the columns, in order"
    )
    delimiter: Annotated[Text, Field(min_length=1)] | None = Field(
        default=None, description="what stands between columns; blanks and tabs where it is not given"
    )
    comment: Annotated[Text, Field(min_length=1)] | None = Field(
        default=None,
        description='how comments begin, for example "# "; they stand before the first token of a sentence',
    )

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All sentences in order. UserError names the line with too many or too few columns."""
        frame = lines(path, encoding).to_frame("line").with_row_index("number", offset=1)
        blank = pl.col("line").str.strip_chars(" \t") == ""
        frame = frame.with_columns(sentence=blank.cum_sum()).filter(~blank)
        if self.comment is not None:
            token = ~pl.col("line").str.starts_with(self.comment)
            frame = frame.filter(token.cum_sum().over("sentence") > 0)
        frame = frame.with_columns(fields=self._fields())
        self._refuse_ragged(frame, path)
        values = [pl.col("fields").list.get(index).alias(name) for index, name in enumerate(self.columns)]
        return frame.group_by("sentence", maintain_order=True).agg(values).select(self.columns)

    def _fields(self) -> pl.Expr:
        line = pl.col("line")
        return line.str.extract_all(r"[^ \t]+") if self.delimiter is None else line.str.split(self.delimiter)

    def _refuse_ragged(self, frame: pl.DataFrame, path: Path) -> None:
        wrong = frame.filter(pl.col("fields").list.len() != len(self.columns)).head(1)
        for number, fields in wrong.select("number", "fields").iter_rows():
            what = f"has {plural(len(fields), 'column')}, but {len(self.columns)} are named"
            raise UserError(what, where=f"{path}:{number}", do="Check `columns`, `delimiter` and `comment`.")
