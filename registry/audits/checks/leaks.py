"""Labels that something other than meaning gives away: a text's length, its id, how it begins or ends, one token."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
import polars as pl
from pydantic import Field

from registry.audits import measure
from registry.audits.finding import FOUND, Bound, Finding, finding, nothing_said
from registry.audits.rows import halves
from registry.audits.tokens import SYMBOL, TOKEN, tokens
from registry.errors import clipped
from registry.frozen import Frozen
from registry.text import inputs

BINS = 32
"""Numbers are taken in so many bins of like size."""
OPENING, LONGEST = 100, 20_000
"""Characters of a text that are its opening, and that are read of it at all."""
MADE = r"^[0-9a-f]{16}(-[0-9]+)?$"
"""Ids that the build made of contents: they say nothing."""


class Leaks(Frozen):
    """What predicts a label alone, learned on train and measured on the other splits (or on halves, without train).

    A hint: a topic may well have its word. Of larger cards a sample is read, chosen by id.
    """

    version: ClassVar[int] = 2
    violation: ClassVar[bool] = False
    says: ClassVar[str] = "ways to tell a label without reading for meaning: {found}, in {looked_at} rows"
    skill: Annotated[float, Field(gt=0, le=1)] = 0.4
    """From which true positive rate less false positive rate it is told."""
    word_skill: Annotated[float, Field(gt=0, le=1)] = 0.5
    """The same for words, which may well mean the label."""
    rows: Annotated[int, Field(ge=100)] = 20_000
    """Rows that are learned on at most, and measured on at most."""
    at_most: Bound = None

    def find(self, rows: pl.DataFrame, extra: pl.DataFrame | None = None) -> Finding:
        """`extra` columns count each as one more thing that could predict a label."""
        chosen = halves(rows, self.rows)
        if chosen["label"].n_unique() < 2:
            return nothing_said("there are not two labels to tell apart")
        if extra is not None:
            chosen = chosen.join(extra.select("id", pl.exclude("id").name.prefix("_extra_")), on="id", how="left")
        by_value = [leak for leak in _by_value(chosen) if leak.skill.measure >= self.skill]
        by_token = [leak for leak in _by_token(chosen) if leak.skill.measure >= self.word_skill]
        return finding(_lines([*by_value, *by_token], chosen), chosen.height)


class _Leak(NamedTuple):
    """What tells a label, and how well."""

    by: str
    skill: measure.Skill


def _lines(leaks: list[_Leak], rows: pl.DataFrame) -> pl.DataFrame:
    found = []
    for by, one in leaks:
        found.append((one.measure, _why(by, one), rows["id"][one.example], rows["split"][one.example], None, None))
    return pl.DataFrame(found, schema=FOUND, orient="row")


def _why(by: str, one: measure.Skill) -> str:
    """One value bears the numbers where it tells the label alone; else they are those of all values that tell it."""
    label, right, wrong = clipped(one.label, 60), _percent(one.right), _percent(one.wrong)
    if one.most is None:
        return f"{by} tells {label}: {right} of its rows have none or a rare one, {wrong} of all others"
    value = f'"{clipped(one.most.value, 60)}"' if one.most.value.strip() else "an empty value"
    if (one.most.right, one.most.wrong) == (one.right, one.wrong):
        return f"{by} ({value}) tells {label}: {right} of its rows have it, {wrong} of all others"
    most = f"most often {value}: {_percent(one.most.right)}, {_percent(one.most.wrong)}"
    typical = "one that is typical of it, none or a rare one" if one.rare else "one that is typical of it"
    return f"{by} tells {label}: {right} of its rows have {typical}, {wrong} of all others; {most}"


def _percent(share: float) -> str:
    """None and all are said of nothing that is only nearly so."""
    if 0 < share < 0.01:
        return f"{100 * share:.1g}%"
    return "over 99%" if 0.99 < share < 1 else f"{share:.0%}"


def _by_value(rows: pl.DataFrame) -> Iterator[_Leak]:
    for by, values in _values(rows):
        skill = measure.by_value(values, rows["label"], rows["learning"])
        if skill:
            yield _Leak(by, skill)


def _values(rows: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """Everything that equal values of could tell a label."""
    for name in inputs(rows):
        yield f"the length of {name}", _binned(rows[name].str.len_chars(), rows["learning"])
        opening = rows[name].str.slice(0, OPENING).str.to_lowercase()
        yield f"the first word of {name}", opening.str.extract(r"^\s*(\S+)")
        yield f"the last word of {name}", rows[name].str.tail(OPENING).str.to_lowercase().str.extract(r"(\S+)\s*$")
        yield f"the first line of {name}", rows[name].str.slice(0, LONGEST).str.extract(r"^\s*([^\n]*)")
    if not rows["id"].str.contains(MADE).all():
        yield (
            "the number in the id",
            _binned(rows["id"].str.extract(r"([0-9]{1,18})[^0-9]*$").cast(pl.Int64), rows["learning"]),
        )
        yield "the id without its numbers", rows["id"].str.replace_all("[0-9]+", "#")
    for column in (name for name in rows.columns if name.startswith("_extra_")):
        values = rows[column]
        binned = _binned(values, rows["learning"]) if values.dtype.is_numeric() else values.cast(pl.String)
        yield f"the column {clipped(column.removeprefix('_extra_'))}", binned


def _binned(numbers: pl.Series, learning: pl.Series) -> pl.Series:
    """Numbers as ranges that hold about as many learning rows each; few numbers stay as they are."""
    known = numbers.filter(learning).drop_nulls()
    if known.n_unique() <= BINS:
        return numbers.cast(pl.String)
    cuts = np.unique(np.quantile(known.to_numpy(), np.arange(1, BINS) / BINS))
    edges = ["", *(f"{cut:.6g}" for cut in cuts), ""]
    names = [f"{low} to {high}".strip() for low, high in pairwise(edges)]
    places = pl.Series(np.searchsorted(cuts, numbers.fill_null(0).to_numpy(), side="right"))
    return places.replace_strict(range(len(names)), names).set(numbers.is_null(), None)


def _by_token(rows: pl.DataFrame) -> Iterator[_Leak]:
    """One token for each label and place; told where it stands most narrowly."""
    for name in inputs(rows):
        text = rows[name].str.slice(0, LONGEST).str.to_lowercase()
        places = {
            "the opening": text.str.slice(0, OPENING),
            "the header": text.str.extract(r"^\s*((?s).*?\S)[ \t]*\r?\n[ \t]*\r?\n"),
            "the whole": text,
        }
        known = set()
        for place, part in places.items():
            found = tokens(part.fill_null(""), f"{TOKEN}|{SYMBOL}")
            for skill in measure.by_token(found, rows["label"], rows["learning"]):
                told = (skill.most and skill.most.value, skill.label)
                if told not in known:
                    known.add(told)
                    yield _Leak(f"one word in {place} of {name}", skill)
