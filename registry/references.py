"""Published versions of other cards that a card's own rows are compared with, though it takes no rows from them.

A reference is an input of the build as a source is: it is part of the build key and of `cards.lock`, and it is fetched
offline only from the store. `select:` does not see it. It follows the other card: when that gives another version,
this card is built anew.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, runtime_checkable

from registry.errors import UserError
from registry.frozen import Frozen
from registry.reading.formats import Guess
from registry.source import FetchContext, Fetched, Pin

if TYPE_CHECKING:
    import polars as pl

    from registry.card import DatasetCard, OpSpec
    from registry.op import TableOp

SPLIT_COLUMN = "_split"
SplitName = Literal["train", "validation", "test"]


class Reference(Frozen):
    """Some splits of the version that another card gives as it stands; a source that no card writes under `sources`."""

    live: ClassVar[bool] = True
    card: str
    splits: tuple[SplitName, ...]

    @property
    def file_name(self) -> None:
        """A version is looked up in its own store."""

    @property
    def default_format(self) -> Guess:
        return Guess("parquet", {})

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The named splits that hold rows, each under its name; none where all are empty."""
        from registry.sources.version import Version

        if context.version_of is None:
            raise UserError("is not built yet", where=self.describe(), do=f"Run `bench build {self.card}`.")
        published = context.version_of(self.card)
        held = [name for name in self.splits if published.manifest["splits"][name]["rows"]]
        version = {"card": self.card, "digest": published.digest}
        found = [Version(**version, split=name).fetch(context, pin).files for name in sorted(held)]
        return Fetched(tuple(file for files in found for file in files))

    def describe(self) -> str:
        return f"{', '.join(self.splits)} of {self.card}"


@runtime_checkable
class Referring(Protocol):
    """An op that compares rows with those of another card."""

    @property
    def reference(self) -> Reference: ...

    def bound(self, others: "pl.DataFrame") -> "TableOp":
        """The op that knows the other card's rows: as published, with `_split`. The card's own op knows none."""


def bound(card: "DatasetCard", raw: Mapping[str, Fetched], where: str) -> "tuple[OpSpec, ...]":
    """The cleaning ops of a card, each with the rows that it compares with. `raw` has the files of all its inputs.

    UserError where the other card has not the columns that this one's task reads.
    """
    from registry.kinds import TASKS

    columns = TASKS.get(card.task).inputs
    return tuple(
        spec.model_copy(update={"op": spec.op.bound(_rows(raw[name_of(spec)], columns, spec, where))})
        if isinstance(spec.op, Referring)
        else spec
        for spec in card.clean
    )


def name_of(spec: "OpSpec") -> str:
    """What the lock and messages call the input that an op refers to; no source can be called so."""
    return f"{spec.name} {spec.op.reference.card} ({', '.join(spec.op.reference.splits)})"


def _rows(fetched: Fetched, columns: Sequence[str], spec: "OpSpec", where: str) -> "pl.DataFrame":
    """The id, the texts and the split of each row of the other card."""
    import polars as pl

    frames = [pl.DataFrame(schema=dict.fromkeys(("id", *columns, SPLIT_COLUMN), pl.String))]
    for file in fetched.files:
        schema = pl.read_parquet_schema(file.path)
        missing = [name for name in columns if name not in schema]
        if missing:
            what = f'{spec.op.reference.card} has no column "{missing[0]}", which the task of this card reads'
            raise UserError(what, where=f"{where}  clean > {spec.name}", do="Name a card of the same kind of task.")
        read = pl.read_parquet(file.path, columns=["id", *columns])
        frames.append(read.select(pl.all().cast(pl.String), pl.lit(file.name).alias(SPLIT_COLUMN)))
    return pl.concat(frames)
