"""Votes that were found to the `annotation:` and `labels:` of a drafted card, with what each rests on."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from registry.errors import clipped
from registry.infer.answered import is_fixed
from registry.infer.ballot import Ballot
from registry.infer.emit import value
from registry.infer.profile import MISSING, Profile, by_value
from registry.infer.roles import Roles, noted, require
from registry.infer.votes import ballot
from registry.kinds import TASKS


class Question(NamedTuple):
    """The keys of a card about its votes, and comments by key."""

    annotation: Mapping[str, Any]
    labels: tuple[str, ...] | Mapping[str, Any]
    notes: Mapping[str, tuple[str, ...]]


UNLESS = "If they are no answers to one question, name the column of the label with --label"
CODES = "Where numbers only stand for labels, take the scale out and write these numbers under `labels:`"
NOTHING_ASKED = Question({}, (), {})


def asked_or_labelled(
    found: Profile, chosen: Roles, wished: Mapping[str, str], sources: int
) -> tuple[Roles, Ballot | None]:
    """The roles, without a label where votes make it; a wished label goes before votes. UserError without either."""
    seen = None if "label" in wished else ballot(found, chosen)
    if seen and seen.item and sources > 1:
        seen = None
    if seen and seen.sure:
        return _without_label(chosen, seen), seen
    if seen:
        label = {"label": seen.decided} if seen.decided else {}
        told = {role: noted(role, column) for role, column in label.items()} | {"votes": hint(seen)}
        chosen = chosen._replace(columns={**chosen.columns, **label}, notes={**chosen.notes, **told})
    require((TASKS.get(chosen.task).target,), chosen.columns, found)
    return chosen, None


def _without_label(chosen: Roles, votes: Ballot) -> Roles:
    """Of rows of votes, the id is that of the item, and the group one that an item has throughout."""
    columns = {role: column for role, column in chosen.columns.items() if role != "label"}
    if votes.item:
        group = columns.get("group")
        if group and (group.name in votes.used or not is_fixed(group, votes.item)):
            del columns["group"]
        columns = {"id": votes.item} | {role: column for role, column in columns.items() if role != "id"}
    notes = {role: note for role, note in chosen.notes.items() if columns.get(role) is chosen.columns.get(role, votes)}
    return chosen._replace(columns=columns, notes=notes, answers=False)


def question(found: Ballot, source: str, share: float) -> Question:
    """What the card says; `source` is where rows of votes stand, `share` of its bytes were looked at."""
    places = {"source": source, **found.places} if found.item else found.places
    votes = places["list"] if set(places) == {"list"} else places
    why = (f"votes: {found.why}; {_agreement(found)}. {UNLESS}",)
    asked = (
        "question: write what the annotators were asked",
        "agreement: `agreement: {at_least: ...}` stops a build whose annotators agree less than that",
        "ties: rows whose votes decide nothing leave; `ties: adjudicate` keeps them for somebody to decide",
    )
    if found.form == "scale":
        return _on_a_scale(found, votes, (*why, *asked[:2]), share)
    counts = found.given["vote"].value_counts(name="count").sort("count", "vote", descending=[True, False]).rows()
    first: dict[str, str] = {}
    each = Counter[str]()
    for name, count in counts:
        each[first.setdefault(name.lower(), name)] += count
    same = {name: first[name.lower()] for name, _ in counts if name not in each}
    names = tuple(sorted(each, key=by_value))
    told = [f"labels: votes for each: {', '.join(f'{clipped(name, 40)} {each[name]:,}' for name in names[:20])}"]
    blank = {name: None for name in names if name.lower() in MISSING}
    if blank:
        told.append(f"labels: where one stands for no answer, take it out, and write `migrations: {value(blank)}`")
    text = {"question": "Which label fits this text?", "votes": votes, **({"migrations": same} if same else {})}
    return Question(text, names, {"annotation": (*why, *asked), "labels": tuple(told)})


def hint(found: Ballot) -> str:
    """A comment on votes that are not sure enough to be taken for some."""
    but = ", too little to be sure"
    if found.decided:
        but = f'; column "{clipped(found.decided.name, 60)}" is by its name the outcome'
    return (
        f"votes: {found.why}; {_agreement(found)}{but}. If they are answers of several people, write `annotation:` "
        f"with a question and `votes: {clipped(value(found.places), 200)}` (docs/annotation.md)"
    )


def _on_a_scale(found: Ballot, votes: Any, why: tuple[str, ...], share: float) -> Question:
    numbers = [float(vote) for vote in found.given["vote"].unique()]
    low, high = min(numbers), max(numbers)
    middle = (low + high) / 2
    scale = {"min": _plain(low), "max": _plain(high)}
    part = ", of the rows looked at" if share < 1 else ""
    why = (*why, f"scale: the smallest and the largest vote{part}; write what could be chosen. {CODES}")
    rules = {"low": f"aggregate < {_plain(middle)}", "high": f"aggregate > {_plain(middle)}"}
    told = (
        f"labels: means below and above {_plain(middle)}, the middle of the scale: name them, and choose the bounds",
    )
    text = f"Where from {_plain(low)} to {_plain(high)} does this text stand?"
    return Question(
        {"question": text, "scale": scale, "votes": votes},
        {"from": rules, "else": {"drop": "in the middle"}},
        {"annotation": why, "labels": told},
    )


def _agreement(found: Ballot) -> str:
    alpha = found.alpha
    if math.isnan(alpha):
        return "no two of them are on one item"
    return f"Krippendorff's alpha of the {found.given.height:,} values is {alpha:.2f}"


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() else number
