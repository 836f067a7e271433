"""What a card says of its annotation: the question, how it is answered, by whom, and what the votes must be worth.

Owns the grammar of `annotation:`. Names measures and aggregates, computes none.
"""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, model_validator

from registry.frozen import Frozen, Text, as_written
from registry.sources.local import ProjectPath

Form = Literal["single", "multi", "scale", "spans", "relations", "preference", "text"]
"""How a question is answered: one label, a set of labels, a number on a scale, labelled parts of the text, relations
between such parts, the better of two texts, or words of one's own."""

LABELLED: tuple[Form, ...] = ("single", "preference")
"""Forms whose answer is one label of a closed set."""

Level = Literal["nominal", "ordinal", "interval", "ratio", "jaccard", "masi"]
Ties = Literal["drop", "first", "adjudicate"]
Place = Annotated[Text, Field(min_length=1)]


class Scale(Frozen):
    """The lowest and the highest value an annotator could give."""

    min: float
    max: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.min < self.max:
            raise ValueError("min must be below max")
        return self


def _list_of(value: Any) -> Any:
    """A column's name alone is that of a column with a list of votes in each row."""
    return value if isinstance(value, dict) or value is None else {"list": as_written(value)}


class VotePlaces(Frozen):
    """Where the votes stand: in a list column, in one column per annotator, or in the rows of a table of their own."""

    list: Place | None = None
    """A column with a list of votes in each row; a null in it is a missing vote."""
    by: Place | None = None
    """Beside `list`: a column with the list of who gave them."""
    columns: tuple[Place, ...] | None = None
    """One column per annotator, whose name is the annotator's."""
    source: Text | None = None
    """A source of the card with one row per vote; `item` holds the row's id, `value` the answer."""
    item: Place = "item"
    value: Place = "value"
    annotator: Place | None = None
    """Of `source`; without it the raters are anonymous."""
    time: Place | None = None
    tool: Place | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = [name for name in ("list", "columns", "source") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("votes stand in one of: list (a column), columns (one per annotator), source (a table)")
        allowed = {"list": {"by"}, "columns": set[str](), "source": {"item", "value", "annotator", "time", "tool"}}
        strange = sorted(self.model_fields_set - {given[0]} - allowed[given[0]])
        if strange:
            raise ValueError(f"{', '.join(strange)} says nothing of votes in {given[0]}")
        if self.columns is not None and len(set(self.columns)) < len(self.columns):
            raise ValueError("each annotator has one column; one is named twice")
        return self


class AgreementSpec(Frozen):
    """How much annotators must agree for the labels to count; what is not written is not asked for."""

    measure: Text | None = None
    """One of `bench list measures`; None for the usual one of the form of the answer."""
    level: Level | None = None
    """How far apart two answers are, for measures that ask."""
    at_least: Annotated[float, Field(ge=-1, le=1)] | None = None
    per_label: Annotated[float, Field(ge=-1, le=1)] | dict[str, float] | None = None
    """The least agreement on each label against all others, or on those that are named."""
    min_votes: Annotated[int, Field(ge=1)] | None = None
    """The least number of votes on every row that has any."""
    max_ties: Annotated[float, Field(ge=0, le=1)] | None = None
    """The largest share of rows with votes whose votes decide nothing."""


class Annotation(Frozen):
    """What annotators were asked and how their votes become one answer per row."""

    question: Text
    answer: Form = "single"
    """`scale` where a scale is written and nothing else is said."""
    guidelines: ProjectPath | None = None
    """A file of the project; what stands in it counts in the identity of the version."""
    guidelines_version: Text = ""
    examples: dict[str, tuple[Text, ...]] = {}
    """Examples of each label, shown to annotators."""
    scale: Scale | None = None
    annotators: tuple[Place, ...] = ()
    """Who may annotate; empty for anybody."""
    votes_per_item: Annotated[int, Field(ge=1)] = 1
    """How many annotators are to answer each item."""
    votes: Annotated[VotePlaces, BeforeValidator(_list_of)] | None = None
    """None where votes come from imported layers alone."""
    migrations: dict[str, Text | None] = {}
    """What answers given before labels were renamed or merged are now; null for those that no longer count."""
    agreement: AgreementSpec = AgreementSpec()
    on_failure: Literal["fail", "warn"] = "fail"
    aggregate: Text | None = None
    """One of `bench list aggregates`; None for the usual one of the form of the answer."""
    ties: Ties = "drop"
    """What becomes of a row whose votes decide nothing: it leaves, takes the label that the card names first, or
    leaves until somebody adjudicates."""

    @model_validator(mode="before")
    @classmethod
    def _scaled(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("scale") is not None and "answer" not in data:
            return {**data, "answer": "scale"}
        return data

    @model_validator(mode="after")
    def _scale_fits(self) -> Self:
        if (self.scale is not None) != (self.answer == "scale"):
            raise ValueError("`scale:` belongs to `answer: scale`, and that needs one")
        return self

    @property
    def aggregation(self) -> str:
        """The name of the aggregate that is meant."""
        return self.aggregate or ("mean" if self.answer == "scale" else "majority")


FORMS: tuple[Form, ...] = get_args(Form)
