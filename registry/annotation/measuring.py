"""What is measured of a card's votes: agreement of all, by label, pair and annotator, and where it is worst.

Owns which measure is usual for which form of answers, and the JSON that a manifest holds. Judges nothing: that is
`registry.gate`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from registry.annotation.agreement import agreed, costs
from registry.annotation.labelwise import by_label
from registry.annotation.measure import Measure
from registry.annotation.pairing import MOST_ANNOTATORS, most_busy, pairs, with_others
from registry.annotation.spec import AgreementSpec, Annotation, Form, Level
from registry.annotation.votes import ANONYMOUS, Votes
from registry.errors import UserError, clipped
from registry.kinds import AGGREGATES, MEASURES

LEVELS: dict[Form, tuple[Level, ...]] = {
    "single": ("nominal", "ordinal", "interval"),
    "preference": ("nominal",),
    "scale": ("interval", "ordinal", "ratio", "nominal"),
    "multi": ("masi", "jaccard", "nominal"),
}
"""The levels that mean something for a form, the usual one first."""
USUAL: dict[Form, str] = {
    **dict.fromkeys(LEVELS, "krippendorff-alpha"),
    **dict.fromkeys(("spans", "relations"), "span-f1"),
    "text": "percent",
}
"""The measure of a card that names none."""
SETS: tuple[Level, ...] = ("jaccard", "masi")

WORST = 10
"""Items and pairs of annotators that are told."""
MOST_SHOWN = 20
"""Votes on an item that are told."""
MOST_TOLD = 100
"""Annotators that are told, those with the most votes."""


class Chosen(NamedTuple):
    """A measure by its name, and the level that it was made with; empty where it has none."""

    name: str
    level: str
    measure: Measure


def chosen(form: Form, spec: AgreementSpec | None = None) -> Chosen:
    """The measure that a card means. UserError where it is not for answers of this form, or not at this level."""
    asked = spec or AgreementSpec()
    name = asked.measure or USUAL[form]
    kind = MEASURES.get(name)
    if form not in kind.forms:
        raise UserError(f"{name} is not for answers of `{form}`", do=f"For these: {', '.join(measures_of(form))}.")
    levels = levels_of(form, name)
    if not levels:
        if asked.level is not None:
            raise UserError(f"{name} has no levels", do="Leave `level:` out.")
        return Chosen(name, "", kind())
    level = asked.level or levels[0]
    if level not in levels:
        what = f"{name} of answers of `{form}` has no level {level}"
        raise UserError(what, do=f"It has: {', '.join(levels)}.")
    return Chosen(name, level, kind(level=level))


def measures_of(form: Form) -> tuple[str, ...]:
    """The measures for answers of a form."""
    return tuple(name for name in MEASURES.names() if form in MEASURES.get(name).forms)


def levels_of(form: Form, name: str) -> tuple[Level, ...]:
    """The levels of a measure for answers of a form, the usual one first."""
    return tuple(level for level in LEVELS.get(form, ()) if level in MEASURES.get(name).levels)


def measured(rows: pl.DataFrame, annotation: Annotation, labels: Sequence[str] | None) -> dict[str, Any]:
    """All that a manifest says of the agreement of `rows` (id, votes, maybe annotators), as plain JSON.

    In order of id, for the intervals. `labels` are the card's; None where it names none.
    """
    rows = rows.sort("id")
    votes, found = Votes.from_columns(rows, labels, annotation.answer), chosen(annotation.answer, annotation.agreement)
    ties, overall = _ties(votes), agreed(found.measure, votes)
    return {
        "measure": found.name,
        "level": found.level,
        **overall._asdict(),
        "per_label": _of_labels(found, votes, labels),
        "pairs": _pairs(found.measure, votes),
        "annotators": _annotators(found.measure, votes),
        "anonymous": int((votes.annotators == ANONYMOUS).sum()) if votes.annotators is not None else len(votes.values),
        "votes_per_item": _votes_per_item(votes),
        **({} if ties is None else {"ties": ties}),
        "worst_items": [] if overall.value is None else _worst_items(found.measure, votes, rows["id"]),
    }


def _of_labels(found: Chosen, votes: Votes, labels: Sequence[str] | None) -> dict[str, Any]:
    """Each label against all others. Sets are held label by label, so that their measures become the nominal alpha."""
    measure = found.measure
    if found.level in SETS or found.name in SETS:
        measure = MEASURES.get("krippendorff-alpha")(level="nominal")
    # The labels of a card may be those of the parts that relations join, not their types.
    about = by_label(votes, None if votes.form == "relations" else labels)
    return {label: agreed(measure, one)._asdict() for label, one in about}


def _pairs(measure: Measure, votes: Votes) -> dict[str, Any]:
    """How many pairs of annotators share items, of those that were looked at, and the worst with their intervals."""
    values = [agreed(measure, pair.votes, resamples=0).value for pair in pairs(votes)]
    known = sorted((value, number) for number, value in enumerate(values) if value is not None)
    worst = {number for _, number in known[:WORST]}
    told = [
        {**dict(zip(("first", "second"), pair.votes.names, strict=True)), **agreed(measure, pair.votes)._asdict()}
        for number, pair in enumerate(pairs(votes))
        if number in worst
    ]
    return {
        "count": len(known),
        "annotators": len(most_busy(votes, MOST_ANNOTATORS)),
        "of_annotators": len(votes.names),
        "worst": sorted(told, key=lambda one: float(str(one["value"]))),
    }


def _annotators(measure: Measure, votes: Votes) -> list[dict[str, Any]]:
    """The annotators with the most votes: how many each gave, and the agreement of these with votes of others."""
    return [
        {
            "name": votes.names[one],
            "votes": int((votes.annotators == one).sum()),
            "value": agreed(measure, with_others(votes, one), resamples=0).value,
        }
        for one in most_busy(votes, MOST_TOLD).tolist()
    ]


def _votes_per_item(votes: Votes) -> dict[str, Any]:
    """The least, the median and the most votes of items that have any, and how many items have how many."""
    sizes, items = np.unique(votes.counts, return_counts=True)
    some = votes.counts[votes.counts > 0]
    least, median, most = (int(some.min()), float(np.median(some)), int(some.max())) if len(some) else (0, 0.0, 0)
    counts = {str(size): int(count) for size, count in zip(sizes, items, strict=True)}
    return {"min": least, "median": median, "max": most, "items": counts}


def _ties(votes: Votes) -> float | None:
    """The share of items with votes whose majority decides nothing; None for forms that have no majority."""
    majority = AGGREGATES.get("majority")
    if votes.form not in majority.forms:
        return None
    voted = int((votes.counts > 0).sum())
    return float(majority().combine(votes, "drop").tied.sum()) / max(voted, 1)


def _worst_items(measure: Measure, votes: Votes, ids: pl.Series) -> list[dict[str, Any]]:
    """The items without which agreement would be highest, those that cost most first, with their votes."""
    cost = costs(measure if measure.raters is None else chosen(votes.form).measure, votes)
    order = np.argsort(-cost, kind="stable")[:WORST]
    return [
        {"id": str(ids[item]), "votes": _told(votes, item)[:MOST_SHOWN], "of_votes": int(votes.counts[item])}
        for item in order.tolist()
        if cost[item] > 0
    ]


def _told(votes: Votes, item: int) -> list[float | str]:
    """The votes on an item as a reader knows them."""
    values = votes.values[votes.offsets[item] : votes.offsets[item + 1]].tolist()
    return [clipped(votes.answers[int(value)]) for value in values] if votes.answers else values
