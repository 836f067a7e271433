"""Votes to measure, written as lists; a null is a missing vote, and a place in the list an annotator."""

import numpy as np

from registry.annotation.answers import spelled
from registry.annotation.votes import Votes
from registry.kinds import MEASURES

KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""Four observers, twelve units, missing votes; of Krippendorff 2011."""


def numbers(items, named=True):
    """Votes on a scale."""
    given = [[(who, vote) for who, vote in enumerate(item) if vote is not None] for item in items]
    flat = [pair for item in given for pair in item]
    width = max(map(len, items), default=0)
    return Votes(
        np.array([vote for _, vote in flat], dtype=np.float64),
        np.cumsum([0, *map(len, given)]),
        np.array([who for who, _ in flat], dtype=np.int64) if named else None,
        tuple(f"r{who}" for who in range(width)) if named else (),
    )


def labels(items, answers, named=True):
    """Votes for labels, in the order of `answers`."""
    place = {answer: number for number, answer in enumerate(answers)}
    coded = [[None if vote is None else place[vote] for vote in item] for item in items]
    return numbers(coded, named)._replace(answers=tuple(answers))


def lists(form, items, named=True):
    """Votes that are sets, spans or relations."""
    written = [[None if vote is None else spelled(form, vote) for vote in item] for item in items]
    answers = sorted({vote for item in written for vote in item if vote is not None})
    return labels(written, answers, named)._replace(form=form)


def measure(name, level=None):
    return MEASURES.get(name)() if level is None else MEASURES.get(name)(level=level)


def value(name, votes, level=None):
    found = measure(name, level)
    return float(found.value(found.terms(votes).sum(axis=0)))
