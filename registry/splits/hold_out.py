"""Train on some values of a column and test on others: languages, domains, annotators.

Each row goes where its own value says. `validation` has values of its own, or else takes `validation_share` of the
train rows by the hash of their keys, as the default split does. A value that is named nowhere is refused, or leaves
where the card says `others: drop`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from registry.errors import UserError, clipped, plural
from registry.frozen import Frozen, Text
from registry.placing.lottery import fractions

Values = Annotated[tuple[Text, ...], Field(min_length=1)]
SHOWN = 10


class HoldOut(Frozen):
    """`column` is the group too where every split has values of its own, so that the audit proves it."""

    version: ClassVar[int] = 1
    afterwards: ClassVar[bool] = False
    column: Text = Field(description="the column whose values are held out")
    train: Values
    test: Values
    validation: tuple[Text, ...] = ()
    validation_share: float = Field(0.1, ge=0, lt=1, description="the share of train keys, where no value is named")
    others: Literal["refuse", "drop"] = Field("refuse", description="what becomes of values that are named nowhere")
    seed: int = 13
    group: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _grouped(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("column"), str):
            return data
        whole = data.get("validation") or data.get("validation_share") == 0
        return {"group": data["column"], **data} if whole else data

    @model_validator(mode="after")
    def _apart(self) -> Self:
        named = [value for values in self._values().values() for value in values]
        twice = sorted({value for value in named if named.count(value) > 1})
        if twice:
            raise ValueError(f'"{clipped(twice[0])}" is named twice; a value belongs into one split')
        if self.validation and "validation_share" in self.model_fields_set:
            raise ValueError("`validation` names values or `validation_share` takes train rows, one of them")
        return self

    @property
    def outside(self) -> str:
        return f"{self.column} in no split" if self.others == "drop" else ""

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def promised(self) -> tuple[str, ...]:
        return ("train", "validation", "test") if self._share or self.validation else ("train", "test")

    def assign(self, rows: pl.DataFrame) -> pl.Series:
        """By value, and of train keys a share. UserError for values that are named nowhere, unless they leave."""
        values = rows[f"_by_{self.column}"].cast(pl.String)
        where = {value: name for name, named in self._values().items() for value in named}
        split = values.replace_strict(where, default=None, return_dtype=pl.String).alias("split")
        if self.others == "refuse":
            self._refuse(values.filter(split.is_null()))
        if not self._share:
            return split
        validation = (split == "train") & (fractions(rows["_key"], f"hold-out:{self.seed}") < self._share)
        return pl.select(pl.when(validation).then(pl.lit("validation")).otherwise(split).alias("split")).to_series()

    @property
    def _share(self) -> float:
        return 0.0 if self.validation else self.validation_share

    def _values(self) -> dict[str, tuple[str, ...]]:
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def _refuse(self, others: pl.Series) -> None:
        if len(others):
            named = [f'"{clipped(value, 40)}"' for value in others.drop_nulls().unique().sort()[:SHOWN].to_list()]
            shown = ", ".join([*named, *(["no value"] if others.null_count() else [])])
            what = (
                f'{plural(len(others), "row")} have values in the column "{self.column}" that no split names: {shown}'
            )
            raise UserError(what, do="Name them under `train:`, `validation:` or `test:`, or write `others: drop`.")
