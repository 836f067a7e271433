"""Votes as they are about one label, against all others: its own agreement may be far from that of all labels."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from registry.annotation.spec import LABELLED, Form
from registry.annotation.votes import BoolArray, Votes
from registry.digest import canonical

OTHERS = ""
"""Stands for all other labels."""


def by_label(votes: Votes, form: Form, labels: Sequence[str] | None = None) -> Iterator[tuple[str, Votes]]:
    """Each label (by default those that votes hold) with the votes about it.

    One label, or one of a set: whether a vote has it. Spans and relations: those with the label. Numbers and words of
    one's own have no labels.
    """
    if form in LABELLED:
        place = {answer: number for number, answer in enumerate(votes.answers)}
        for label in labels if labels is not None else votes.answers:
            yield label, _whether(votes, votes.values == place.get(label, -1), label)
    elif form in ("multi", "spans", "relations"):
        holding = _holding(votes.answers)
        for label in labels if labels is not None else sorted(holding):
            own = holding.get(label, {})
            if form == "multi":
                holds = np.zeros(len(votes.answers), dtype=np.bool_)
                holds[list(own)] = True
                yield label, _whether(votes, holds[votes.values.astype(np.int64)], label)
            else:
                yield label, _only(votes, {answer: canonical(parts) for answer, parts in own.items()})


def _holding(answers: Sequence[str]) -> dict[str, dict[int, list[object]]]:
    """By label, the answers that hold it, and the parts of each that have it."""
    found: dict[str, dict[int, list[object]]] = defaultdict(lambda: defaultdict(list))
    for number, answer in enumerate(answers):
        for part in json.loads(answer):
            found[part if isinstance(part, str) else part[-1]][number].append(part)
    return found


def _whether(votes: Votes, holds: BoolArray, label: str) -> Votes:
    return votes._replace(values=holds.astype(np.float64), answers=(OTHERS, label))


def _only(votes: Votes, spelled: dict[int, str]) -> Votes:
    """The votes with these spellings instead of their answers; all other answers hold nothing."""
    answers = ("[]", *dict.fromkeys(spelled.values()))
    place = {answer: number for number, answer in enumerate(answers)}
    now = np.zeros(max(1, len(votes.answers)))
    now[list(spelled)] = [place[answer] for answer in spelled.values()]
    return votes._replace(values=now[votes.values.astype(np.int64)], answers=answers)
