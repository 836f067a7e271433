"""Votes as they are about one label, against all others: its own agreement may be far from that of all labels."""

from collections.abc import Iterator, Sequence

import numpy as np

from registry.annotation.parts import LISTS, coded, parts
from registry.annotation.spec import LABELLED
from registry.annotation.votes import Votes

OTHERS = ""
"""Stands for all other labels."""


def by_label(votes: Votes, labels: Sequence[str] | None = None) -> Iterator[tuple[str, Votes]]:
    """Each label (by default those that votes hold) with the votes about it.

    One label, or one of a set: whether a vote has it. Spans and relations: those with the label. Numbers and words of
    one's own have no labels.
    """
    if votes.form not in (*LABELLED, *LISTS):
        return
    found, given = parts(votes), votes.values.astype(np.int64)
    names, owners, size = np.array(found.labels, dtype=object), found.owners, len(votes.answers)
    for label in labels if labels is not None else sorted(set(found.labels)):
        own = (names == label)[found.places]
        if votes.form in ("spans", "relations"):
            values, answers = coded(found.spelled(owners[own], found.places[own], size))
            yield label, votes._replace(values=values[given], answers=answers)
        else:
            holds = np.bincount(owners[own], minlength=size) > 0
            values, answers = holds[given].astype(np.float64), (OTHERS, label)
            yield label, votes._replace(values=values, answers=answers, form="single")
