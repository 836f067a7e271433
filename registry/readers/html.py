"""HTML: rows and columns found by XPath, in pages as browsers take them, broken ones too.

A column holds the first match of its XPath, as in `xml`. Script, style and comments are no text; a paragraph,
a table cell, a line break and the like end with a line end.
"""

from pathlib import Path
from typing import Annotated, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from registry.frozen import Frozen, Text
from registry.reading import markup
from registry.reading.formats import utf8


class Html(Frozen):
    """A page whose repeated elements are rows."""

    version: ClassVar[int] = 1
    rows: Text = Field(description="XPath of the row elements, for example //p")
    columns: Annotated[dict[str, Text], Field(min_length=1)] = Field(
        default={"text": "."}, description="XPath by name, relative to the row: a child, @id, count(preceding::p) + 1"
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for xpath in (self.rows, *self.columns.values()):
            if objection := markup.objection(xpath):
                raise ValueError(f'"{xpath}" {objection}')
        return self

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All rows in order; a page without any has none."""
        with utf8(path, markup.declared(path, encoding)) as text:
            root = markup.html(text.read_bytes(), str(path))
        return markup.table(root, self.rows, self.columns, None, str(path))
