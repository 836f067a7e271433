"""XML: rows and columns found by XPath.

A column holds the first match of its XPath in document order: the text of an element with all that it
contains, as it is written (normalize-space() trims), an attribute, or a number or truth that the XPath computes.
No match is a missing value. Namespaces are named in `namespaces`, or *[local-name() = 'x'] passes them by.
"""

from pathlib import Path
from typing import Annotated, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from registry.frozen import Frozen, Text
from registry.reading import markup
from registry.reading.formats import utf8


class Xml(Frozen):
    """A document whose repeated elements are rows. Entities and external parts are refused."""

    version: ClassVar[int] = 1
    rows: Text = Field(description="XPath of the row elements, for example //item")
    columns: Annotated[dict[str, Text], Field(min_length=1)] = Field(
        default={"text": "."},
        description="XPath by name, relative to the row: a child, @attribute, ancestor::part/name",
    )
    namespaces: dict[str, Text] | None = Field(default=None, description="addresses by the prefix used in the XPaths")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for xpath in (self.rows, *self.columns.values()):
            if objection := markup.objection(xpath, self.namespaces):
                raise ValueError(f'"{xpath}" {objection}')
        return self

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All rows in order. UserError where the document is broken, or declares or uses entities."""
        with utf8(path, markup.declared(path, encoding)) as text:
            root = markup.xml(text.read_bytes(), str(path))
        return markup.table(root, self.rows, self.columns, self.namespaces, str(path))
