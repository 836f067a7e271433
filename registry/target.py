"""The contract of a target: what kind of thing a model of a task must predict, and how it is spelled.

While a card is built, every target is one text, so that answers can be compared, counted and put together whatever
their kind; in published files it has a type of its own.
"""

from typing import ClassVar, Protocol

import polars as pl

from registry.annotation.spec import Form
from registry.errors import UserError

Types = pl.DataType | type[pl.DataType]


class Target(Protocol):
    """One file in `registry/targets`, one class named after it, no state."""

    closed: ClassVar[bool]
    """Whether it is made of labels of a closed set."""
    forms: ClassVar[tuple[Form, ...]]
    """The forms of annotators' answers that come to it."""
    beside: ClassVar[str]
    """The carried column whose lists it must match in length; empty for none."""

    def spelled(self, column: pl.Series) -> pl.Series:
        """A card's column as texts; null where there is no answer. UserError for a column of another type."""

    def read(self, spelled: pl.Series) -> pl.Series:
        """Texts as the published column."""

    def labels(self, spelled: pl.Series) -> pl.Series:
        """The labels that each of these texts holds, as lists. Only closed targets have this."""


def filled(texts: pl.Series) -> pl.Series:
    """Texts, null where there is nothing but white space: an empty field of a CSV is no answer."""
    there = pl.col("text").str.strip_chars() != ""
    return texts.cast(pl.String).to_frame("text").select(pl.when(there).then("text")).to_series()


def spelled_list(lists: pl.Series) -> pl.Series:
    """Lists as JSON, without spaces; null stays null."""
    table = pl.DataFrame({"v": lists})
    spelled = pl.struct("v").struct.json_encode().str.slice(len('{"v":'))
    return table.select(pl.when(pl.col("v").is_not_null()).then(spelled.str.head(-1))).to_series()


def read_list(spelled: pl.Series, inner: Types) -> pl.Series:
    """What `spelled_list` made, as lists again."""
    whole = pl.concat_str(pl.lit('{"v":'), pl.col("v"), pl.lit("}"))
    read = whole.str.json_decode(pl.Struct({"v": pl.List(inner)})).struct.field("v")
    return pl.DataFrame({"v": spelled}).select(read).to_series()


def refuse_type(column: pl.Series, wanted: str, do: str) -> UserError:
    """What to raise for a column of another type."""
    return UserError(f'the column "{column.name}" holds {column.dtype}; {wanted} is needed', do=do)
