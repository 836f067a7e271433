"""The typed dataset card and its parts. Owns the grammar; `registry.cardfile` turns YAML into it.

Parts that have kinds (sources, formats, ops, split methods) are values of the classes in their folders.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from registry.annotation.guidelines import Guidelines
from registry.annotation.spec import Annotation
from registry.frozen import Frozen, Text
from registry.kinds import READERS, TASKS
from registry.reading.encodings import known
from registry.references import Referring, name_of

Kind = Literal["general", "vertical", "task"]
NAME = "a name has at most 64 small letters, digits and hyphens"
LANGUAGE = "a language is a code such as en, zh or pt-BR"
SHA256 = "a sha256 has 64 digits of 0-9 and a-f"
DATE = "a date is a year, a month or a day: 2014, 2014-06 or 2014-06-02"
URL = "a page begins with https:// or http://"

Name = Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description=NAME)]
GUIDELINES = "annotation guidelines"
LANGUAGE_CODE = "[a-z]{2,3}(-[A-Za-z0-9]+)*"
Language = Annotated[Text, Field(pattern=f"^{LANGUAGE_CODE}$", description=LANGUAGE)]


class License(Frozen):
    """`spdx` is an SPDX id, `NOASSERTION` where none is stated. `use` says what the note restricts it to."""

    spdx: Annotated[Text, Field(min_length=1)]
    use: Literal["any", "research", "non-commercial"] = "any"
    note: Text = ""


class SourceSpec(Frozen):
    """Where one table comes from: the source, the member inside it, how it is read."""

    origin: Any
    """A value of one of `registry/sources`."""
    origin_kind: str
    sha256: Annotated[Text, Field(pattern=r"^[0-9a-f]{64}$", description=SHA256)] | None = None
    path: Text | None = None
    """Members inside an archive; `!` enters a nested archive."""
    reader: Any = None
    """A value of one of `registry/readers`; None where the file name tells the format."""
    reader_kind: str = ""
    encoding: Annotated[Text | tuple[Text, ...], BeforeValidator(known)] = "utf-8"
    """One encoding; several, of which the first that fits a file is taken; or `detect`."""
    file_column: Text | None = None
    """The column that holds the name of the file or archive member that a row was read from; None for none."""


class OpSpec(Frozen):
    """One cleaning step, bound to its parameters."""

    name: str
    op: Any


class SplitSpec(Frozen):
    """A split method, bound to its parameters."""

    method: str
    split: Any


class AuditSpec(Frozen):
    """One audit that the build runs on what it is about to publish, bound to its parameters."""

    name: str
    audit: Any


class Drop(Frozen):
    drop: Annotated[Text, Field(min_length=1)]


class Labels(Frozen):
    """The closed label set, in order; with rules, labels come from `aggregate` instead of a column."""

    names: tuple[Text, ...]
    rules: dict[str, str] = {}
    otherwise: str | None = None
    """The reason with which rows that no rule takes leave; None where every row must fit a rule."""


class AnchorSpec(Frozen):
    """A published value that a run of `model` on this card should reproduce."""

    model: Name
    metric: Text
    value: float
    tolerance: Annotated[float, Field(gt=0)]
    source: Text
    per_class: Annotated[int, Field(ge=1)] | None = None
    """How many training rows of each label the model learnt from; None for all of the train split."""


class DatasetCard(Frozen):
    """What data, what question, what the labels mean, how it is split."""

    name: Name
    title: Annotated[Text, Field(min_length=1)]
    description: Text = ""
    kind: Kind
    domain: Text = ""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    license: License
    citation: Text = ""
    creators: tuple[Text, ...] = ()
    """People or organisations that made the data."""
    published: Annotated[Text, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", description=DATE)] | None = None
    url: Annotated[Text, Field(pattern=r"^https?://[^\s]+$", description=URL)] | None = None
    """The page where the data is described."""
    superseded_by: Name | None = None
    """The card to use instead."""
    deprecated: Text = ""
    """Why the card should no longer be used; empty where it may be."""
    task: str
    sources: dict[str, SourceSpec]
    select: Text | None = None
    collection: Text | None = None
    """A second SELECT over the sources, for tasks that search or recommend: `id` and `text` of each document."""
    annotation: Annotation | None = None
    labels: Labels | None = None
    """None where the label column's own values, sorted, are the label set."""
    clean: tuple[OpSpec, ...] = ()
    split: SplitSpec
    audit: tuple[AuditSpec, ...] = ()
    """Audits of the written rows; what they find stands in the manifest."""
    margin: Annotated[float, Field(gt=0, lt=1)] | None = None
    """The smallest difference between two models that the card claims to tell apart."""
    metrics: tuple[str, ...] = ()
    """Empty where the task's own metrics are meant."""
    anchors: tuple[AnchorSpec, ...] = ()

    @property
    def references(self) -> dict[str, SourceSpec]:
        """Versions of other cards that ops compare rows with; `select:` does not see them."""
        return {
            name_of(spec): SourceSpec(
                origin=spec.op.reference, origin_kind="version", reader=READERS.get("parquet")(), reader_kind="parquet"
            )
            for spec in self.clean
            if isinstance(spec.op, Referring)
        }

    @property
    def alone(self) -> Self:
        """The card without the steps that compare its rows with those of other cards."""
        return self.model_copy(update={"clean": tuple(one for one in self.clean if not isinstance(one.op, Referring))})

    @property
    def vote_columns(self) -> tuple[str, ...]:
        """The columns of its own rows that hold votes, or say who gave them."""
        places = self.annotation.votes if self.annotation else None
        if places is None:
            return ()
        return tuple(name for name in (places.list, places.by, *(places.columns or ())) if name is not None)

    @property
    def has_label_column(self) -> bool:
        """Whether the label of a row can come from nowhere but a column."""
        scored = TASKS.get(self.task).answer == "number"
        by_votes = self.annotation is not None and (scored or self.annotation.answer != "scale")
        return not (by_votes or (self.labels and self.labels.rules))

    @property
    def label_may_be_there(self) -> bool:
        """Whether a label column, if there is one, stands for rows that nobody voted on: where votes are imported."""
        return self.annotation is not None and self.annotation.votes is None

    @property
    def instructions(self) -> dict[str, SourceSpec]:
        """The guidelines that annotators had, under a name that no source has."""
        if self.annotation is None or self.annotation.guidelines is None:
            return {}
        file, reader = Guidelines(path=self.annotation.guidelines), READERS.get("text")()
        return {GUIDELINES: SourceSpec(origin=file, origin_kind="guidelines", reader=reader, reader_kind="text")}

    @property
    def inputs(self) -> dict[str, SourceSpec]:
        """All that has to be fetched before the card can be built."""
        return {**self.sources, **self.references, **self.instructions}

    @property
    def cautions(self) -> tuple[str, ...]:
        """What whoever uses the data should be told: whom its licence serves, and that there is a better card."""
        use = self.license.use
        found = (
            f"{use} use only{f' ({self.license.note})' if self.license.note else ''}" if use != "any" else "",
            f"deprecated: {self.deprecated}" if self.deprecated else "",
            f"superseded by {self.superseded_by}" if self.superseded_by else "",
        )
        return tuple(caution for caution in found if caution)
